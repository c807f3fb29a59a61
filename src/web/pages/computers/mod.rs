//! Computers: the list, and a file for each view of one (3.1 to 3.5).

pub mod attributes;
pub mod change;
pub mod detail;
pub mod export;
pub mod hardware;
pub mod list;
pub mod simulation;
pub mod software;

use maud::{Markup, html};

use crate::app::computers::ComputerDetail;
use crate::domain::account::{Action, Model};
use crate::t;
use crate::web::components::related::{Related, related};
use crate::web::components::status::status;
use crate::web::layout::{Content, Frame};
use crate::web::urls;

/// Puts a view of one computer under its name, its status and its related lists (D-COMP-08).
fn around(frame: &Frame, computer: &ComputerDetail, view: &str, body: Markup) -> Markup {
    let lang = frame.lang();
    let row = &computer.row;
    let lists = lists(frame, computer, view);
    let current = lists.iter().find(|list| list.current).map(|list| list.text.clone());
    let body = html! {
        p { (status(lang, row.status)) " · " (row.platform.name) " · "
            a href=(urls::object(urls::PROJECTS, row.project.id)) { (row.project.name) } }
        (related(lang, &lists))
        (body)
    };
    let content = Content::new(row.display_name.clone(), body)
        .below(urls::COMPUTERS, t!(lang, "nav-computers"))
        .seen_as(current)
        .with_actions(actions(frame, computer));
    frame.page(content)
}

fn lists(frame: &Frame, computer: &ComputerDetail, view: &str) -> Vec<Related> {
    let lang = frame.lang();
    let id = computer.row.id;
    let counts = &computer.counts;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let own = |key, number, part: &'static str| {
        let url = urls::part(urls::COMPUTERS, id, part);
        Related { current: part == view, ..Related::new(lang, key, count(number), url) }
    };
    let of = |key, number, path| {
        Related::new(lang, key, count(number), urls::filtered(path, "computer", id))
    };
    let summary = Related {
        current: view == "summary",
        ..Related::view(lang, "computer-summary", urls::object(urls::COMPUTERS, id))
    };
    // Who may give tags goes where that is done.
    let tags = if frame.may(Model::Computer, Action::Change) { "edit" } else { "attributes" };
    let errors = of("nav-errors", counts.errors, urls::ERRORS);
    let faults = of("nav-faults", counts.faults, urls::FAULTS);
    vec![
        summary,
        own("nav-attributes", counts.attributes, "attributes"),
        own("nav-tags", counts.tags, tags),
        own("computer-software", counts.packages, "software"),
        own("computer-software-history", counts.software_history, "history"),
        own("computer-hardware", counts.hardware_nodes, "hardware"),
        Related { urgent: computer.row.unchecked_errors > 0, ..errors },
        Related { urgent: computer.row.unchecked_faults > 0, ..faults },
        of("nav-synchronizations", counts.synchronizations, urls::SYNCHRONIZATIONS),
        own("nav-deployments", counts.deployments, "simulation"),
        of("nav-migrations", counts.migrations, urls::MIGRATIONS),
        of("nav-status-logs", counts.status_logs, urls::STATUS_LOGS),
        Related::view(lang, "nav-history", urls::history("computer", id)),
    ]
}

fn actions(frame: &Frame, computer: &ComputerDetail) -> Markup {
    use crate::web::components::panel::link_button;
    let lang = frame.lang();
    let id = computer.row.id;
    let link =
        |part, icon, key| link_button(&urls::part(urls::COMPUTERS, id, part), icon, &t!(lang, key));
    html! {
        (link("simulation", "package", "computer-simulate"))
        @if frame.may(Model::Computer, Action::Change) { (link("edit", "edit", "ui-edit")) }
        @if frame.may(Model::Computer, Action::Delete) { (link("delete", "delete", "ui-delete")) }
    }
}
