//! The signed protocol against a server that answers as told.

use super::*;
use crate::client::fake_server::{Answer, FakeServer, SERVER_TIME_MS, Seal, clock};
use crate::client::session::{Account, Session};
use crate::wire::sync::{Identity, Plan, RegisterAnswer, ReportAnswer, SyncAnswer, SyncRequest};

fn plan() -> Answer {
    Answer::ok(&SyncAnswer::Plan(Box::new(Plan { cid: 7, ..Plan::default() })))
}

async fn ask(transport: Transport) -> (Result<SyncAnswer, TransportError>, Transport) {
    let mut session = Session::new(transport);
    let answer = session.sync(&SyncRequest::default()).await;
    (answer, session.transport)
}

#[tokio::test]
async fn d_reg_06_requests_are_signed_and_their_times_increase() {
    let server = FakeServer::start(vec![plan(), Answer::ok(&ReportAnswer::Stored)]).await;
    let mut session = Session::new(server.pinned());
    assert!(matches!(session.sync(&SyncRequest::default()).await, Ok(SyncAnswer::Plan(_))));
    session.report("s1", &Default::default()).await.unwrap();
    session.progress("s1", "text").await.unwrap();
    assert_eq!(
        server.paths(),
        ["/sync/v1/sync", "/sync/v1/sync/s1/report", "/sync/v1/sync/s1/progress"]
    );
    let seen = server.seen.lock().unwrap();
    assert!(seen.iter().all(|request| request.signed));
    assert!(seen.is_sorted_by(|a, b| a.time_ms < b.time_ms), "the test's clock stands still");
}

#[tokio::test]
async fn d_reg_06_only_answers_of_the_pinned_server_count() {
    type Check = fn(&TransportError) -> bool;
    let signature: Check = |error| matches!(error, TransportError::Signature { .. });
    let foreign: Check = |error| matches!(error, TransportError::Foreign { .. });
    let table = [
        (plan().sealed(Seal::Foreign), signature, false),
        (plan().sealed(Seal::None), signature, false),
        (Answer::problem(401, "clock").sealed(Seal::None), foreign, false),
        (Answer::problem(404, "unknown-computer").sealed(Seal::Foreign), signature, false),
        (Answer::problem(502, "x").sealed(Seal::None), foreign, true),
    ];
    for (answer, expected, temporary) in table {
        let server = FakeServer::start(vec![answer.clone()]).await;
        let (result, _) = ask(server.pinned()).await;
        let error = result.unwrap_err();
        assert!(expected(&error), "{answer:?} gave {error:?}");
        assert_eq!(error.is_temporary(), temporary, "{answer:?}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_asked_about_once_and_the_offset_kept() {
    let server = FakeServer::start(vec![Answer::problem(401, "clock"), plan()]).await;
    let (answer, transport) = ask(server.pinned()).await;
    answer.unwrap();
    assert_eq!(transport.offset_ms, SERVER_TIME_MS - clock());
    let times: Vec<i64> = server.seen.lock().unwrap().iter().map(|seen| seen.time_ms).collect();
    assert_eq!(times, [clock(), SERVER_TIME_MS]);

    let again = vec![Answer::problem(401, "clock"), Answer::problem(401, "clock")];
    let server = FakeServer::start(again).await;
    let (answer, _) = ask(server.pinned()).await;
    assert_eq!(answer.unwrap_err().problem_type(), Some("clock"));
    assert_eq!(server.paths().len(), 2);
}

#[tokio::test]
async fn a_clock_that_went_back_still_gives_later_times() {
    let server = FakeServer::start(vec![plan()]).await;
    let mut transport = server.pinned();
    transport.last_time_ms = clock() + 60_000;
    ask(transport).await.0.unwrap();
    assert_eq!(server.seen.lock().unwrap()[0].time_ms, clock() + 60_001);
}

#[tokio::test]
async fn d_reg_06_the_first_answer_must_be_signed_by_the_key_it_brings() {
    let key = SecretKey::from_random([1; 40]).unwrap().public();
    let answer = |key: &PublicKey| {
        Answer::ok(&RegisterAnswer { cid: 1, server_key: key.to_base64(), ..Default::default() })
    };
    let server = FakeServer::start(vec![answer(&key), plan()]).await;
    let mut session = Session::new(server.transport(None));
    session.register(Identity::default(), &Account::default()).await.unwrap();
    assert_eq!(session.transport.server_key(), Some(&key));
    session.sync(&SyncRequest::default()).await.unwrap();
    let announced = &server.bodies("/register")[0]["public_key"];
    assert_eq!(announced, &server.computer.public().to_base64());

    let other = SecretKey::from_random([5; 40]).unwrap().public();
    let server = FakeServer::start(vec![answer(&other)]).await;
    let mut session = Session::new(server.transport(None));
    let refused = session.register(Identity::default(), &Account::default()).await;
    assert!(matches!(refused, Err(TransportError::Signature { .. })), "{refused:?}");
    assert_eq!(session.transport.server_key(), None);
}

#[tokio::test]
async fn a_server_that_is_away_is_told_apart_from_one_that_refuses() {
    let server = FakeServer::start(Vec::new()).await;
    let (answer, _) = ask(server.pinned()).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, TransportError::Unreachable { .. }) && error.is_temporary());
    let server = FakeServer::start(vec![Answer::problem(403, "unsubscribed")]).await;
    let error = ask(server.pinned()).await.0.unwrap_err();
    assert_eq!(error.problem_type(), Some("unsubscribed"));
    assert_eq!(error.to_string(), "unsubscribed it is");
    assert!(!error.is_temporary());
}

#[tokio::test]
async fn a_busy_server_is_asked_again_a_few_times() {
    let busy = || Answer::problem(503, "unavailable");
    let server = FakeServer::start(vec![busy(), busy(), plan()]).await;
    ask(server.pinned()).await.0.unwrap();
    let server = FakeServer::start(vec![busy(), busy(), busy(), busy(), plan()]).await;
    let error = ask(server.pinned()).await.0.unwrap_err();
    assert!(error.is_temporary());
    assert_eq!(server.paths().len(), 4);
}
