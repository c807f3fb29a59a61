//! Pages of the patterns of errors that need no check.

use actix_web::http::StatusCode;

use crate::web::tests::visitor::Visitor;

#[actix_web::test]
async fn d_err_03_a_pattern_that_is_none_is_refused_and_can_be_mended() {
    let visitor = Visitor::of("admin").await;
    let list = "/auto-check-errors";
    for wrong in ["", "(open", "a{2,1}"] {
        let answer = visitor.post(list, &[("message", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(answer.body.contains("aria-invalid"), "{wrong:?}");
    }
    assert_eq!(visitor.post(list, &[("message", "<net> .*down")]).await.location, list);
    let html = visitor.page(list).await;
    assert!(html.contains("&lt;net&gt; .*down") && !html.contains("<net>"), "{html}");
    let url = format!("{list}/1");
    visitor.post(&url, &[("message", "down")]).await;
    assert!(visitor.page(&url).await.contains("down</textarea>"));
    visitor.post(&format!("{url}/delete"), &[("confirmed", "yes")]).await;
    assert_eq!(visitor.get(&url).await.status, StatusCode::NOT_FOUND);
}
