//! Searches within forms, and the suggestions that scripts ask for: attributes, packages, tags.

use actix_web::HttpResponse;
use serde_json::json;

use crate::app::attributes::AttributeFilter;
use crate::app::packages::PackageQuery;
use crate::app::tags::TagFilter;
use crate::http::forms::Fields;
use crate::web::components::lookup::{ENTER, Found, LOOK, picked_name, sought_name};
use crate::web::error::{PageError, PageResult};
use crate::web::visit::Visit;

/// Most that a search shows.
const MOST: u32 = 50;

/// A search that somebody made in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    pub field: &'static str,
    pub sought: String,
    pub found: Vec<Found>,
}

/// The searches of a form, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Searches(pub Vec<Search>);

impl Searches {
    /// What was searched and found beside `field`.
    pub fn of(&self, field: &str) -> (&str, Option<&[Found]>) {
        let search = self.0.iter().find(|search| search.field == field);
        search.map_or(("", None), |search| (search.sought.as_str(), Some(search.found.as_slice())))
    }
}

/// Names the field in which a posted form searches; none if it is to be saved.
pub fn asked(fields: &Fields, names: &[&'static str]) -> Option<&'static str> {
    let is_asked = |name: &&&'static str| match fields.find(LOOK) {
        Some(field) => field == **name,
        None => fields.find(ENTER).is_some() && !fields.get(&sought_name(name)).trim().is_empty(),
    };
    names.iter().find(is_asked).copied()
}

/// The lines of a field with what was ticked in its search, each once.
pub fn lines(fields: &Fields, name: &str) -> Vec<String> {
    let picked = picked_name(name);
    let all = fields.get(name).lines().chain(fields.all(&picked));
    let mut seen = std::collections::HashSet::new();
    let all = all.map(str::trim).filter(|line| !line.is_empty() && seen.insert(*line));
    all.map(str::to_owned).collect()
}

/// Finds attributes by a part of `PREFIX-value` or of their description.
///
/// # Errors
/// [`PageError`] from the database.
pub async fn attributes(visit: &Visit, text: &str) -> Result<Vec<Found>, PageError> {
    let filter = AttributeFilter {
        search: Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        limit: MOST,
        ..AttributeFilter::default()
    };
    let found = visit.app.attributes(visit.actor(), filter).await.map(|found| found.items);
    let found = visit.if_allowed(found)?.into_iter().map(|row| Found {
        name: format!("{}-{}", row.prefix, row.value),
        about: row.description.unwrap_or_default(),
    });
    Ok(found.collect())
}

/// Finds package records by a part of their file name; all projects if `project` is empty.
///
/// # Errors
/// [`PageError`] from the database.
pub async fn packages(visit: &Visit, project: &str, text: &str) -> Result<Vec<Found>, PageError> {
    let query = PackageQuery {
        project: Some(project.to_owned()).filter(|name| !name.is_empty()),
        search: Some(text.trim().to_owned()),
        limit: MOST,
        ..PackageQuery::default()
    };
    let found = visit.if_allowed(visit.app.packages(visit.actor(), query).await)?;
    let found = found.into_iter().map(|row| Found { name: row.package.name, about: row.store });
    Ok(found.collect())
}

/// `GET /suggest/attributes?q=`.
pub async fn suggest_attributes(visit: Visit) -> PageResult {
    let found = attributes(&visit, visit.query.get("q")).await?;
    Ok(answer(&found))
}

/// Finds tags by a part of `PREFIX-value` or of their description.
///
/// # Errors
/// [`PageError`] from the database.
pub async fn tags(visit: &Visit, text: &str) -> Result<Vec<Found>, PageError> {
    let filter = TagFilter {
        search: Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        limit: MOST,
        ..TagFilter::default()
    };
    let found = visit.app.tags(visit.actor(), filter).await.map(|found| found.items);
    let found = visit.if_allowed(found)?.into_iter().filter(|row| row.enabled);
    let found = found
        .map(|row| Found { name: row.name, about: row.description.unwrap_or(row.category.name) });
    Ok(found.collect())
}

/// `GET /suggest/tags?q=`.
pub async fn suggest_tags(visit: Visit) -> PageResult {
    let found = tags(&visit, visit.query.get("q")).await?;
    Ok(answer(&found))
}

/// `GET /suggest/packages?project=&q=`.
pub async fn suggest_packages(visit: Visit) -> PageResult {
    let found = packages(&visit, visit.query.get("project"), visit.query.get("q")).await?;
    Ok(answer(&found))
}

fn answer(found: &[Found]) -> HttpResponse {
    let item = |one: &Found| json!({ "name": one.name, "about": one.about });
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "items": found.iter().map(item).collect::<Vec<_>>() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_was_ticked_joins_the_lines_once() {
        let form = fields(&[("a", "x\r\n  y \r\n\r\n"), ("pick_a", "y"), ("pick_a", "z")]);
        assert_eq!(lines(&form, "a"), ["x", "y", "z"]);
    }

    #[test]
    fn the_enter_key_searches_only_where_something_is_sought() {
        let table = [
            (vec![("look", "b"), ("find_b", "")], Some("b")),
            (vec![("enter", "yes"), ("find_a", " ")], None),
            (vec![("enter", "yes"), ("find_b", "x")], Some("b")),
            (vec![("save", "yes"), ("find_b", "x")], None),
        ];
        for (form, expected) in table {
            assert_eq!(asked(&fields(&form), &["a", "b"]), expected, "{form:?}");
        }
    }
}
