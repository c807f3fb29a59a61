//! One computer at a glance (3.1).

use actix_web::web::Path;
use maud::{Markup, html};

use super::around;
use crate::app::computers::{ComputerDetail, SettingInterval};
use crate::domain::computer::{Machine, Progress};
use crate::domain::ids::ComputerId;
use crate::t;
use crate::web::components::facts::Facts;
use crate::web::components::panel::{card, table_card};
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::{since_sync, sync_time, time, time_or_dash};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::reader::size;
use crate::web::urls;
use crate::web::visit::Visit;

/// What the page shows.
pub struct View {
    pub computer: ComputerDetail,
    pub progress: Progress,
    /// Name, addresses, user… as they were.
    pub settings: Vec<SettingInterval>,
}

/// Renders the page.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let body = html! {
        @if let Some(comment) = view.computer.comment.as_deref().filter(|text| !text.is_empty()) {
            (card(&t!(lang, "field-comment"), html! { p.break { (comment) } }))
        }
        div.columns {
            (card(&t!(lang, "computer-identification"), identification(frame, view)))
            (card(&t!(lang, "computer-synchronisation"), synchronisation(frame, view)))
            (card(&t!(lang, "computer-hardware"), hardware(frame, view)))
            @if !view.computer.tags.is_empty() {
                (card(&t!(lang, "nav-tags"), html! {
                    ul.chips {
                        @for tag in &view.computer.tags {
                            li { a href=(urls::object(urls::TAGS, tag.id)) { (tag.name) } }
                        }
                    }
                }))
            }
        }
        @if !view.settings.is_empty() {
            (table_card(&t!(lang, "computer-changes"), None, changes(frame, &view.settings)))
        }
    };
    around(frame, &view.computer, "summary", body)
}

fn identification(frame: &Frame, view: &View) -> Facts {
    let row = &view.computer.row;
    Facts::new(frame.lang())
        .add("cid", html! { "CID-" (row.id) })
        .add("name", &row.name)
        .add_some("fqdn", row.fqdn.as_ref())
        .add("uuid", html! { span.mono { (row.uuid) } })
        .add_some("ip-address", row.ip_address.as_ref())
        .add_some("forwarded-ip-address", row.forwarded_ip_address.as_ref())
        .add_some("mac-address", row.mac_address.as_deref().map(macs))
        .add("entry-date", time(&frame.reader, row.created_at))
        .add("updated-at", time(&frame.reader, view.computer.updated_at))
        .add_some("key", view.computer.key_id.as_ref().map(|id| html! { span.mono { (id) } }))
        .add_some(
            "accept-key-until",
            view.computer
                .accept_key_until
                .filter(|until| *until > frame.reader.now)
                .map(|until| html! { (badge(Level::Warning, &frame.reader.date_time(until))) }),
        )
}

/// `001122AABBCC…` as addresses people can read.
fn macs(text: &str) -> String {
    let digits: Vec<char> = text.chars().collect();
    let address = |twelve: &[char]| {
        let pairs = twelve.chunks(2).map(|pair| pair.iter().collect::<String>());
        pairs.collect::<Vec<_>>().join(":")
    };
    digits.chunks(12).map(address).collect::<Vec<_>>().join(", ")
}

fn synchronisation(frame: &Frame, view: &View) -> Facts {
    let row = &view.computer.row;
    let user = row.sync_user.as_ref().map(|user| {
        html! {
            a href=(urls::filtered(urls::COMPUTERS, "user", user.id)) { (user.name) }
            @if !row.sync_user_fullname.is_empty() { " (" (row.sync_user_fullname) ")" }
        }
    });
    Facts::new(frame.lang())
        .add("sync-start-date", time_or_dash(&frame.reader, row.sync_start_date))
        .add("sync-end-date", since_sync(&frame.reader, row.sync_end_date))
        .add("last-update-time", sync_time(frame.lang(), view.progress))
        .add_some("sync-user", user)
}

fn hardware(frame: &Frame, view: &View) -> Facts {
    let computer = &view.computer;
    let lang = frame.lang();
    let machine = match computer.row.machine {
        Machine::Physical => t!(lang, "machine-physical"),
        Machine::Virtual => t!(lang, "machine-virtual"),
    };
    let bytes = |value: Option<i64>| value.and_then(|bytes| u64::try_from(bytes).ok()).map(size);
    Facts::new(lang)
        .add_some("product", computer.row.product.as_ref())
        .add("machine", machine)
        .add_some("cpu", computer.cpu.as_ref())
        .add_some("ram", bytes(computer.ram))
        .add_some("storage", bytes(computer.storage))
        .add_some("disks", computer.disks)
        .add("last-hardware-capture", time_or_dash(&frame.reader, computer.last_hardware_capture))
}

fn changes(frame: &Frame, settings: &[SettingInterval]) -> Markup {
    let lang = frame.lang();
    let rows = settings.iter().enumerate().map(|(place, interval)| {
        let cells = vec![
            html! { (t!(lang, &format!("setting-{}", interval.setting.replace('_', "-")))) },
            html! { span.break { (interval.value) } },
            time(&frame.reader, interval.from),
            match interval.to {
                Some(to) => time(&frame.reader, to),
                None => badge(Level::Ok, &t!(lang, "ui-now")),
            },
        ];
        Row::new("setting", place, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "computer-changes"),
        columns: ["property", "value", "from", "to"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: String::new(),
    };
    html! { (table) }
}

/// `GET /computers/{id}`.
pub async fn show(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let rows = std::slice::from_ref(&computer.row);
    let progress = visit.app.progress_of(rows, visit.actor().at).await?.pop();
    let settings = visit.app.computer_settings(visit.actor(), *id).await?;
    let view = View { computer, progress: progress.unwrap_or(Progress::Never), settings };
    visit.show(|frame| page(frame, &view)).await
}
