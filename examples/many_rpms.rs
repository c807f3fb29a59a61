//! Makes many RPM packages with forty files each, a few dependencies and a changelog.
//!
//! `cargo run --example many_rpms -- FOLDER COUNT [FIRST [PAYLOAD-BYTES]]`. The benchmarks of
//! publishing need headers as long as real ones; the files are ghosts, and the payload is as large
//! as asked for.

use std::path::Path;

use migas::formats::rpm::write::Recipe;

/// Files of each package.
const FILES: usize = 40;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [target, count, more @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: many_rpms FOLDER COUNT [FIRST [PAYLOAD-BYTES]]");
    };
    let count: usize = count.parse()?;
    let first: usize = more.first().map_or(Ok(0), |first| first.parse())?;
    let payload_bytes: usize = more.get(1).map_or(Ok(0), |bytes| bytes.parse())?;
    std::fs::create_dir_all(target)?;
    for number in first..first + count {
        let recipe = recipe(number, payload_bytes);
        std::fs::write(Path::new(target).join(recipe.file_name()), recipe.build()?)?;
    }
    Ok(())
}

fn recipe(number: usize, payload_bytes: usize) -> Recipe {
    let name = format!("package-{number:05}");
    let path = |at: usize| match at {
        0 => format!("/usr/bin/{name}"),
        1 => format!("/etc/{name}/settings.conf"),
        at if at % 3 == 0 => format!("/usr/share/doc/{name}/chapter-{at}.html"),
        at => format!("/usr/share/{name}/modules/part-{}-{at}.so", number.wrapping_mul(at) % 977),
    };
    let change = |age: u32| {
        let author = format!("Ana Packager <ana@example.org> - 1.{age}-1");
        (author, 1_717_000_000 - age * 86_400, format!("- Change {age} of {name}: mends a mistake"))
    };
    Recipe {
        arch: if number.is_multiple_of(2) { "noarch" } else { "x86_64" }.to_owned(),
        summary: format!("Part {number} of a large distribution"),
        description: format!(
            "This package stands for a real one in measurements. It has the number {number},\n\
             a description of some lines, files in several folders, and what it needs of others.\n\
             Nothing of it can be run."
        ),
        ghosts: (0..FILES).map(path).collect(),
        requires: (1..6).map(|step| format!("package-{:05}", number / step)).collect(),
        changelog: (1..5).map(change).collect(),
        salt: number.to_le_bytes().to_vec(),
        padding_bytes: payload_bytes,
        ..Recipe::new(&name, "1.4")
    }
}
