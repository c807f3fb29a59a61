//! Groups of accounts: list, form with the table of permissions (6.3).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::groups::{AccountGroupForm, Group, GroupDetail};
use crate::app::related::Kind;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::ids::GroupId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::list::List;
use crate::web::components::permissions::permissions;
use crate::web::components::status::yes_no;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;
use crate::web::{related, sorting};

/// Renders the list; whoever does not administer accounts sees the names.
pub fn list_page<'a>(frame: &'a Frame, groups: &'a [Group]) -> List<'a> {
    let lang = frame.lang();
    let whole = frame.may(Model::Group, Action::Change);
    let rows = groups.iter().map(|group| {
        let cells = match whole {
            true => vec![
                html! { a href=(urls::object(urls::GROUPS, group.id)) { (group.name) } },
                html! { (group.members) },
                yes_no(lang, group.is_modified),
            ],
            false => vec![html! { (group.name) }],
        };
        Row::new("group", group.id, cells)
    });
    let mut columns = vec![column(lang, "name").sortable("name")];
    if whole {
        columns.push(column(lang, "members").number().sortable("members"));
        columns.push(column(lang, "modified").sortable("modified"));
    }
    let table = Table {
        lang,
        caption: t!(lang, "nav-groups"),
        columns,
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Groups>(frame),
        empty: t!(lang, "groups-empty"),
    };
    List::new(table).with_actions(crud::addition::<Groups>(frame))
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<Group>; 3] = [
    ("name", |group| (&group.name).into()),
    ("members", |group| group.members.into()),
    ("modified", |group| group.is_modified.into()),
];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Groups>) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let stored = view.stored.as_ref();
    let fields = html! {
        (form.text("name", &view.form.name).required().max(150))
        @if let Some(detail) = stored {
            p.hint {
                @if detail.group.is_modified { (t!(lang, "group-modified")) }
                @else { (t!(lang, "group-not-modified")) }
            }
        }
        (permissions(&form, "permissions", &view.form.permissions))
    };
    let body = html! {
        section.card { (view.framed(form, fields)) }
        @if let Some(GroupDetail { members, .. }) = stored {
            section.card {
                h2 { (t!(lang, "field-members")) }
                @if members.is_empty() { p.soft { (t!(lang, "group-no-members")) } }
                ul.chips {
                    @for member in members {
                        li { a href=(urls::object(urls::ACCOUNTS, member.id)) { (member.name) } }
                    }
                }
            }
        }
    };
    frame.page(view.content(frame, &view.form.name, body))
}

/// `GET /groups`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let groups = visit.app.groups(visit.actor()).await?;
    let mut groups = related::keep(&visit, Kind::Group, groups, |one| one.id.0).await?;
    sorting::sort(&visit.query, &mut groups, &SORTED);
    visit.list(&frame, list_page(&frame, &groups))
}

/// What is done with groups.
pub struct Groups;

impl Crud for Groups {
    type Id = GroupId;
    type Form = AccountGroupForm;
    type Stored = GroupDetail;

    const MODEL: Model = Model::Group;
    const LIST: &'static str = urls::GROUPS;
    const NAV: &'static str = "nav-groups";
    const NEW: &'static str = "group-new";
    const QUESTION: &'static str = "group-delete-question";

    fn id(number: i64) -> GroupId {
        GroupId(number)
    }

    fn name(stored: &GroupDetail) -> String {
        stored.group.name.clone()
    }

    fn blank(_query: &Query) -> AccountGroupForm {
        AccountGroupForm::default()
    }

    fn typed(stored: &GroupDetail) -> AccountGroupForm {
        stored.into()
    }

    fn read(fields: &Fields) -> AccountGroupForm {
        AccountGroupForm {
            name: fields.get("name").trim().to_owned(),
            permissions: fields.all("permissions").map(str::to_owned).collect(),
        }
    }

    async fn find(visit: &Visit, id: GroupId) -> Result<GroupDetail, AppError> {
        visit.app.group(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<GroupId>,
        form: AccountGroupForm,
    ) -> Result<GroupDetail, AppError> {
        match id {
            Some(id) => visit.app.change_group(visit.actor(), id, form).await,
            None => visit.app.add_group(visit.actor(), form).await,
        }
    }

    async fn delete(visit: &Visit, id: GroupId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_group(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn losses(lang: Lang, stored: &GroupDetail) -> Vec<String> {
        let members = stored.group.members;
        let loss = (members > 0).then(|| t!(lang, "loss-members", count = members));
        loss.into_iter().collect()
    }
}
