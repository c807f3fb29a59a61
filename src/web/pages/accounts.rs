//! Accounts that administer the site: list, form, a new password by a superuser (6.2).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::accounts::{AccountDetail, AccountForm};
use crate::domain::account::{Action, Model};
use crate::domain::ids::AccountId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::panel::{card, link_button};
use crate::web::components::related::{Related, related};
use crate::web::components::status::{Level, badge, yes_no};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time_or_dash;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn list_page(frame: &Frame, accounts: &[AccountDetail]) -> Markup {
    let lang = frame.lang();
    let rows = accounts.iter().map(|detail| {
        let account = &detail.account;
        let name = format!("{} {}", account.first_name, account.last_name);
        let cells = vec![
            html! {
                a href=(urls::object(urls::ACCOUNTS, account.id)) { (account.username) }
                @if account.is_demo && account.is_active {
                    " " (badge(Level::Warning, &t!(lang, "account-demo")))
                }
            },
            html! { (name.trim()) },
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
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-accounts"),
        columns: ["username", "full-name", "groups", "is-active", "last-login"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "accounts-empty"),
    };
    let actions = html! {
        @if frame.actor.is_superuser() {
            (link_button(&urls::new(urls::ACCOUNTS), "plus", &t!(lang, "account-new")))
        }
    };
    frame.page(Content::new(t!(lang, "nav-accounts"), table).with_actions(actions))
}

/// One account, or a new one.
pub struct FormView {
    /// Absent while it is new.
    pub id: Option<AccountId>,
    pub form: AccountForm,
    /// Names of all groups.
    pub groups: Vec<String>,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let writable = frame.actor.is_superuser();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
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
            @for (place, group) in view.groups.iter().enumerate() {
                div.tick {
                    input type="checkbox" name="groups" id={ "group-" (place) } value=(group)
                        checked[data.groups.contains(group)] disabled[!writable];
                    label for={ "group-" (place) } { (group) }
                }
            }
        }
    };
    let url = view.id.map_or(urls::ACCOUNTS.to_owned(), |id| urls::object(urls::ACCOUNTS, id));
    let body = html! {
        @if let Some(id) = view.id {
            (related(lang, &[Related::view(lang, "nav-history", urls::history("account", id))]))
        }
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::ACCOUNTS))) }
        @if let Some(id) = view.id.filter(|_| writable) { (password_card(&form, id)) }
    };
    let title = match view.id {
        Some(_) => data.username.clone(),
        None => t!(lang, "account-new"),
    };
    frame.page(Content::new(title, body).below(urls::ACCOUNTS, t!(lang, "nav-accounts")))
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
    let accounts = visit.app.accounts(visit.actor()).await?;
    visit.show(|frame| list_page(frame, &accounts)).await
}

/// `GET /accounts/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().superuser_permit(Model::Account, Action::Add).map_err(AppError::from)?;
    let form = AccountForm { is_active: true, is_staff: true, ..AccountForm::default() };
    show_form(&visit, None, form, Problems::none()).await
}

/// `GET /accounts/{id}`.
pub async fn edit(visit: Visit, id: Path<AccountId>) -> PageResult {
    let AccountDetail { account, groups } = visit.app.account(visit.actor(), *id).await?;
    let form = AccountForm {
        username: account.username,
        first_name: account.first_name,
        last_name: account.last_name,
        email: account.email,
        is_active: account.is_active,
        is_superuser: account.is_superuser,
        is_staff: account.is_staff,
        groups,
    };
    show_form(&visit, Some(*id), form, Problems::none()).await
}

/// `POST /accounts`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    let password = post.fields.get("password").to_owned();
    match visit.app.add_account(visit.actor(), form.clone(), password).await {
        Ok(added) => {
            Ok(visit.done(urls::ACCOUNTS, Flash::done("done-added", added.account.username)))
        }
        Err(error) => show_form(&visit, None, form, problems(visit.lang, error)?).await,
    }
}

/// `POST /accounts/{id}`.
pub async fn change(post: Post, id: Path<AccountId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_account(visit.actor(), *id, form.clone()).await {
        Ok(saved) => {
            Ok(visit.done(urls::ACCOUNTS, Flash::done("done-saved", saved.account.username)))
        }
        Err(error) => show_form(&visit, Some(*id), form, problems(visit.lang, error)?).await,
    }
}

/// `POST /accounts/{id}/password`.
pub async fn set_password(post: Post, id: Path<AccountId>) -> PageResult {
    let visit = post.visit;
    let password = post.fields.get("password").to_owned();
    visit.app.set_password(visit.actor(), *id, password).await?;
    let url = urls::object(urls::ACCOUNTS, *id);
    Ok(visit.done(&url, Flash::done("done-password", "")))
}

async fn show_form(
    visit: &Visit,
    id: Option<AccountId>,
    form: AccountForm,
    problems: Problems,
) -> PageResult {
    let groups = visit.app.group_names(visit.actor()).await?;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, groups, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> AccountForm {
    AccountForm {
        username: fields.get("username").trim().to_owned(),
        first_name: fields.get("first_name").trim().to_owned(),
        last_name: fields.get("last_name").trim().to_owned(),
        email: fields.get("email").trim().to_owned(),
        is_active: fields.ticked("is_active"),
        is_superuser: fields.ticked("is_superuser"),
        is_staff: fields.ticked("is_staff"),
        groups: fields.all("groups").map(str::to_owned).collect(),
    }
}
