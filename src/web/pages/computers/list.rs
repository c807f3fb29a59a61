//! The list of computers: search, filters, status of a selection (D-COMP-02 to D-COMP-07).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::computers::{
    ComputerFilter, ComputerList, ComputerOrder, ComputerQuery, ComputerRow, Cursor,
};
use crate::domain::account::{Action as Right, Model};
use crate::domain::computer::Machine;
use crate::domain::ids::ComputerId;
use crate::domain::project::{Platform, Project};
use crate::domain::status::Status;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::Choice;
use crate::web::components::icon::meaning;
use crate::web::components::list::List;
use crate::web::components::status::{Level, badge, legend, status, status_name};
use crate::web::components::table::{Action, Order, Row, Selection, Table, column};
use crate::web::components::time::since_sync;
use crate::web::crud;
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::computers::change::Computers;
use crate::web::pages::computers::export;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// Days of the filter "last synchronisation" (D-COMP-04).
const STALE_DAYS: [u32; 6] = [7, 30, 60, 120, 180, 365];

/// Groups of statuses that the filter offers beside the six (D-STATUS-02).
const GROUPS: [&str; 4] = ["subscribed", "productive", "unproductive", "active"];

/// What the list shows.
pub struct View {
    pub list: ComputerList,
    pub platforms: Vec<Platform>,
    pub projects: Vec<Project>,
}

/// Renders the list.
pub fn page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.list.page.items.iter().map(|computer| row(frame, computer));
    let table = Table {
        lang,
        caption: t!(lang, "nav-computers"),
        columns: vec![
            column(lang, "computer").sortable("name"),
            column(lang, "status").sortable("status"),
            column(lang, "project").sortable("project"),
            column(lang, "sync-user").sortable("sync_user"),
            column(lang, "sync-end-date").sortable("sync_end_date"),
            column(lang, "product").sortable("product"),
            column(lang, "to-check"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(query)),
        selection: Some(selection(frame)),
        empty: t!(lang, "computers-empty"),
    };
    let total = html! { p.soft { (t!(lang, "computers-total", count = view.list.total)) } };
    List::new(table)
        .filtered(filters(frame, query, view))
        .introduced(total)
        .paged(view.list.page.next.as_deref())
        .followed(legend(lang))
}

fn row(frame: &Frame, computer: &ComputerRow) -> Row {
    let lang = frame.lang();
    let machine = match computer.machine {
        Machine::Physical => meaning("computer", &t!(lang, "machine-physical")),
        Machine::Virtual => meaning("virtual", &t!(lang, "machine-virtual")),
    };
    let product = computer.product.as_ref().map(|product| {
        html! { a href=(urls::part(urls::COMPUTERS, computer.id, "hardware")) { (product) } }
    });
    let user = computer.sync_user.as_ref().map(|user| {
        html! {
            a href=(urls::filtered(urls::COMPUTERS, "user", user.id)) { (user.name) }
            @if !computer.sync_user_fullname.is_empty() { " (" (computer.sync_user_fullname) ")" }
        }
    });
    let open = [
        (computer.unchecked_errors, urls::ERRORS, "computer-errors"),
        (computer.unchecked_faults, urls::FAULTS, "computer-faults"),
    ];
    let to_check = html! {
        @for (count, list, key) in open {
            @if count > 0 {
                a href=(unchecked(list, computer.id)) {
                    (badge(Level::Danger, &t!(lang, key, count = count)))
                } " "
            }
        }
    };
    let cells = vec![
        html! {
            (machine) " "
            a href=(urls::object(urls::COMPUTERS, computer.id)) { (computer.display_name) }
        },
        status(lang, computer.status),
        html! {
            a href=(urls::object(urls::PROJECTS, computer.project.id)) { (computer.project.name) }
        },
        user.unwrap_or_default(),
        since_sync(&frame.reader, computer.sync_end_date),
        product.unwrap_or_default(),
        // An empty cell is left out on a narrow screen.
        if computer.unchecked_errors + computer.unchecked_faults > 0 {
            to_check
        } else {
            Markup::default()
        },
    ];
    Row::new("computer", computer.id, cells)
}

fn unchecked(list: &str, id: ComputerId) -> String {
    let id = id.to_string();
    urls::with_query(list, [("computer", id.as_str()), ("checked", "no")].into_iter())
}

fn selection(frame: &Frame) -> Selection<'_> {
    let lang = frame.lang();
    let may_change = frame.may(Model::Computer, Right::Change);
    let mut actions = Vec::new();
    if may_change {
        actions.push(Action {
            name: "status",
            label: t!(lang, "computers-set-status"),
            danger: false,
        });
    }
    actions.push(Action { name: "export", label: t!(lang, "ui-export"), danger: false });
    if frame.may(Model::Computer, Right::Delete) {
        actions.push(Action { name: "delete", label: t!(lang, "ui-delete"), danger: true });
    }
    let extra = may_change.then(|| {
        html! {
            select name="status" aria-label=(t!(lang, "field-status")) {
                @for status in Status::ALL {
                    option value=(status.as_str()) { (status_name(lang, status)) }
                }
            }
        }
    });
    Selection { url: urls::selection(urls::COMPUTERS), csrf: &frame.csrf, actions, extra }
}

fn filters<'a>(frame: &Frame, query: &'a Query, view: &View) -> Filters<'a> {
    let lang = frame.lang();
    let choice = |name: &'static str, field: &str, options: Vec<Choice>| Filter::Choice {
        name,
        label: t!(lang, &format!("field-{field}")),
        options,
    };
    let statuses = Status::ALL.iter().map(|one| Choice::new(one.as_str(), status_name(lang, *one)));
    let groups = GROUPS.iter().map(|group| {
        Choice::new(format!("group-{group}"), t!(lang, &format!("status-group-{group}")))
    });
    let stale = STALE_DAYS
        .iter()
        .map(|days| Choice::new(days, t!(lang, "computers-stale", count = i64::from(*days))));
    let stale = stale.chain([Choice::new("never", t!(lang, "ui-never"))]);
    Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "computers-search")),
            choice("platform", "platform", named(view.platforms.iter().map(|p| (p.id.0, &p.name)))),
            choice("project", "project", named(view.projects.iter().map(|p| (p.id.0, &p.name)))),
            choice("status", "status", statuses.chain(groups).collect()),
            choice(
                "machine",
                "machine",
                vec![
                    Choice::new("P", t!(lang, "machine-physical")),
                    Choice::new("V", t!(lang, "machine-virtual")),
                ],
            ),
            choice("stale", "sync-end-date", stale.collect()),
            choice(
                "software",
                "software",
                vec![Choice::new("none", t!(lang, "computers-without-software"))],
            ),
            Filter::Text { name: "product", label: t!(lang, "field-product") },
            Filter::Text { name: "package", label: t!(lang, "field-package") },
        ],
    }
}

fn named<'a>(objects: impl Iterator<Item = (i64, &'a String)>) -> Vec<Choice> {
    objects.map(|(id, name)| Choice::new(id, name.as_str())).collect()
}

/// `GET /computers`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let list = visit.app.computers(visit.actor(), wanted(&visit, limit)).await?;
    let view = View {
        list,
        platforms: visit
            .if_allowed(visit.app.platforms(visit.actor()).await)?
            .into_iter()
            .map(|(platform, _)| platform)
            .collect(),
        projects: visit.if_allowed(visit.app.projects(visit.actor()).await)?,
    };
    visit.list(&frame, page(&frame, &query, &view))
}

fn wanted(visit: &Visit, limit: u32) -> ComputerQuery {
    let query = &visit.query;
    let text = |name: &str| query.find(name).map(str::to_owned);
    let sort = query.get("sort");
    ComputerQuery {
        filter: ComputerFilter {
            search: text("q"),
            platform: query.number("platform"),
            project: query.number("project"),
            statuses: statuses(query.get("status")),
            machine: query.find("machine").and_then(Machine::parse),
            without_software: query.get("software") == "none",
            never_synchronised: query.get("stale") == "never",
            product: text("product"),
            attribute: query.number("attribute"),
            tag: query.number("tag"),
            user: query.number("user"),
            package: text("package"),
            related: related::wanted(visit),
            ..ComputerFilter::default()
        },
        stale_days: query.number("stale"),
        order: ComputerOrder::parse(sort.trim_start_matches('-')),
        descending: sort.starts_with('-'),
        after: query.cursor().and_then(Cursor::parse),
        limit,
    }
}

/// One of the six, or the members of a group (D-STATUS-02).
fn statuses(text: &str) -> Vec<Status> {
    if let Some(status) = Status::parse(text) {
        return vec![status];
    }
    let belongs: fn(&Status) -> bool = match text.strip_prefix("group-") {
        Some("subscribed") => |status| status.is_subscribed(),
        Some("productive") => |status| status.is_productive(),
        Some("unproductive") => |status| status.is_unproductive(),
        Some("active") => |status| status.is_active(),
        _ => return Vec::new(),
    };
    Status::ALL.into_iter().filter(belongs).collect()
}

/// `POST /computers/selection`: changes the status, exports, or asks before deleting (D-COMP-07).
pub async fn selected(post: Post) -> PageResult {
    let fields = &post.fields;
    if fields.get("action") == "export" {
        let ids = fields.ids("id").into_iter().map(ComputerId).collect();
        return export::export(&post.visit, ids).await;
    }
    if fields.get("action") != "delete" && Status::parse(fields.get("status")).is_none() {
        return Err(AppError::invalid("status", "one of the statuses of a computer").into());
    }
    crud::ticked::<Computers>(post).await
}
