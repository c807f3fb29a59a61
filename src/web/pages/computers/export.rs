//! Computers of a selection as a file for a spreadsheet (D-COMP-07).

use actix_web::HttpResponse;

use crate::app::computers::ComputerRow;
use crate::catalogue::Lang;
use crate::domain::ids::ComputerId;
use crate::t;
use crate::web::components::status::status_name;
use crate::web::csv;
use crate::web::error::PageError;
use crate::web::flash::Flash;
use crate::web::reader::Reader;
use crate::web::urls;
use crate::web::visit::Visit;

/// What is told of a computer; each is the message `field-<name>`.
const FIELDS: [&str; 14] = [
    "cid",
    "name",
    "fqdn",
    "uuid",
    "status",
    "platform",
    "project",
    "sync-user",
    "ip-address",
    "mac-address",
    "product",
    "entry-date",
    "sync-start-date",
    "sync-end-date",
];

/// Answers with the file, or goes back to the list if nothing was ticked.
pub async fn export(visit: &Visit, ids: Vec<ComputerId>) -> Result<HttpResponse, PageError> {
    if ids.is_empty() {
        return Ok(visit.done(urls::COMPUTERS, Flash::nothing_selected()));
    }
    let computers = visit.app.computers_of(visit.actor(), ids).await?;
    let reader = visit.frame().await?.reader;
    Ok(csv::file("computers.csv", text(&reader, &computers)))
}

/// The content of the file; times are in the zone of the site.
fn text(reader: &Reader, computers: &[ComputerRow]) -> String {
    let head = FIELDS.map(|field| t!(reader.lang, &format!("field-{field}")));
    let rows: Vec<Vec<String>> = computers.iter().map(|computer| row(reader, computer)).collect();
    csv::table(&head, &rows)
}

fn row(reader: &Reader, computer: &ComputerRow) -> Vec<String> {
    let lang: Lang = reader.lang;
    let time = |at: Option<jiff::Timestamp>| at.map(|at| reader.date_time(at)).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let user = computer.sync_user.as_ref().map(|user| user.name.clone());
    vec![
        computer.id.to_string(),
        computer.name.clone(),
        text(&computer.fqdn),
        computer.uuid.clone(),
        status_name(lang, computer.status),
        computer.platform.name.clone(),
        computer.project.name.clone(),
        user.unwrap_or_default(),
        text(&computer.ip_address),
        text(&computer.mac_address),
        text(&computer.product),
        time(Some(computer.created_at)),
        time(computer.sync_start_date),
        time(computer.sync_end_date),
    ]
}
