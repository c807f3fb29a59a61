//! What the server would answer a computer now (D-SIM), and why a package is or is not for it.

use actix_web::web::Path;
use maud::{Markup, html};

use super::around;
use crate::app::AppError;
use crate::app::computers::ComputerDetail;
use crate::app::simulation::{OrderedPackage, Simulation};
use crate::app::why::Reason;
use crate::catalogue;
use crate::domain::ids::ComputerId;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::panel::{card, table_card};
use crate::web::components::status::{Level, badge, yes_no};
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, explain};
use crate::web::layout::{Frame, message};
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// What the page shows.
pub struct View {
    pub computer: ComputerDetail,
    /// The simulation, or why there is none (D-SIM-02).
    pub simulation: Result<Simulation, String>,
    /// The package asked for, and what each deployment does about it.
    pub why: Option<(String, Vec<Reason>)>,
}

/// Renders the page.
pub fn page(frame: &Frame, query: &Query, view: &View) -> Markup {
    let lang = frame.lang();
    let body = match &view.simulation {
        Err(text) => message(Level::Warning, text),
        Ok(simulation) => html! {
            p.soft { (t!(lang, "simulation-text")) }
            @if !simulation.conflicts.is_empty() {
                (message(Level::Warning,
                    &t!(lang, "simulation-conflicts", names = simulation.conflicts.join(", "))))
            }
            (table_card(&t!(lang, "nav-deployments"), None, deployments(frame, simulation)))
            @if !simulation.policies.is_empty() {
                (table_card(&t!(lang, "nav-policies"), None, policies(frame, simulation)))
            }
            div.columns {
                (orders(frame, "field-packages-to-remove", &simulation.remove, &simulation.conflicts))
                (orders(frame, "field-packages-to-install", &simulation.install, &simulation.conflicts))
                (card(&t!(lang, "nav-fault-definitions"), names(&simulation.faults)))
                (card(&t!(lang, "nav-attributes"), attributes(simulation)))
            }
            p { (t!(lang, "simulation-hardware")) ": " (yes_no(lang, simulation.hardware)) }
        },
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![Filter::Text { name: "package", label: t!(lang, "why-package") }],
    };
    let body = html! {
        (filters)
        @if let Some((package, reasons)) = &view.why { (why(frame, package, reasons)) }
        (body)
    };
    around(frame, &view.computer, "simulation", body)
}

fn deployments(frame: &Frame, simulation: &Simulation) -> Markup {
    let lang = frame.lang();
    let rows = simulation.deployments.iter().map(|granted| {
        let cells = vec![
            html! { a href=(urls::object(urls::DEPLOYMENTS, granted.id)) { (granted.name) } },
            html! { code { (granted.slug) } },
            html! { (granted.attribute) },
            html! {
                (granted.since)
                @if let Some(delay) = granted.delay {
                    " " span.soft { (t!(lang, "simulation-delay", days = i64::from(delay))) }
                }
            },
            yes_no(lang, granted.published),
        ];
        Row::new("granted", granted.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-deployments"),
        columns: ["deployment", "repository", "by-attribute", "since", "published"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "simulation-no-deployments"),
    };
    html! { (table) }
}

fn policies(frame: &Frame, simulation: &Simulation) -> Markup {
    let lang = frame.lang();
    let rows = simulation.policies.iter().map(|acting| {
        let cells = vec![
            html! { (acting.name) },
            html! { (acting.priority) },
            html! { (acting.attribute) },
        ];
        Row::new("acting", acting.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-policies"),
        columns: ["policy", "priority", "by-attribute"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: String::new(),
    };
    html! { (table) }
}

fn orders(frame: &Frame, key: &str, orders: &[OrderedPackage], conflicts: &[String]) -> Markup {
    let lang = frame.lang();
    let list = html! {
        @if orders.is_empty() { p.soft { (t!(lang, "simulation-nothing")) } }
        dl.facts {
            @for order in orders {
                dt.mono { (order.package) }
                dd {
                    (order.deployments.join(", "))
                    @if !order.policies.is_empty() {
                        @if !order.deployments.is_empty() { ", " }
                        (t!(lang, "simulation-by-policies", names = order.policies.join(", ")))
                    }
                    @if conflicts.contains(&order.package) {
                        " " (badge(Level::Warning, &t!(lang, "simulation-conflict")))
                    }
                }
            }
        }
    };
    card(&t!(lang, key), list)
}

fn attributes(simulation: &Simulation) -> Markup {
    html! {
        ul.chips {
            @for attribute in &simulation.attributes {
                li { a href=(urls::object(urls::ATTRIBUTES, attribute.id)) { (attribute.name) } }
            }
        }
    }
}

fn names(names: &[String]) -> Markup {
    html! { ul.chips { @for name in names { li { (name) } } } }
}

fn why(frame: &Frame, package: &str, reasons: &[Reason]) -> Markup {
    let lang = frame.lang();
    let rows = reasons.iter().map(|reason| {
        let key = format!("simulation-why-{}", reason.condition.replace('_', "-"));
        let level = if reason.available { Level::Ok } else { Level::Muted };
        let effects = reason.effects.iter().map(|effect| effect_text(lang, effect));
        let cells = vec![
            giver(frame, reason),
            html! { (effects.collect::<Vec<_>>().join("; ")) },
            badge(level, &t!(lang, if reason.available { "ui-yes" } else { "ui-no" })),
            html! {
                @let since = reason.since.as_deref().unwrap_or_default();
                (t!(lang, &key, detail = reason.detail.as_str(), since = since))
                @for link in reason.chain.iter().skip(1) {
                    br;
                    span.soft { "← " (link.attribute) }
                }
            },
        ];
        Row::new(&reason.kind, reason.id, cells)
    });
    let title = t!(lang, "why-title", package = package);
    let table = Table {
        lang,
        caption: title.clone(),
        columns: ["deployment", "effect", "reaches", "reason"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "why-nobody", package = package),
    };
    table_card(&title, None, table)
}

/// The deployment or policy that a reason is about.
fn giver(frame: &Frame, reason: &Reason) -> Markup {
    match reason.kind.as_str() {
        "policy" => {
            html! { (t!(frame.lang(), "simulation-by-policies", names = reason.name.as_str())) }
        }
        _ => html! { a href=(urls::object(urls::DEPLOYMENTS, reason.id)) { (reason.name) } },
    }
}

/// `installs nano` in the reader's words.
fn effect_text(lang: catalogue::Lang, effect: &str) -> String {
    let (verb, what) = effect.split_once(' ').unwrap_or((effect, ""));
    t!(lang, &format!("effect-{verb}"), what = what)
}

/// `GET /computers/{id}/simulation`.
pub async fn show(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let query = visit.query.clone();
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let simulation = match visit.app.simulate(visit.actor(), *id).await {
        Ok(simulation) => Ok(simulation),
        Err(error @ AppError::Conflict(_)) => Err(explain(visit.lang, &error)),
        Err(error) => return Err(error.into()),
    };
    let why = match query.find("package").map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => {
            let found = visit.app.why(visit.actor(), *id, name).await?;
            Some((found.package, found.reasons))
        }
        None => None,
    };
    let view = View { computer, simulation, why };
    visit.show(|frame| page(frame, &query, &view)).await
}
