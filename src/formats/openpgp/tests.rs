//! Signatures, checked by gpgv.

use std::path::Path;
use std::process::Command;

use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;

const RELEASE: &str = "Origin: migas\n- dash\nSHA256:\n 00 path\n";

fn key() -> SigningKey {
    SigningKey::parse(include_str!("../../../testdata/openpgp/repository.secret.asc")).unwrap()
}

fn now() -> jiff::Timestamp {
    "2024-06-07T08:09:10Z".parse().unwrap()
}

fn random() -> StdRng {
    StdRng::seed_from_u64(7)
}

/// Runs gpgv with the key; `None` where there is no gpgv.
fn gpgv(folder: &Path, files: &[&str]) -> Option<(bool, String)> {
    std::fs::write(folder.join("key.gpg"), key().public_binary().unwrap()).unwrap();
    let run = Command::new("gpgv")
        .current_dir(folder)
        .args(["--keyring", "./key.gpg"])
        .args(files)
        .env("LC_ALL", "C")
        .output();
    match run {
        Ok(run) => Some((run.status.success(), String::from_utf8_lossy(&run.stderr).into_owned())),
        Err(_) => {
            assert!(option_env!("CI").is_none(), "CI has gpgv");
            eprintln!("skipped: this machine has no gpgv");
            None
        }
    }
}

#[test]
fn d_repo_05_gpgv_accepts_both_signatures_and_gives_the_text_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = key();
    std::fs::write(path("Release"), RELEASE).unwrap();
    let signed = key.sign_release(random(), RELEASE, now()).unwrap();
    std::fs::write(path("InRelease"), &signed.in_release).unwrap();
    std::fs::write(path("Release.gpg"), &signed.release_gpg).unwrap();

    let Some((good, words)) = gpgv(folder.path(), &["--output", "text", "InRelease"]) else {
        return;
    };
    assert!(good, "{words}");
    assert!(words.contains("RSA key") && words.contains(&key.fingerprint()), "{words}");
    assert!(!words.to_lowercase().contains("warning"), "{words}");
    // gpgv gives back the line end before the signature, too.
    assert_eq!(std::fs::read_to_string(path("text")).unwrap(), format!("{RELEASE}\n"));

    let (good, words) = gpgv(folder.path(), &["Release.gpg", "Release"]).unwrap();
    assert!(good, "{words}");

    std::fs::write(path("Release"), RELEASE.replace("00", "01")).unwrap();
    assert!(!gpgv(folder.path(), &["Release.gpg", "Release"]).unwrap().0, "tampered");
    std::fs::write(path("InRelease"), signed.in_release.replace("00", "01")).unwrap();
    assert!(!gpgv(folder.path(), &["InRelease"]).unwrap().0, "tampered");

    let bytes = key.sign_detached(random(), b"a \nb\t\n", now()).unwrap();
    std::fs::write(path("repomd.xml.asc"), bytes).unwrap();
    std::fs::write(path("repomd.xml"), "a \nb\t\n").unwrap();
    assert!(gpgv(folder.path(), &["repomd.xml.asc", "repomd.xml"]).unwrap().0, "any bytes");
}

#[test]
fn the_two_files_of_a_release_carry_one_signature() {
    let signed = key().sign_release(random(), RELEASE, now()).unwrap();
    assert!(signed.in_release.contains(&format!("\n\n{}\n", RELEASE.replace("- ", "- - "))));
    let (_, armoured) = signed.in_release.split_once("-----BEGIN PGP SIGNATURE").unwrap();
    assert_eq!(signed.release_gpg, format!("-----BEGIN PGP SIGNATURE{armoured}"));
    let refused = key().sign_release(random(), "a \nb\t\n", now());
    assert!(matches!(refused, Err(OpenPgpError::Blanks(line)) if line == "a "));
}

#[test]
fn d_repo_05_the_digest_is_sha_512_and_the_key_rsa_4096() {
    let armoured = key().sign_release(random(), RELEASE, now()).unwrap().in_release;
    assert!(armoured.contains("Hash: SHA512"), "{armoured}");
    let (message, _) = CleartextSignedMessage::from_string(&armoured).unwrap();
    message.verify(&key().public().primary_key).unwrap();
    // The signature of an RSA key is as long as its modulus.
    let signature = message.signatures().first().unwrap().to_bytes().unwrap();
    assert!((512..640).contains(&signature.len()), "{}", signature.len());
}

#[test]
fn a_key_survives_its_text() {
    let armoured = key().to_armoured().unwrap();
    let read = SigningKey::parse(&armoured).unwrap();
    assert_eq!(read.fingerprint(), key().fingerprint());
    let public = key().public_armoured().unwrap();
    assert!(public.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"), "{public}");
    assert!(matches!(SigningKey::parse(&public), Err(OpenPgpError::Key(_))));
    assert!(matches!(SigningKey::parse("nothing"), Err(OpenPgpError::Key(_))));
}

#[test]
fn the_same_time_and_key_give_the_same_signature() {
    // PKCS#1 v1.5 is deterministic: blinding changes the computation, not the result.
    let sign = |seed| {
        let random = StdRng::seed_from_u64(seed);
        key().sign_detached(random, RELEASE.as_bytes(), now()).unwrap()
    };
    assert_eq!(sign(1), sign(2));
}

#[test]
fn ring_signs_what_the_pgp_crate_would() {
    let slow = SigningKey { rsa: None, ..key() };
    assert!(key().rsa.is_some());
    let both = |key: SigningKey| {
        let detached = key.sign_detached(random(), RELEASE.as_bytes(), now()).unwrap();
        (detached, key.sign_release(random(), RELEASE, now()).unwrap())
    };
    assert_eq!(both(key()), both(slow));
}

#[test]
fn a_time_before_1970_is_refused() {
    let early = "1969-01-01T00:00:00Z".parse().unwrap();
    let refused = key().sign_detached(random(), b"", early);
    assert!(matches!(refused, Err(OpenPgpError::Time(_))));
}
