//! What the site decides for a computer, and why: `/api/v1/computers/{cid}/why` and `/simulation`.

use actix_web::get;
use actix_web::web::{Json, Path, Query, ServiceConfig};
use serde::Deserialize;
use utoipa::IntoParams;

use super::caller::Caller;
use super::cid::Cid;
use super::problem::{ApiResult, Problem};
use crate::app::simulation::Simulation;
use crate::app::why::Why;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(why).service(simulation);
}

/// What is asked about.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhyQuery {
    /// Name of a package.
    pub package: String,
}

/// Why a package is, or is not, for a computer: see [`App::why`].
#[utoipa::path(tag = "computers", params(
    ("cid" = String, Path, description = "`CID-7` or `7`"), WhyQuery), responses(
    (status = 200, body = Why), (status = 404, body = Problem)))]
#[get("/computers/{cid}/why")]
pub async fn why(caller: Caller, cid: Path<Cid>, query: Query<WhyQuery>) -> ApiResult<Why> {
    Ok(Json(caller.app.why(&caller.actor, cid.0, &query.package).await?))
}

/// What the server would answer a computer now: see [`App::simulate`].
#[utoipa::path(tag = "computers", params(
    ("cid" = String, Path, description = "`CID-7` or `7`")), responses(
    (status = 200, body = Simulation), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
#[get("/computers/{cid}/simulation")]
pub async fn simulation(caller: Caller, cid: Path<Cid>) -> ApiResult<Simulation> {
    Ok(Json(caller.app.simulate(&caller.actor, cid.0).await?))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use crate::api::tests::Site;

    /// A computer that has synchronised, and three deployments of its project.
    async fn site() -> Site {
        let site = Site::new().await;
        let made = site.app.storage().write(|tx| {
            tx.change_for_tests(
                "INSERT INTO platform (name) VALUES ('Linux');
                 INSERT INTO project (name, platform_id, pms) VALUES ('p', 1, 'apt-get');
                 INSERT INTO computer (uuid, name, project_id, status, created_at, updated_at,
                     sync_start_date)
                 VALUES ('U', 'pc1', 1, 'intended', 0, 0, 0);
                 INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
                 VALUES (1, 1, 0);
                 INSERT INTO deployment (id, project_id, name, slug, start_date, enabled,
                     packages_to_install, packages_to_remove)
                 VALUES (1, 1, 'a', 'a', '2024-01-01', 1, 'vim', 'nano'),
                        (2, 1, 'b', 'b', '2024-01-01', 1, 'nano emacs vim', ''),
                        (3, 1, 'c', 'c', '2124-01-01', 1, 'vim=9.1', ''),
                        (4, 1, 'd', 'd', '2024-01-01', 0, 'vim', ''),
                        (5, 1, 'e', 'e', '2024-01-01', 1, 'other', '');
                 INSERT INTO deployment_attribute SELECT id, 1, 0 FROM deployment;
                 UPDATE revision SET value = value + 1 WHERE name = 'release';",
            )
        });
        made.await.unwrap();
        site
    }

    #[actix_web::test]
    async fn why_names_every_deployment_that_has_to_do_with_the_package() {
        let site = site().await;
        let uri = "/api/v1/computers/CID-1/why?package=vim";
        let (status, why) = site.send(TestRequest::get().uri(uri)).await;
        assert_eq!(status, 200, "{why}");
        let lines: Vec<String> = why["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| {
                let (told, detail) =
                    (format!("{} {} {}", r["name"], r["effects"], r["condition"]), &r["detail"]);
                if r["condition"] == "not_started" {
                    format!("{told} {} {detail}", r["since"])
                } else {
                    format!("{told} {detail}")
                }
            })
            .collect();
        assert_eq!(
            lines,
            [
                r#""a" ["installs vim"] "included" "SET-ALL SYSTEMS""#,
                r#""b" ["installs vim"] "included" "SET-ALL SYSTEMS""#,
                r#""c" ["installs vim=9.1"] "not_started" "2124-01-01" "SET-ALL SYSTEMS""#,
                r#""d" ["installs vim"] "disabled" """#,
            ]
        );
        let unknown = "/api/v1/computers/CID-9/why?package=vim";
        assert_eq!(site.send(TestRequest::get().uri(unknown)).await.0, 404);
    }

    #[actix_web::test]
    async fn d_sim_01_a_simulation_shows_the_plan_and_writes_nothing() {
        let site = site().await;
        let count = "SELECT (SELECT count(*) FROM notification) || ' ' || sync_start_date || ' ' ||
                     last_time_ms FROM computer";
        let before = site.app.storage().read_now(|tx| tx.value_for_tests(count)).unwrap();
        let uri = "/api/v1/computers/1/simulation";
        let (status, seen) = site.send(TestRequest::get().uri(uri)).await;
        assert_eq!(status, 200, "{seen}");
        let names = |list: &str, field: &str| -> String {
            let list = seen[list].as_array().unwrap();
            list.iter().map(|item| item[field].as_str().unwrap()).collect::<Vec<_>>().join(" ")
        };
        // rule         what is shown                     expected
        let table = [
            ("D-SIM-01", names("attributes", "name"), "SET-ALL SYSTEMS"),
            ("D-SIM-01", names("deployments", "slug"), "a b e"),
            ("D-MERGE-06", names("remove", "package"), "nano"),
            ("D-MERGE-06", names("install", "package"), "vim nano emacs other"),
            ("D-MERGE-03", seen["conflicts"].to_string(), r#"["nano"]"#),
            ("D-SIM-01", seen["hardware"].to_string(), "true"),
        ];
        for (rule, got, expected) in table {
            assert_eq!(got, expected, "{rule}");
        }
        let after = site.app.storage().read_now(|tx| tx.value_for_tests(count)).unwrap();
        assert_eq!(after, before);
    }

    #[actix_web::test]
    async fn d_sim_02_who_is_unsubscribed_or_never_came_cannot_be_simulated() {
        let site = site().await;
        for change in [
            "UPDATE computer SET status = 'unsubscribed'",
            "UPDATE computer SET status = 'intended', sync_start_date = NULL",
        ] {
            site.app.storage().write(|tx| tx.change_for_tests(change)).await.unwrap();
            let request = TestRequest::get().uri("/api/v1/computers/1/simulation");
            let (status, problem) = site.send(request).await;
            assert_eq!(status, 409, "{change}: {problem}");
        }
    }
}
