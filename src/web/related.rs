//! Related data in the frame of every page (D-UI-06): under an object the lists of what belongs to
//! it, with their numbers; above a list the object that it is narrowed to.

use super::components::related::Related as Link;
use super::error::PageError;
use super::urls;
use super::visit::Visit;
use crate::app::AppError;
use crate::app::related::{Kind, Related, related_kinds};
use crate::domain::account::Action;

/// The lists: whose rows they show, their address and the message of their name.
const LISTS: &[(Kind, &str, &str)] = &[
    (Kind::Account, urls::ACCOUNTS, "nav-accounts"),
    (Kind::Application, urls::APPLICATIONS, "nav-applications"),
    (Kind::Attribute, urls::ATTRIBUTES, "nav-attributes"),
    (Kind::AttributeSet, urls::ATTRIBUTE_SETS, "nav-attribute-sets"),
    (Kind::Computer, urls::COMPUTERS, "nav-computers"),
    (Kind::Deployment, urls::DEPLOYMENTS, "nav-deployments"),
    (Kind::Domain, urls::DOMAINS, "nav-domains"),
    (Kind::Error, urls::ERRORS, "nav-errors"),
    (Kind::Fault, urls::FAULTS, "nav-faults"),
    (Kind::FaultDefinition, urls::FAULT_DEFINITIONS, "nav-fault-definitions"),
    (Kind::Formula, urls::FORMULAS, "nav-formulas"),
    (Kind::Group, urls::GROUPS, "nav-groups"),
    (Kind::Migration, urls::MIGRATIONS, "nav-migrations"),
    (Kind::Package, urls::PACKAGES, "nav-packages"),
    (Kind::Platform, urls::PLATFORMS, "nav-platforms"),
    (Kind::Policy, urls::POLICIES, "nav-policies"),
    (Kind::Project, urls::PROJECTS, "nav-projects"),
    (Kind::Schedule, urls::SCHEDULES, "nav-schedules"),
    (Kind::Scope, urls::SCOPES, "nav-scopes"),
    (Kind::Store, urls::STORES, "nav-stores"),
    (Kind::Tag, urls::TAGS, "nav-tags"),
    (Kind::TagCategory, urls::TAG_CATEGORIES, "nav-tag-categories"),
    (Kind::Token, urls::TOKENS, "nav-tokens"),
    (Kind::User, urls::USERS, "nav-users"),
];

/// What a page has around it.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// What belongs to the object of the page, then its history.
    pub lists: Vec<Link>,
    /// What the list of the page is narrowed to.
    pub only: Option<Only>,
}

/// The object that a list is narrowed to.
#[derive(Debug, Clone)]
pub struct Only {
    pub related: Related,
    pub name: String,
    /// Its page, where it has one.
    pub url: Option<String>,
}

/// Reads what belongs around a page.
///
/// # Errors
/// [`PageError`] from the database, or for a list narrowed to what one may not see.
pub async fn around(visit: &Visit) -> Result<Around, PageError> {
    let path = visit.query.path();
    if let Some((related, history)) = object(path) {
        let counts = match visit.app.related(visit.actor(), related).await {
            // The page itself says so.
            Err(AppError::NotFound { .. } | AppError::Denied(_)) => return Ok(Around::default()),
            other => other?,
        };
        let link = |(list, count): (Kind, i64)| {
            let (_, url, key) = LISTS.iter().find(|(kind, ..)| *kind == list)?;
            let count = u64::try_from(count).unwrap_or_default();
            Some(Link::new(visit.lang, key, count, narrowed(related, list, url)))
        };
        let mut lists: Vec<Link> = counts.into_iter().filter_map(link).collect();
        if visit.actor().may(related.of.model(), Action::View) {
            lists.push(Link::view(visit.lang, "nav-history", urls::history(history, related.id)));
        }
        return Ok(Around { lists, only: None });
    }
    let Some(related) = wanted(visit) else { return Ok(Around::default()) };
    let name = visit.app.related_name(visit.actor(), related).await?;
    let home = LISTS.iter().find(|(kind, ..)| *kind == related.of);
    let url = home.map(|(_, list, _)| urls::object(list, related.id));
    Ok(Around { lists: Vec::new(), only: Some(Only { related, name, url }) })
}

/// What the list of this page is to be narrowed to: `?related=attribute.7`, where the list has such
/// rows.
pub fn wanted(visit: &Visit) -> Option<Related> {
    let related = visit.query.find("related").and_then(Related::parse)?;
    let (list, ..) = LISTS.iter().find(|(_, url, _)| *url == visit.query.path())?;
    related_kinds(related.of).any(|kind| kind == *list).then_some(related)
}

/// Keeps what a list read whole is narrowed to.
///
/// # Errors
/// [`PageError`] from the database, or for what one may not see.
pub async fn keep<T>(
    visit: &Visit,
    list: Kind,
    mut rows: Vec<T>,
    id: impl Fn(&T) -> i64,
) -> Result<Vec<T>, PageError> {
    if let Some(related) = wanted(visit) {
        let ids = visit.app.related_ids(visit.actor(), related, list).await?;
        rows.retain(|row| ids.contains(&id(row)));
    }
    Ok(rows)
}

/// The object whose page is at `path`, and its kind in the audit log. A tag is an attribute.
fn object(path: &str) -> Option<(Related, &'static str)> {
    let (list, id) = path.rsplit_once('/')?;
    let (kind, ..) = LISTS.iter().find(|(_, url, _)| *url == list)?;
    let of = if *kind == Kind::Tag { Kind::Attribute } else { *kind };
    let id = id.parse().ok()?;
    related_kinds(of).next()?;
    Some((Related { of, id }, of.model().as_str()))
}

/// The address of a list narrowed to what belongs to an object: by a filter of its own where there
/// is one, so that the list shows what was chosen.
fn narrowed(related: Related, list: Kind, url: &str) -> String {
    use Kind::{
        Attribute, Computer, Deployment, Error, Fault, FaultDefinition, Formula, Migration,
        Package, Platform, Project, Store, Tag, TagCategory, User,
    };
    let own = match (related.of, list) {
        (Project, Computer | Deployment | Error | Fault | Migration | Package | Store) => "project",
        (Platform, Computer) => "platform",
        (User, Computer) => "user",
        (Attribute, Computer) => "attribute",
        (Formula, Attribute) => "formula",
        (TagCategory, Tag) => "category",
        (FaultDefinition, Fault) => "definition",
        _ => "related",
    };
    let value = match own {
        "related" => related.to_string(),
        _ => related.id.to_string(),
    };
    let productive = if list == Computer { "group-productive" } else { "" };
    urls::with_query(url, [(own, value.as_str()), ("status", productive)].into_iter())
}
