//! Accounts that administer the site: list, form, deletion, a new password by a superuser (6.2).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::accounts::{AccountDetail, AccountForm, AccountShown};
use crate::app::related::Kind;
use crate::domain::account::{Action, Model};
use crate::domain::ids::AccountId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, card, link_button};
use crate::web::components::permissions::permissions;
use crate::web::components::status::{Level, badge, yes_no};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time_or_dash;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::lookups;
use crate::web::related;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list; whoever does not administer accounts sees their names.
pub fn list_page<'a>(frame: &'a Frame, accounts: &'a [AccountShown]) -> List<'a> {
    let lang = frame.lang();
    let whole = frame.actor.administers_accounts();
    let row = |shown: &AccountShown| match shown {
        AccountShown::Whole(detail) => whole_row(frame, detail),
        AccountShown::Name { id, username } => Row::new("account", id, vec![html! { (username) }]),
    };
    let columns: &[&str] = match whole {
        true => &["username", "full-name", "groups", "is-active", "last-login"],
        false => &["username"],
    };
    let table = Table {
        lang,
        caption: t!(lang, "nav-accounts"),
        columns: columns.iter().map(|name| column(lang, name)).collect(),
        rows: accounts.iter().map(row).collect(),
        order: None,
        selection: None,
        empty: t!(lang, "accounts-empty"),
    };
    let actions = html! {
        @if frame.may(Model::Account, Action::Add) {
            (link_button(&urls::new(urls::ACCOUNTS), "plus", &t!(lang, "account-new")))
        }
    };
    List::new(table).with_actions(actions)
}

fn whole_row(frame: &Frame, detail: &AccountDetail) -> Row {
    let lang = frame.lang();
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
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Account, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
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
            @for (place, group) in view.groups.iter().enumerate() {
                div.tick {
                    input type="checkbox" name="groups" id={ "group-" (place) } value=(group)
                        checked[data.groups.contains(group)] disabled[!writable];
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
    let url = view.id.map_or(urls::ACCOUNTS.to_owned(), |id| urls::object(urls::ACCOUNTS, id));
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::ACCOUNTS))) }
        @if let Some(id) = view.id.filter(|_| frame.actor.is_superuser()) {
            (password_card(&form, id))
        }
    };
    let title = match view.id {
        Some(_) => data.username.clone(),
        None => t!(lang, "account-new"),
    };
    let deletable = view.id.filter(|_| frame.may(Model::Account, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::ACCOUNTS, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::ACCOUNTS, t!(lang, "nav-accounts"));
    frame.page(content.with_actions(actions))
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
    let accounts = related::keep(&visit, Kind::Account, accounts, |one| one.id().0).await?;
    visit.list(&frame, list_page(&frame, &accounts))
}

/// `GET /accounts/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Account, Action::Add).map_err(AppError::from)?;
    let form = AccountForm { is_active: true, is_staff: true, ..AccountForm::default() };
    show_form(&visit, None, form, Problems::none()).await
}

/// `GET /accounts/{id}`.
pub async fn edit(visit: Visit, id: Path<AccountId>) -> PageResult {
    let detail = visit.app.account_detail(visit.actor(), *id).await?;
    let form = AccountForm::from(&detail);
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

/// `GET /accounts/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<AccountId>) -> PageResult {
    visit.actor().permit(Model::Account, Action::Delete).map_err(AppError::from)?;
    let detail = visit.app.account_detail(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = (detail.tokens > 0).then(|| t!(lang, "loss-tokens", count = detail.tokens));
    let name = detail.account.username.as_str();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::ACCOUNTS, *id, "delete"),
            back: urls::object(urls::ACCOUNTS, *id),
            question: t!(lang, "account-delete-question", name = name),
            losses: losses.into_iter().collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::ACCOUNTS, t!(lang, "nav-accounts")))
    };
    visit.show(page).await
}

/// `POST /accounts/{id}/delete`.
pub async fn delete(post: Post, id: Path<AccountId>) -> PageResult {
    let visit = post.visit;
    let name = visit.app.account(visit.actor(), *id).await?.username().to_owned();
    let confirmed = post.fields.ticked("confirmed");
    visit.app.delete_account(visit.actor(), *id, confirmed).await?;
    Ok(visit.done(urls::ACCOUNTS, Flash::done("done-deleted", name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<AccountId>,
    form: AccountForm,
    problems: Problems,
) -> PageResult {
    let groups = visit.app.groups(visit.actor()).await?.into_iter();
    let groups = groups.map(|group| group.name).collect();
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
        permissions: fields.all("permissions").map(str::to_owned).collect(),
        domains: lookups::lines(fields, "domains"),
    }
}
