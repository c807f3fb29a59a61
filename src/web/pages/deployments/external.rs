//! What only external deployments have on the pages: their source (7.5).

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::deployments::ExternalChange;
use crate::app::external_cache::Usage;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::deployment::Source;
use crate::domain::external::{
    self, External, MAX_BASE_URL, MAX_COMPONENTS, MAX_OPTIONS, MAX_SUITE,
};
use crate::domain::ids::DeploymentId;
use crate::domain::pms::Pms;
use crate::formats::apt::ExternalLine;
use crate::formats::yum::ExternalSection;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::facts::Facts;
use crate::web::components::form::Form;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::reader::size;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// What is typed about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub base_url: String,
    pub suite: String,
    pub components: String,
    pub options: String,
    pub frozen: bool,
    pub expire: String,
}

impl From<External> for Typed {
    fn from(external: External) -> Self {
        let External { base_url, suite, components, options, frozen, expire_minutes } = external;
        Self { base_url, suite, components, options, frozen, expire: expire_minutes.to_string() }
    }
}

impl Typed {
    /// Reads the form; `None` for that of a deployment with packages of the site's own.
    pub fn read(fields: &Fields) -> Option<Self> {
        let text = |name| fields.get(name).to_owned();
        (fields.get("source") == Source::External.as_str()).then(|| Self {
            base_url: text("base_url"),
            suite: text("suite"),
            components: text("components"),
            options: text("options"),
            frozen: fields.ticked("frozen"),
            expire: text("expire"),
        })
    }

    /// What the form asks for.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an expiry that is no number.
    pub fn change(&self) -> Result<ExternalChange, AppError> {
        let expire = self.expire.trim().parse();
        let expire = expire
            .map_err(|_| AppError::invalid("expire", "a whole number of minutes is needed"))?;
        Ok(ExternalChange {
            source: Some(Source::External),
            base_url: Some(self.base_url.clone()),
            suite: Some(self.suite.clone()),
            components: Some(self.components.clone()),
            options: Some(self.options.clone()),
            frozen: Some(self.frozen),
            expire_minutes: Some(expire),
        })
    }
}

/// Where a new deployment takes its packages from: two links, the present one marked.
pub fn chooser(form: Form<'_>, chosen: Source) -> Markup {
    let lang = form.lang;
    let new = urls::new(urls::DEPLOYMENTS);
    let link = |source: Source, url: String, key| {
        let current = (source == chosen).then_some("page");
        html! { li { a href=(url) aria-current=[current] { (t!(lang, key)) } } }
    };
    html! {
        nav aria-label=(t!(lang, "field-source")) {
            ul.related {
                (link(Source::Internal, new.clone(), "source-internal"))
                (link(Source::External, urls::filtered(&new, "source", "E"), "source-external"))
            }
        }
    }
}

/// The fields of the source.
pub fn fields(form: Form<'_>, typed: &Typed) -> Markup {
    html! {
        section.card {
            h2 { (t!(form.lang, "deployment-source")) }
            p.hint { (t!(form.lang, "deployment-source-text")) }
            input type="hidden" name="source" value=(Source::External.as_str());
            (form.text("base_url", &typed.base_url).required().max(limit(MAX_BASE_URL)))
            div.pair {
                (form.text("suite", &typed.suite).max(limit(MAX_SUITE)))
                (form.text("components", &typed.components).max(limit(MAX_COMPONENTS)))
            }
            (form.text("options", &typed.options).max(limit(MAX_OPTIONS)))
            div.pair {
                (form.tick("frozen", typed.frozen))
                (form.number("expire", &typed.expire).required())
            }
        }
    }
}

/// The source of a deployment.
pub fn facts(lang: Lang, external: &External) -> Facts {
    let yes_no = if external.frozen { "ui-yes" } else { "ui-no" };
    let expire = t!(lang, "deployment-expire", count = i64::from(external.expire_minutes));
    Facts::new(lang)
        .add("base-url", html! { span.mono { (external.base_url) } })
        .add_text("suite", &external.suite)
        .add_text("components", &external.components)
        .add_text("options", &external.options)
        .add("frozen", t!(lang, yes_no))
        .add_some("expire", (!external.frozen).then_some(expire))
}

/// What the client writes (D-EXT-03); `address` is that of the cache.
pub fn source(address: &str, slug: &str, pms: Pms, external: &External) -> String {
    let External { suite, components, options, .. } = external;
    match pms {
        Pms::AptGet | Pms::Msi => {
            ExternalLine { options, uri: address, suite, components }.to_string()
        }
        Pms::Yum | Pms::Zypper => {
            let components: Vec<String> =
                components.split_whitespace().map(str::to_owned).collect();
            let section = |(id, path): (String, String)| {
                let base_url = format!("{address}/{path}");
                ExternalSection { id: &id, base_url: &base_url, options }.with_defaults("")
            };
            let sections = external::sections(slug, suite, &components);
            sections.into_iter().map(section).collect::<Vec<_>>().join("\n")
        }
    }
}

/// What the cache holds, and the button that empties it.
pub fn cache(frame: &Frame, id: DeploymentId, usage: Usage) -> Markup {
    let lang = frame.lang();
    html! {
        (Facts::new(lang).add("kept-files", usage.files).add("size", size(usage.size_bytes)))
        @if frame.may(Model::Deployment, Action::Change) {
            @let url = urls::part(urls::DEPLOYMENTS, id, "cache");
            p { (link_button(&url, "delete", &t!(lang, "deployment-empty-cache"))) }
        }
    }
}

/// `GET /deployments/{id}/cache`: asks before the cache is emptied; what is frozen would be lost.
pub async fn confirm(visit: Visit, id: Path<DeploymentId>) -> PageResult {
    visit.actor().permit(Model::Deployment, Action::Change).map_err(AppError::from)?;
    let lang = visit.lang;
    let usage = visit.app.external_usage(visit.actor(), *id).await?;
    let detail = visit.app.deployment(visit.actor(), *id).await?;
    let name = detail.deployment.name;
    let back = urls::object(urls::DEPLOYMENTS, *id);
    let files = i64::try_from(usage.files).unwrap_or(i64::MAX);
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::DEPLOYMENTS, *id, "cache"),
            back: back.clone(),
            question: t!(lang, "deployment-empty-cache-question", name = name.as_str()),
            losses: vec![t!(lang, "loss-cache", count = files)],
            fields: Vec::new(),
            button: t!(lang, "deployment-empty-cache"),
        };
        let content = Content::new(t!(lang, "deployment-empty-cache"), confirm);
        let content = content.below(urls::DEPLOYMENTS, t!(lang, "nav-deployments"));
        frame.page(content.below(back.clone(), name.clone()))
    };
    visit.show(page).await
}

/// `POST /deployments/{id}/cache`.
pub async fn empty(post: Post, id: Path<DeploymentId>) -> PageResult {
    let visit = post.visit;
    let deployment = visit.app.empty_external_cache(visit.actor(), *id).await?;
    let url = urls::object(urls::DEPLOYMENTS, *id);
    Ok(visit.done(&url, Flash::done("done-cache-emptied", deployment.name)))
}

fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
