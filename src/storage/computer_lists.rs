//! The list of computers: search, filters, order, pages by key (D-COMP-02 to D-COMP-04).
//!
//! A page continues after the last row of the one before, named by its sort value and id, so that
//! computers which come or go meanwhile neither repeat nor hide others. Order by name, id and end
//! of synchronisation walks an index; the counts of a row are two look-ups in partial indexes.

use jiff::Timestamp;
use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Conditions, Cursor, Named, Sorted, contains};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::tx::instant;
use super::{StorageError, display, pages};
use crate::domain::computer::{Machine, SearchField, parse_cid};
use crate::domain::ids::{AttributeId, ComputerId, PlatformId, ProjectId, UserId};
use crate::domain::status::Status;

/// What the list is ordered by; the id breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComputerOrder {
    /// A field computers are searched by; the list begins with the first of them (D-COMP-02).
    Field(SearchField),
    Project,
    Status,
    User,
    SyncEnd,
    Created,
}

impl Default for ComputerOrder {
    fn default() -> Self {
        Self::Field(SearchField::Id)
    }
}

impl ComputerOrder {
    /// Reads the name of a column of the list.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "project" => Self::Project,
            "status" => Self::Status,
            "sync_user" => Self::User,
            "sync_end_date" => Self::SyncEnd,
            "created_at" => Self::Created,
            other => Self::Field(SearchField::parse(other)?),
        })
    }

    /// The expression that is compared; never NULL, so that it can be the key of a page.
    fn sql(self) -> &'static str {
        match self {
            Self::Field(SearchField::Id) => "computer.id",
            Self::Field(SearchField::Name) => "computer.name COLLATE NOCASE",
            Self::Field(SearchField::Uuid) => "computer.uuid",
            Self::Field(SearchField::Fqdn) => "ifnull(computer.fqdn, '') COLLATE NOCASE",
            Self::Field(SearchField::IpAddress) => "ifnull(computer.ip_address, '')",
            Self::Field(SearchField::ForwardedIpAddress) => {
                "ifnull(computer.forwarded_ip_address, '')"
            }
            Self::Field(SearchField::MacAddress) => "ifnull(computer.mac_address, '')",
            Self::Field(SearchField::Product) => "ifnull(computer.product, '') COLLATE NOCASE",
            Self::Field(SearchField::Comment) => "ifnull(computer.comment, '') COLLATE NOCASE",
            Self::Project => "project.name COLLATE NOCASE",
            Self::Status => "computer.status",
            Self::User => "ifnull(user.name, '') COLLATE NOCASE",
            Self::SyncEnd => "ifnull(computer.sync_end_date, 0)",
            Self::Created => "computer.created_at",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Field(SearchField::Id) | Self::SyncEnd | Self::Created)
    }
}

/// Which computers to list.
#[derive(Debug, Clone, Default)]
pub struct ComputerFilter {
    /// Text in one of `search_fields`, or in the name of the user (D-COMP-03).
    pub search: Option<String>,
    /// `COMPUTER_SEARCH_FIELDS`.
    pub search_fields: Vec<SearchField>,
    pub platform: Option<PlatformId>,
    pub project: Option<ProjectId>,
    /// Empty: any.
    pub statuses: Vec<Status>,
    pub machine: Option<Machine>,
    /// Only those whose packages are not known.
    pub without_software: bool,
    /// Last synchronisation ended before this instant, or never.
    pub not_synchronised_since: Option<Timestamp>,
    pub never_synchronised: bool,
    /// Text in the hardware product.
    pub product: Option<String>,
    /// Has the attribute since its last synchronisation.
    pub attribute: Option<AttributeId>,
    /// Was given the tag by hand.
    pub tag: Option<AttributeId>,
    pub user: Option<UserId>,
    /// Has a package now whose `name-version` or `name_version_architecture` contains this.
    pub package: Option<String>,
    /// Belongs to this object.
    pub related: Option<Related>,
}

/// A page to read.
#[derive(Debug, Clone, Default)]
pub struct ComputerPage {
    pub order: ComputerOrder,
    pub descending: bool,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// A computer in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComputerRow {
    #[schema(value_type = i64)]
    pub id: ComputerId,
    /// As people know it (D-COMP-02).
    pub display_name: String,
    pub name: String,
    pub uuid: String,
    pub fqdn: Option<String>,
    #[schema(value_type = String)]
    pub status: Status,
    pub project: Named,
    pub platform: Named,
    /// Last user with a graphical session; its full name is `sync_user_fullname`.
    pub sync_user: Option<Named>,
    pub sync_user_fullname: String,
    pub ip_address: Option<String>,
    pub forwarded_ip_address: Option<String>,
    pub mac_address: Option<String>,
    pub created_at: Timestamp,
    pub sync_start_date: Option<Timestamp>,
    pub sync_end_date: Option<Timestamp>,
    pub product: Option<String>,
    #[schema(value_type = String)]
    pub machine: Machine,
    pub unchecked_errors: i64,
    pub unchecked_faults: i64,
    /// Where the page that ends here continues.
    #[serde(skip)]
    pub cursor: Cursor,
}

const COLUMNS: &str = "
    computer.id, computer.name, computer.uuid, computer.fqdn, computer.status,
    computer.ip_address, computer.forwarded_ip_address, computer.mac_address,
    computer.created_at, computer.sync_start_date, computer.sync_end_date, computer.product,
    computer.machine, project.id AS project_id, project.name AS project,
    platform.id AS platform_id, platform.name AS platform,
    user.id AS user_id, user.name AS user, user.fullname,
    (SELECT count(*) FROM error WHERE computer_id = computer.id AND checked = 0) AS errors,
    (SELECT count(*) FROM fault WHERE computer_id = computer.id AND checked = 0) AS faults";

const FROM: &str = "
    FROM computer
    JOIN project ON project.id = computer.project_id
    JOIN platform ON platform.id = project.platform_id
    LEFT JOIN user ON user.id = computer.sync_user_id";

/// Lists a page of computers; one more than asked if there are more.
pub fn list(
    tx: &Seen<'_>,
    filter: &ComputerFilter,
    page: &ComputerPage,
) -> Result<Vec<ComputerRow>, StorageError> {
    let key = page.order.sql();
    let order = Sorted { by: page.order, descending: page.descending }.sql(key, "computer.id");
    let mut conditions = conditions(tx, filter);
    if let Some(cursor) = &page.after {
        order.after(&mut conditions, cursor, page.order.is_number());
    }
    conditions.bind(":limit", i64::from(page.limit) + 1);
    let sql = format!(
        "SELECT {COLUMNS}, {display} AS display, {key} AS sort_value {FROM}
         WHERE {conditions}
         {order} LIMIT :limit",
        display = display::expression(tx)?,
        conditions = conditions.sql(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*conditions.parameters())?, from_row)
}

/// Counts what the filter lets through.
pub fn count(tx: &Seen<'_>, filter: &ComputerFilter) -> Result<i64, StorageError> {
    let conditions = conditions(tx, filter);
    let sql = format!("SELECT count(*) {FROM} WHERE {}", conditions.sql());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    Ok(statement.query_row(&*conditions.parameters(), |row| row.get(0))?)
}

/// Returns one computer as the list shows it.
pub fn get(tx: &Seen<'_>, id: ComputerId) -> Result<ComputerRow, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS}, {display} AS display, computer.id AS sort_value {FROM}
         WHERE computer.id = :id AND {seen}",
        display = display::expression(tx)?,
        seen = tx.condition(Thing::Computer, "computer"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    match rows.next()? {
        Some(row) => from_row(row),
        None => Err(StorageError::not_found("computer", format!("CID-{id}"))),
    }
}

fn conditions(tx: &Seen<'_>, filter: &ComputerFilter) -> Conditions {
    let mut all = Conditions::default();
    all.add(tx.condition(Thing::Computer, "computer"));
    all.add(related::condition(filter.related, Kind::Computer, "computer.id"));
    all.with(filter.platform.map(|id| id.0), ":platform", "project.platform_id = :platform");
    all.with(filter.project.map(|id| id.0), ":project", "computer.project_id = :project");
    if !filter.statuses.is_empty() {
        let statuses: Vec<&str> = filter.statuses.iter().map(|status| status.as_str()).collect();
        all.bind(":statuses", serde_json::json!(statuses).to_string());
        all.add("computer.status IN (SELECT value FROM json_each(:statuses))");
    }
    all.with(filter.machine.map(Machine::as_str), ":machine", "computer.machine = :machine");
    all.when(filter.without_software, "computer.software_list_id IS NULL");
    let since = filter.not_synchronised_since.map(|at| at.as_millisecond());
    all.with(since, ":since", "ifnull(computer.sync_end_date, 0) < :since");
    all.when(filter.never_synchronised, "computer.sync_end_date IS NULL");
    let product = filter.product.as_deref().map(contains);
    all.with(product, ":product", r"computer.product LIKE :product ESCAPE '\'");
    all.with(
        filter.tag.map(|id| id.0),
        ":tag",
        "computer.id IN (SELECT computer_id FROM computer_tag WHERE attribute_id = :tag)",
    );
    all.with(
        filter.attribute.map(|id| id.0),
        ":attribute",
        "computer.id IN (SELECT computer_id FROM computer_attribute
                         WHERE attribute_id = :attribute AND valid_to IS NULL)",
    );
    all.with(filter.user.map(|id| id.0), ":user", "computer.sync_user_id = :user");
    all.with(
        filter.package.as_deref().map(contains),
        ":package",
        r"computer.software_list_id IN (
              SELECT list_id FROM software_list_item
              WHERE software_id IN (
                  SELECT id FROM software
                  WHERE name || '-' || version LIKE :package ESCAPE '\'
                     OR name || '_' || version || '_' || architecture LIKE :package ESCAPE '\'))",
    );
    if let Some(search) = &filter.search {
        search_conditions(&mut all, search, &filter.search_fields);
    }
    all
}

/// One alternative for each search field, and the user (D-COMP-03). A number, with or without
/// `CID-` before it, is the id where that is a search field.
fn search_conditions(all: &mut Conditions, search: &str, fields: &[SearchField]) {
    let mut any = vec![
        r"user.name LIKE :search ESCAPE '\'".to_owned(),
        r"user.fullname LIKE :search ESCAPE '\'".to_owned(),
    ];
    for field in fields {
        if *field == SearchField::Id {
            any.push("computer.id = :search_id".to_owned());
            all.bind(":search_id", parse_cid(&search.trim().to_uppercase()).map(|id| id.0));
        } else {
            any.push(format!(r"computer.{} LIKE :search ESCAPE '\'", field.as_str()));
        }
    }
    all.bind(":search", contains(search));
    all.add(format!("({})", any.join(" OR ")));
}

fn from_row(row: &Row<'_>) -> Result<ComputerRow, StorageError> {
    let id: i64 = row.get("id")?;
    let status: String = row.get("status")?;
    let machine: String = row.get("machine")?;
    let user: Option<i64> = row.get("user_id")?;
    let user_name: Option<String> = row.get("user")?;
    let at = |column: &str| -> Result<Option<Timestamp>, StorageError> {
        row.get::<_, Option<i64>>(column)?.map(instant).transpose()
    };
    Ok(ComputerRow {
        id: ComputerId(id),
        display_name: row.get("display")?,
        name: row.get("name")?,
        uuid: row.get("uuid")?,
        fqdn: row.get("fqdn")?,
        status: Status::parse(&status)
            .ok_or(StorageError::Corrupt { what: "status", value: status })?,
        project: Named { id: row.get("project_id")?, name: row.get("project")? },
        platform: Named { id: row.get("platform_id")?, name: row.get("platform")? },
        sync_user: user.zip(user_name).map(|(id, name)| Named { id, name }),
        sync_user_fullname: row.get::<_, Option<String>>("fullname")?.unwrap_or_default(),
        ip_address: row.get("ip_address")?,
        forwarded_ip_address: row.get("forwarded_ip_address")?,
        mac_address: row.get("mac_address")?,
        created_at: instant(row.get("created_at")?)?,
        sync_start_date: at("sync_start_date")?,
        sync_end_date: at("sync_end_date")?,
        product: row.get("product")?,
        machine: Machine::parse(&machine)
            .ok_or(StorageError::Corrupt { what: "machine", value: machine })?,
        unchecked_errors: row.get("errors")?,
        unchecked_faults: row.get("faults")?,
        cursor: Cursor::of_row(id, row.get_ref("sort_value")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scopes::View;
    use crate::storage::fixtures::{at, small_storage};
    use crate::storage::{Storage, settings};

    fn find(storage: &Storage, filter: ComputerFilter) -> Vec<i64> {
        let page = ComputerPage { limit: 100, ..ComputerPage::default() };
        let found = storage.read_now(|tx| {
            let tx = &tx.seen_by(View::EVERYTHING);
            let found = list(tx, &filter, &page)?;
            assert_eq!(count(tx, &filter)?, i64::try_from(found.len()).unwrap());
            Ok::<_, StorageError>(found)
        });
        found.unwrap().into_iter().map(|row| row.id.0).collect()
    }

    #[test]
    fn computers_are_searched_by_the_fields_of_the_site_and_their_users() {
        let (_dir, storage) = small_storage();
        let by_name = &[SearchField::Id, SearchField::Name][..];
        let by_address = &[SearchField::IpAddress][..];
        // rule        typed        fields      found
        let table = [
            ("D-COMP-03", "CID-1", by_name, vec![1]),
            ("D-COMP-03", "2", by_name, vec![2]),
            ("D-COMP-03", "PC-T", by_name, vec![2, 3]),
            ("D-COMP-03", "ana", by_name, vec![1]),
            ("D-COMP-03", "núñez", by_name, vec![1]),
            ("D-COMP-03", "10.0.0", by_name, vec![]),
            ("D-COMP-03", "10.0.0", by_address, vec![1, 2]),
            ("D-COMP-03", "pc-one", by_address, vec![]),
            ("D-COMP-03", "_", by_name, vec![]),
        ];
        for (rule, typed, fields, expected) in table {
            let filter = ComputerFilter {
                search: Some(typed.to_owned()),
                search_fields: fields.to_vec(),
                ..ComputerFilter::default()
            };
            assert_eq!(find(&storage, filter), expected, "{rule}: {typed} in {fields:?}");
        }
    }

    #[test]
    fn computers_are_filtered() {
        let (_dir, storage) = small_storage();
        let none = ComputerFilter::default;
        let net = storage.read_now(|tx| -> Result<i64, StorageError> {
            let sql = "SELECT id FROM attribute WHERE value = '10.0.0.0/24'";
            Ok(tx.sql().query_row(sql, [], |row| row.get(0))?)
        });
        let net = AttributeId(net.unwrap());
        let platform = storage.read_now(|tx| -> Result<_, StorageError> {
            Ok(crate::storage::projects::find_platform(tx, "Haiku")?.unwrap().id)
        });
        let statuses = vec![Status::Intended, Status::InRepair];
        let table = [
            ("D-COMP-04", none(), vec![1, 2, 3, 4]),
            ("D-COMP-04", ComputerFilter { project: Some(ProjectId(11)), ..none() }, vec![1, 3, 4]),
            ("D-PLT-04", ComputerFilter { platform: platform.ok(), ..none() }, vec![2]),
            ("D-COMP-04", ComputerFilter { statuses, ..none() }, vec![1, 3]),
            ("D-COMP-04", ComputerFilter { machine: Some(Machine::Virtual), ..none() }, vec![2]),
            ("D-COMP-04", ComputerFilter { without_software: true, ..none() }, vec![3, 4]),
            ("D-COMP-04", ComputerFilter { never_synchronised: true, ..none() }, vec![3, 4]),
            (
                "D-COMP-04",
                ComputerFilter { not_synchronised_since: Some(at(2000)), ..none() },
                vec![2, 3, 4],
            ),
            ("D-COMP-04", ComputerFilter { product: Some("optiplex".into()), ..none() }, vec![1]),
            ("D-ATTR-04", ComputerFilter { attribute: Some(net), ..none() }, vec![1, 2]),
            (
                "D-SCN-03",
                ComputerFilter { package: Some("acme-test-files-1.0-2".into()), ..none() },
                vec![1],
            ),
            (
                "D-SCN-03",
                ComputerFilter { package: Some("acme-test-files-1.0-1".into()), ..none() },
                vec![],
            ),
        ];
        for (rule, filter, expected) in table {
            let shown = format!("{filter:?}");
            assert_eq!(find(&storage, filter), expected, "{rule}: {shown}");
        }
    }

    #[test]
    fn every_order_pages_without_gaps_or_repeats() {
        let (_dir, storage) = small_storage();
        let fields = SearchField::ALL.into_iter().map(ComputerOrder::Field);
        let others = [
            ComputerOrder::Project,
            ComputerOrder::Status,
            ComputerOrder::User,
            ComputerOrder::SyncEnd,
            ComputerOrder::Created,
        ];
        for order in fields.chain(others) {
            for descending in [false, true] {
                let mut seen = Vec::new();
                let mut after = None;
                loop {
                    let page = ComputerPage { order, descending, after: after.take(), limit: 1 };
                    let found: Result<_, StorageError> = storage.read_now(|tx| {
                        list(&tx.seen_by(View::EVERYTHING), &ComputerFilter::default(), &page)
                    });
                    let found = found.unwrap();
                    seen.push(found[0].id.0);
                    if found.len() == 1 {
                        break;
                    }
                    after = Cursor::parse(&found[0].cursor.to_string());
                }
                let mut sorted = seen.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, [1, 2, 3, 4], "{order:?} {descending}: {seen:?}");
            }
        }
    }

    #[test]
    fn d_comp_02_the_first_search_field_names_a_computer() {
        let (_dir, storage) = small_storage();
        let name = |storage: &Storage| -> Result<String, StorageError> {
            storage
                .read_now(|tx| Ok(get(&tx.seen_by(View::EVERYTHING), ComputerId(1))?.display_name))
        };
        assert_eq!(name(&storage).unwrap(), "CID-1");
        let set = |fields: &'static str| {
            storage.write_now(move |tx| settings::put(tx, "COMPUTER_SEARCH_FIELDS", fields))
        };
        set("name, id").unwrap();
        assert_eq!(name(&storage).unwrap(), "pc-one (CID-1)");
        set("fqdn").unwrap();
        assert_eq!(name(&storage).unwrap(), "CID-1");
    }

    #[test]
    fn the_order_by_name_and_by_synchronisation_walks_an_index() {
        let (_dir, storage) = small_storage();
        for (order, index) in [
            (ComputerOrder::Field(SearchField::Name), "computer_name"),
            (ComputerOrder::SyncEnd, "computer_sync_end"),
        ] {
            let plan: Result<Vec<String>, StorageError> = storage.read_now(|tx| {
                let sql = format!(
                    "EXPLAIN QUERY PLAN SELECT {COLUMNS} {FROM} ORDER BY {0}, computer.id LIMIT 2",
                    order.sql()
                );
                let mut statement = tx.sql().prepare(&sql)?;
                let rows = statement.query_map([], |row| row.get("detail"))?;
                Ok(rows.collect::<Result<_, _>>()?)
            });
            let plan = plan.unwrap().join("\n");
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{order:?}: {plan}");
        }
    }
}
