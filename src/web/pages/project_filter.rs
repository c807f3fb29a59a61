//! The filter of lists by project: addresses name it by its id, which stays when it is renamed.

use crate::catalogue::Lang;
use crate::domain::project::Project;
use crate::t;
use crate::web::components::filters::Filter;
use crate::web::components::form::Choice;
use crate::web::urls::Query;

/// The filter, with every project to choose from.
pub fn filter(lang: Lang, projects: &[Project]) -> Filter {
    let options = projects.iter().map(|project| Choice::new(project.id, project.name.as_str()));
    Filter::Choice { name: "project", label: t!(lang, "field-project"), options: options.collect() }
}

/// The name of the chosen project, for operations that take names; what is none stands as it is,
/// for the operation to refuse.
pub fn chosen(query: &Query, projects: &[Project]) -> Option<String> {
    let id = query.find("project").filter(|text| !text.is_empty())?;
    let project = projects.iter().find(|project| project.id.to_string() == id);
    Some(project.map_or_else(|| id.to_owned(), |project| project.name.clone()))
}

#[cfg(test)]
mod tests {
    use crate::web::tests::visitor::Visitor;

    #[actix_web::test]
    async fn d_ui_01_the_lists_of_a_project_open_from_its_page() {
        let visitor = Visitor::of("admin").await.with_computers().await;
        let projects = visitor.page("/projects").await;
        let link = regex::Regex::new(r#"href="(/projects/\d+)""#).unwrap();
        let project = visitor.page(&link.captures(&projects).unwrap()[1]).await;
        let lists = regex::Regex::new(r#"href="(/[a-z]+\?project=\d+)["&]"#).unwrap();
        let lists: Vec<&str> =
            lists.captures_iter(&project).map(|found| found.get(1).unwrap().as_str()).collect();
        assert_eq!(lists.len(), 7, "{lists:?}");
        for list in lists {
            let page = visitor.page(list).await;
            let chosen = format!("value=\"{}\" selected", &list[list.find('=').unwrap() + 1..]);
            assert!(page.contains(&chosen), "{list} does not show what it is filtered by");
        }
    }
}
