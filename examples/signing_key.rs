//! Makes a signing key for tests: `cargo run --example signing_key > testdata/openpgp/…`.

use std::io::Write as _;

fn main() -> anyhow::Result<()> {
    let made = "2024-01-01T00:00:00Z".parse()?;
    let user = "migas test repository <test@migas.example>";
    let key = migas::formats::openpgp::SigningKey::generate(rand::rngs::OsRng, user, made)?;
    std::io::stdout().write_all(key.to_armoured()?.as_bytes())?;
    Ok(())
}
