//! Times the release evaluator alone, on the database of a site that may be running.
//!
//! `cargo run --release --example evaluate -- DATA`. For each productive computer the attributes it
//! would have are derived (tags, domains, sets) and its whole plan is made, as at a synchronisation,
//! without HTTP and without a database; then the snapshot of the release is read anew a few times.
//! Prints one JSON object; `benches/release.py` compares it with the bounds.

#![allow(clippy::print_stdout, reason = "its answer goes to standard output")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::civil::Date;
use migas::domain::release::{Snapshot, Subject};
use migas::domain::scopes::View;
use migas::storage::machines::{self, Known};
use migas::storage::{Storage, StorageError, classification, release};

/// Times that everything is done; medians count.
const TURNS: usize = 5;

fn main() -> anyhow::Result<()> {
    let data = std::env::args_os().nth(1).map(PathBuf::from).context("usage: evaluate DATA")?;
    let storage = Storage::open_existing(&data)?;
    let today = migas::clock::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let read = || storage.read_now(|tx| Ok::<_, StorageError>(Snapshot::new(release::parts(tx)?)));
    let mut reading = Vec::new();
    for _ in 0..TURNS {
        let begun = Instant::now();
        std::hint::black_box(read()?);
        reading.push(begun.elapsed());
    }
    let snapshot = read()?;
    let computers = storage.read_now(|tx| {
        let tags = classification::tags(tx)?;
        machines::productive(&tx.seen_by(View::EVERYTHING), &tags, &tags)
    })?;
    anyhow::ensure!(!computers.is_empty(), "no computer has synchronised");
    let (mut rounds, mut each) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let begun = Instant::now();
        each.extend(computers.iter().map(|computer| decide(&snapshot, computer, today)));
        rounds.push(begun.elapsed() / u32::try_from(computers.len())?);
    }
    each.sort_unstable();
    let plans = computers.len() * TURNS;
    let figures = serde_json::json!({
        "computers": computers.len(),
        "deployments": snapshot.all_deployments().count(),
        "policies": snapshot.policies().len(),
        "decide_ms": milliseconds(median(rounds)?),
        "decide_p99_ms": milliseconds(*each.get(plans * 99 / 100).context("a plan")?),
        "snapshot_ms": milliseconds(median(reading)?),
    });
    println!("{figures}");
    Ok(())
}

/// How long the plan of one computer takes.
fn decide(snapshot: &Snapshot, computer: &Known, today: Date) -> Duration {
    let begun = Instant::now();
    let machine = &computer.machine;
    let classification = snapshot.classification();
    let pool = classification.pool(classification.own(&machine.pool), &machine.tags);
    let subject = Subject { computer: machine.id, project: machine.project, pool: &pool, today };
    std::hint::black_box(snapshot.plan(&subject));
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> anyhow::Result<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied().context("nothing was timed")
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
