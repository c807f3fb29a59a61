//! The catalogue of applications (8.1): what users are offered, and what policies install.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::application::{Category, Level, MAX_NAME, image_type};
use crate::domain::deployment::unusable_token;
use crate::domain::ids::{ApplicationId, AttributeId, ComputerId, ProjectId};
use crate::domain::text::normalise_lines;
use crate::storage::catalogue::{self, Fields};
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Thing;
use crate::storage::{ReadTx, projects};

pub use crate::storage::catalogue::{ApplicationRow, Filter, Icon};

use super::actor::Actor;
use super::attributes::find_named;
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// Largest icon, in bytes.
pub const MAX_ICON: usize = 256 << 10;
/// What an application shows until it is given an icon.
const PLAIN_ICON: &[u8] = include_bytes!("../../assets/catalogue/application.png");

/// What is typed about an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationForm {
    pub name: String,
    #[serde(default = "accessories")]
    #[schema(value_type = String)]
    pub category: Category,
    #[serde(default = "user")]
    #[schema(value_type = String)]
    pub level: Level,
    /// 1 to 5.
    #[serde(default = "one")]
    pub score: u8,
    /// Markdown.
    #[serde(default)]
    pub description: String,
    /// `PREFIX-value` of each.
    #[serde(default)]
    pub available_for_attributes: Vec<String>,
    /// Package list by name of the project.
    #[serde(default)]
    pub packages: BTreeMap<String, String>,
}

fn accessories() -> Category {
    Category::Accessories
}

fn user() -> Level {
    Level::User
}

fn one() -> u8 {
    1
}

impl From<ApplicationRow> for ApplicationForm {
    fn from(row: ApplicationRow) -> Self {
        let names = row.available_for_attributes.into_iter().map(|named| named.name);
        Self {
            name: row.name,
            category: row.category,
            level: row.level,
            score: row.score,
            description: row.description,
            available_for_attributes: names.collect(),
            packages: row.packages,
        }
    }
}

/// A form whose names were found.
struct Checked {
    form: ApplicationForm,
    available_for: Vec<AttributeId>,
    packages: BTreeMap<ProjectId, String>,
}

impl App {
    /// Lists applications by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn applications(
        &self,
        actor: &Actor,
        filter: Filter,
    ) -> Result<Vec<ApplicationRow>, AppError> {
        actor.permit(Model::Application, Action::View)?;
        self.storage().read(move |tx| Ok(catalogue::list(tx, &filter)?)).await
    }

    /// Lists what a computer is offered, the most relevant first (D-APP-01).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to view computers and applications,
    /// [`AppError::NotFound`].
    pub async fn offered_applications(
        &self,
        actor: &Actor,
        computer: ComputerId,
    ) -> Result<Vec<ApplicationRow>, AppError> {
        actor.permit(Model::Application, Action::View)?;
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            if !tx.contains(Thing::Computer, computer.0)? {
                return Err(AppError::not_found("computer", format!("CID-{computer}")));
            }
            Ok(catalogue::offered(tx, computer)?)
        })
        .await
    }

    /// Returns an application.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn application(
        &self,
        actor: &Actor,
        id: ApplicationId,
    ) -> Result<ApplicationRow, AppError> {
        actor.permit(Model::Application, Action::View)?;
        self.storage().read(move |tx| Ok(catalogue::get(tx, id)?)).await
    }

    /// Returns the icon of an application.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn application_icon(
        &self,
        actor: &Actor,
        id: ApplicationId,
    ) -> Result<Icon, AppError> {
        actor.permit(Model::Application, Action::View)?;
        self.storage().read(move |tx| Ok(catalogue::icon(tx, id)?)).await
    }

    /// Adds an application; it shows a plain icon until it is given one.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`] for a taken name.
    pub async fn add_application(
        &self,
        actor: &Actor,
        form: ApplicationForm,
    ) -> Result<ApplicationRow, AppError> {
        let permit = actor.permit(Model::Application, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let checked = check(tx, form, None)?;
                let icon =
                    Icon { bytes: PLAIN_ICON.to_vec(), content_type: "image/png".to_owned() };
                let id = catalogue::insert(tx, &fields(&checked.form), &icon, permit.at())?;
                catalogue::set_relations(tx, id, &checked.available_for, &checked.packages)?;
                permit.added(tx, Object { id: id.0, name: &checked.form.name }, &checked.form)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(catalogue::get(tx, id)?)
            })
            .await
    }

    /// Changes an application.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`], [`AppError::Invalid`],
    /// [`AppError::Conflict`] for a taken name.
    pub async fn change_application(
        &self,
        actor: &Actor,
        id: ApplicationId,
        form: ApplicationForm,
    ) -> Result<ApplicationRow, AppError> {
        let permit = actor.permit(Model::Application, Action::Change)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = ApplicationForm::from(catalogue::get(tx, id)?);
                let checked = check(tx, form, Some(id))?;
                catalogue::update(tx, id, &fields(&checked.form))?;
                catalogue::set_relations(tx, id, &checked.available_for, &checked.packages)?;
                let after = catalogue::get(tx, id)?;
                let new = ApplicationForm::from(after.clone());
                if permit.changed(tx, Object { id: id.0, name: &after.name }, &before, &new)? {
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(after)
            })
            .await
    }

    /// Gives an application its icon: PNG, JPEG, GIF or WebP.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`], [`AppError::Invalid`] for what is no image.
    pub async fn set_application_icon(
        &self,
        actor: &Actor,
        id: ApplicationId,
        bytes: Vec<u8>,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Application, Action::Change)?;
        if bytes.len() > MAX_ICON {
            return Err(AppError::TooLarge { limit_bytes: MAX_ICON as u64 });
        }
        let content_type = image_type(&bytes)
            .ok_or_else(|| AppError::invalid("icon", "it is no PNG, JPEG, GIF or WebP image"))?;
        let icon = Icon { bytes, content_type: content_type.to_owned() };
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let name = catalogue::get(tx, id)?.name;
                catalogue::set_icon(tx, id, &icon)?;
                permit.noted(tx, "icon", Object { id: id.0, name: &name }, &())?;
                Ok(())
            })
            .await
    }

    /// Deletes an application; if policies name it, that must be confirmed (D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] counts the policies; [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_application(
        &self,
        actor: &Actor,
        id: ApplicationId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Application, Action::Delete)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = catalogue::get(tx, id)?;
                if before.policies > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "{count} policies name application {name}: confirm that they lose it",
                        count = before.policies,
                        name = &before.name
                    )));
                }
                let name = before.name.clone();
                let object = Object { id: id.0, name: &name };
                permit.deleted(tx, object, &ApplicationForm::from(before))?;
                catalogue::delete(tx, id)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await
    }
}

fn check(
    tx: &ReadTx<'_>,
    form: ApplicationForm,
    own: Option<ApplicationId>,
) -> Result<Checked, AppError> {
    let name = form.name.trim().to_owned();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        let reason = reason!("1 to {limit} characters", limit = MAX_NAME);
        return Err(AppError::invalid("name", reason));
    }
    if catalogue::find_by_name(tx, &name)?.is_some_and(|other| Some(other) != own) {
        let taken = reason!("an application named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    if !(1..=5).contains(&form.score) {
        return Err(AppError::invalid("score", "it is 1 to 5"));
    }
    let mut packages = BTreeMap::new();
    for (project, list) in &form.packages {
        let found = projects::find_by_name(tx, project)?.ok_or_else(|| {
            AppError::invalid("packages", reason!("there is no project {name}", name = project))
        })?;
        let list = normalise_lines(list.trim());
        if let Some(token) = unusable_token(&list) {
            let reason = reason!("{token} is no package, with or without version", token = token);
            return Err(AppError::invalid("packages", reason));
        }
        if !list.is_empty() {
            packages.insert(found.id, list);
        }
    }
    Ok(Checked {
        available_for: find_named(tx, "available_for_attributes", &form.available_for_attributes)?,
        packages,
        form: ApplicationForm {
            name,
            description: normalise_lines(form.description.trim()),
            ..form
        },
    })
}

fn fields(form: &ApplicationForm) -> Fields<'_> {
    Fields {
        name: &form.name,
        category: form.category,
        level: form.level,
        score: form.score,
        description: &form.description,
    }
}
