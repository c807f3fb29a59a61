//! Pages of schedules over a real site.

use actix_web::http::StatusCode;

use crate::web::tests::visitor::Visitor;

#[actix_web::test]
async fn d_sched_02_a_schedule_gets_its_delays_one_by_one_without_scripts() {
    let visitor = Visitor::of("admin").await;
    let answer = visitor.post("/schedules", &[("name", "SLOW <b>"), ("description", "x")]).await;
    assert_eq!(answer.location, "/schedules/3");
    let search =
        [("delay", "5"), ("duration", "2"), ("look", "attributes"), ("find_attributes", "ALL")];
    let answer = visitor.post("/schedules/3/delays", &search).await;
    assert_eq!(answer.status, StatusCode::OK);
    let tick = "name=\"pick_attributes\" value=\"SET-ALL SYSTEMS\"";
    assert!(answer.body.contains(tick), "{}", answer.body);
    let ticked = [("delay", "5"), ("duration", "2"), ("pick_attributes", "SET-ALL SYSTEMS")];
    assert_eq!(visitor.post("/schedules/3/delays", &ticked).await.location, "/schedules/3");
    let html = visitor.page("/schedules/3").await;
    assert!(html.contains("SLOW &lt;b&gt;") && html.contains("/schedules/3/delays/5"), "{html}");
    let html = visitor.page("/schedules").await;
    assert!(html.contains("5, over 2 days: SET-ALL SYSTEMS"), "{html}");

    for (delay, problem) in [("0", "there is a delay"), ("soon", "A number of days is needed.")] {
        let fields = [("delay", delay), ("duration", "1")];
        let answer = visitor.post("/schedules/1/delays", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert!(answer.body.to_lowercase().contains(&problem.to_lowercase()), "{}", answer.body);
    }
    let moved = [("delay", "7"), ("duration", "2")];
    visitor.post("/schedules/3/delays/5", &moved).await;
    assert_eq!(visitor.get("/schedules/3/delays/5").await.status, StatusCode::NOT_FOUND);
    visitor.post("/schedules/3/delays/7/delete", &[]).await;
    assert!(visitor.page("/schedules/3").await.contains("gives nothing to anybody"));
}

#[actix_web::test]
async fn d_gen_09_the_question_names_the_deployments_that_lose_the_schedule() {
    let visitor = Visitor::of("admin").await;
    let deployment = [
        ("name", "Vim"),
        ("project", "debian-12"),
        ("enabled", "on"),
        ("start_date", "2024-06-05"),
        ("schedule", "2 weeks"),
    ];
    visitor.post("/deployments", &deployment).await;
    assert!(
        visitor.page("/deployments/1/edit").await.contains("<option value=\"2 weeks\" selected>")
    );
    let question = visitor.page("/schedules/1/delete").await;
    assert!(question.contains("Delete the schedule 2 weeks?"), "{question}");
    assert!(question.contains("the schedule of the deployment Vim"), "{question}");
    let answer = visitor.post("/schedules/1/delete", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let confirmed = [("confirmed", "yes")];
    assert_eq!(visitor.post("/schedules/1/delete", &confirmed).await.location, "/schedules");
    assert!(!visitor.page("/deployments/1").await.contains("2 weeks"));
}

#[actix_web::test]
async fn d_perm_01_readers_see_schedules_and_change_none() {
    let reader = Visitor::of("reader").await;
    for path in ["/schedules", "/schedules/1"] {
        let html = reader.page(path).await;
        for button in ["/delete\"", "/new\"", "delays/0\""] {
            assert!(!html.contains(button), "{path}: {button}");
        }
    }
    for path in
        ["/schedules", "/schedules/1", "/schedules/1/delays", "/schedules/1/delays/0/delete"]
    {
        let fields = [("name", "x"), ("delay", "3"), ("duration", "1")];
        assert_eq!(reader.post(path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(reader.get("/schedules/1/delete").await.status, StatusCode::FORBIDDEN);
}
