//! The user guide, `/guide`: within the frame of the site and, like every page, for those who are
//! signed in. It would do no harm outside; but strangers get nothing that they do not need, and the
//! frame has the reader's menus beside what the guide says about them.

use actix_web::web::Path;
use maud::html;

use crate::app::AppError;
use crate::t;
use crate::web::error::PageResult;
use crate::web::guide::{self, Page};
use crate::web::layout::Content;
use crate::web::urls;
use crate::web::visit::Visit;

async fn show(visit: Visit, page: Page, is_index: bool) -> PageResult {
    visit
        .show(|frame| {
            let lang = frame.lang();
            let other = page.lang != lang;
            let body = html! {
                @if other { p.soft { (t!(lang, "guide-english-only")) } }
                article.guide lang=[other.then_some(page.lang.code())] { (page.body) }
            };
            let content = Content::new(page.title, body);
            frame.page(match is_index {
                true => content,
                false => content.below(urls::GUIDE, t!(lang, "nav-guide")),
            })
        })
        .await
}

/// `GET /guide`.
pub async fn index(visit: Visit) -> PageResult {
    let page = guide::index(visit.lang).ok_or_else(|| AppError::not_found("page", "guide"))?;
    show(visit, page, true).await
}

/// `GET /guide/{name}`.
pub async fn page(visit: Visit, name: Path<String>) -> PageResult {
    let page = guide::find(&name, visit.lang);
    let page = page.ok_or_else(|| AppError::not_found("page", name.as_str()))?;
    show(visit, page, false).await
}
