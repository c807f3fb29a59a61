//! `/get_projects`: platforms with their projects, for installers that offer a choice (D-OP-02).
//!
//! `[{"platform": "Linux", "projects": [{"name": "school-12"}]}]`

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use crate::app::{App, chain};
use crate::domain::project::Project;

#[derive(Debug, Serialize)]
struct PlatformProjects {
    platform: String,
    projects: Vec<Name>,
}

#[derive(Debug, Serialize)]
struct Name {
    name: String,
}

/// Answers without a login: the names of projects stand in public addresses anyway.
pub async fn list(app: Data<App>) -> HttpResponse {
    match app.public_projects().await {
        Ok(projects) => HttpResponse::Ok().json(by_platform(projects)),
        Err(error) => {
            tracing::error!(error = chain(&error), "projects could not be listed");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Groups projects, which come by name, under their platforms, by name.
fn by_platform(projects: Vec<Project>) -> Vec<PlatformProjects> {
    let mut groups = std::collections::BTreeMap::<String, Vec<Name>>::new();
    for project in projects {
        groups.entry(project.platform.name).or_default().push(Name { name: project.name });
    }
    groups.into_iter().map(|(platform, projects)| PlatformProjects { platform, projects }).collect()
}
