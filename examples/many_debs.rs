//! Makes many packages out of a few: real control fields under new names, half of them `all`.
//!
//! `cargo run --example many_debs -- FOLDER-OF-REAL-DEBS FOLDER COUNT [FIRST]`. Each has a file of
//! some kilobytes, so that 10,000 of them fit anywhere; the benchmarks of publishing need stanzas
//! as long and as varied as real ones, not payloads.

use std::path::Path;

use anyhow::Context as _;
use migas::formats::deb;
use migas::formats::deb::write::Recipe;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [real, target, count, first @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: many_debs FOLDER-OF-REAL-DEBS FOLDER COUNT [FIRST]");
    };
    let count: usize = count.parse()?;
    let first: usize = first.first().map_or(Ok(0), |first| first.parse())?;
    let mut paths: Vec<_> = std::fs::read_dir(real)?.collect::<Result<Vec<_>, _>>()?;
    paths.retain(|entry| entry.file_name().as_encoded_bytes().ends_with(b".deb"));
    paths.sort_by_key(|entry| entry.file_name());
    let mut controls = Vec::new();
    for entry in paths {
        let bytes = std::fs::read(entry.path())?;
        let package = deb::parse(&bytes).with_context(|| entry.path().display().to_string())?;
        controls.push(package.control);
    }
    anyhow::ensure!(!controls.is_empty(), "{real} has no packages");
    std::fs::create_dir_all(target)?;
    for number in first..first + count {
        let mut control = controls.get(number % controls.len()).context("a control")?.clone();
        let name = format!("{}-{number}", control.get("Package").unwrap_or("x"));
        control.set("Package", &name)?;
        control.set("Architecture", if number % 2 == 0 { "all" } else { "amd64" })?;
        let body: Vec<u8> =
            (0..2_000_u32).map(|at| (at.wrapping_mul(number as u32) >> 3) as u8).collect();
        let recipe = Recipe::of(control).file(&format!("usr/share/{name}/data"), body);
        std::fs::write(Path::new(target).join(recipe.file_name()), recipe.build()?)?;
    }
    Ok(())
}
