//! Accounts that administer the site: list, form, a new password by a superuser (6.2).

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::accounts::{AccountDetail, AccountForm, AccountShown};
use crate::app::related::Kind;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::ids::AccountId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::card;
use crate::web::components::permissions::permissions;
use crate::web::components::status::{Level, badge, yes_no};
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::components::time::time_or_dash;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::Frame;
use crate::web::pages::lookups;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};
use crate::web::{related, sorting};

/// Renders the list; whoever does not administer accounts sees their names.
pub fn list_page<'a>(frame: &'a Frame, accounts: &'a [AccountShown]) -> List<'a> {
    let lang = frame.lang();
    let whole = frame.actor.administers_accounts();
    let row = |shown: &AccountShown| match shown {
        AccountShown::Whole(detail) => whole_row(frame, detail),
        AccountShown::Name { id, username } => Row::new("account", id, vec![html! { (username) }]),
    };
    let columns: &[&'static str] = match whole {
        true => &["username", "full-name", "groups", "is-active", "last-login"],
        false => &["username"],
    };
    let table = Table {
        lang,
        caption: t!(lang, "nav-accounts"),
        columns: columns.iter().map(|name| column(lang, name).sortable(name)).collect(),
        rows: accounts.iter().map(row).collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Accounts>(frame),
        empty: t!(lang, "accounts-empty"),
    };
    List::new(table).with_actions(crud::addition::<Accounts>(frame))
}

fn whole_row(frame: &Frame, detail: &AccountDetail) -> Row {
    let lang = frame.lang();
    let account = &detail.account;
    let cells = vec![
        html! {
            a href=(urls::object(urls::ACCOUNTS, account.id)) { (account.username) }
            @if account.is_demo && account.is_active {
                " " (badge(Level::Warning, &t!(lang, "account-demo")))
            }
        },
        html! { (full_name(detail)) },
        html! {
            ul.chips {
                @if account.is_superuser { li { (t!(lang, "field-is-superuser")) } }
                @for group in &detail.groups { li { (group) } }
            }
        },
        yes_no(lang, account.is_active),
        time_or_dash(&frame.reader, account.last_login),
    ];
    Row::new("account", account.id, cells)
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<AccountShown>; 5] = [
    ("username", |shown| shown.username().into()),
    ("full-name", |shown| whole(shown).map_or_else(String::new, full_name).as_str().into()),
    ("groups", |shown| {
        whole(shown).map_or_else(String::new, |one| one.groups.join(" ")).as_str().into()
    }),
    ("is-active", |shown| whole(shown).is_some_and(|one| one.account.is_active).into()),
    ("last-login", |shown| whole(shown).and_then(|one| one.account.last_login).into()),
];

fn whole(shown: &AccountShown) -> Option<&AccountDetail> {
    match shown {
        AccountShown::Whole(detail) => Some(detail),
        AccountShown::Name { .. } => None,
    }
}

fn full_name(detail: &AccountDetail) -> String {
    let name = format!("{} {}", detail.account.first_name, detail.account.last_name);
    name.trim().to_owned()
}

/// What is typed about an account.
#[derive(Clone)]
pub struct Typing {
    account: AccountForm,
    /// The first one; afterwards it has a form of its own.
    password: String,
}

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Accounts>, groups: &[String]) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let data = &view.form.account;
    let domains = data.domains.join("\n");
    let fields = html! {
        (form.text("username", &data.username).required().max(150).complete("off"))
        @if view.id.is_none() {
            (form.password("password").required().complete("new-password"))
        }
        div.pair {
            (form.text("first_name", &data.first_name).max(150))
            (form.text("last_name", &data.last_name).max(150))
        }
        (form.text("email", &data.email).max(254))
        (form.tick("is_active", data.is_active))
        (form.tick("is_staff", data.is_staff))
        (form.tick("is_superuser", data.is_superuser))
        fieldset {
            legend { (t!(lang, "field-groups")) }
            @for (place, group) in groups.iter().enumerate() {
                div.tick {
                    input type="checkbox" name="groups" id={ "group-" (place) } value=(group)
                        checked[data.groups.contains(group)] disabled[!form.writable];
                    label for={ "group-" (place) } { (group) }
                }
            }
        }
        (form.lines("domains", &domains).fixed(!frame.actor.is_superuser()).hint("hint-account-domains"))
        details.fold open[!data.permissions.is_empty()] {
            summary { (t!(lang, "account-own-permissions")) }
            div.inside {
                p.hint { (t!(lang, "account-own-permissions-hint")) }
                (permissions(&form, "permissions", &data.permissions))
            }
        }
    };
    let body = html! {
        section.card.narrow { (view.framed(form, fields)) }
        @if let Some(id) = view.id.filter(|_| frame.actor.is_superuser()) {
            (password_card(&form, id))
        }
    };
    frame.page(view.content(frame, &data.username, body))
}

fn password_card(form: &Form<'_>, id: AccountId) -> Markup {
    let url = urls::part(urls::ACCOUNTS, id, "password");
    let button = html! { button.button type="submit" { (t!(form.lang, "account-set-password")) } };
    let problems = Problems::none();
    let own = Form { problems: &problems, ..*form };
    let field = own.password("password").label("field-new-password").complete("new-password");
    html! {
        div.narrow {
            (card(&t!(form.lang, "account-password"), own.frame(&url, field.required(), button)))
        }
    }
}

/// `GET /accounts`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let accounts = visit.app.accounts(visit.actor()).await?;
    let mut accounts = related::keep(&visit, Kind::Account, accounts, |one| one.id().0).await?;
    sorting::sort(&visit.query, &mut accounts, &SORTED);
    visit.list(&frame, list_page(&frame, &accounts))
}

/// `POST /accounts/{id}/password`.
pub async fn set_password(post: Post, id: Path<AccountId>) -> PageResult {
    let visit = post.visit;
    let password = post.fields.get("password").to_owned();
    visit.app.set_password(visit.actor(), *id, password).await?;
    let url = urls::object(urls::ACCOUNTS, *id);
    Ok(visit.done(&url, Flash::done("done-password", "")))
}

/// What is done with accounts.
pub struct Accounts;

impl Crud for Accounts {
    type Id = AccountId;
    type Form = Typing;
    type Stored = AccountDetail;

    const MODEL: Model = Model::Account;
    const LIST: &'static str = urls::ACCOUNTS;
    const NAV: &'static str = "nav-accounts";
    const NEW: &'static str = "account-new";
    const QUESTION: &'static str = "account-delete-question";
    const SWITCHED: bool = true;

    fn id(number: i64) -> AccountId {
        AccountId(number)
    }

    fn name(stored: &AccountDetail) -> String {
        stored.account.username.clone()
    }

    fn blank(_query: &Query) -> Typing {
        let account = AccountForm { is_active: true, is_staff: true, ..AccountForm::default() };
        Typing { account, password: String::new() }
    }

    fn typed(stored: &AccountDetail) -> Typing {
        Typing { account: stored.into(), password: String::new() }
    }

    fn read(fields: &Fields) -> Typing {
        let account = AccountForm {
            username: fields.get("username").trim().to_owned(),
            first_name: fields.get("first_name").trim().to_owned(),
            last_name: fields.get("last_name").trim().to_owned(),
            email: fields.get("email").trim().to_owned(),
            is_active: fields.ticked("is_active"),
            is_superuser: fields.ticked("is_superuser"),
            is_staff: fields.ticked("is_staff"),
            groups: fields.all("groups").map(str::to_owned).collect(),
            permissions: fields.all("permissions").map(str::to_owned).collect(),
            domains: lookups::lines(fields, "domains"),
        };
        Typing { account, password: fields.get("password").to_owned() }
    }

    async fn find(visit: &Visit, id: AccountId) -> Result<AccountDetail, AppError> {
        visit.app.account_detail(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<AccountId>,
        form: Typing,
    ) -> Result<AccountDetail, AppError> {
        let Typing { account, password } = form;
        match id {
            Some(id) => visit.app.change_account(visit.actor(), id, account).await,
            None => visit.app.add_account(visit.actor(), account, password).await,
        }
    }

    async fn delete(visit: &Visit, id: AccountId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_account(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        let groups = visit.app.groups(visit.actor()).await?.into_iter();
        let groups: Vec<String> = groups.map(|group| group.name).collect();
        visit.show_as(typed.status(), |frame| form_page(frame, &typed, &groups)).await
    }

    fn losses(lang: Lang, stored: &AccountDetail) -> Vec<String> {
        let loss = (stored.tokens > 0).then(|| t!(lang, "loss-tokens", count = stored.tokens));
        loss.into_iter().collect()
    }

    fn switch(form: &mut Typing, enabled: bool) {
        form.account.is_active = enabled;
    }
}
