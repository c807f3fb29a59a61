//! Sources, paths and ages, in tables.

use super::*;

fn external(base_url: &str, suite: &str, components: &str, options: &str) -> External {
    External {
        base_url: base_url.into(),
        suite: suite.into(),
        components: components.into(),
        options: options.into(),
        ..External::default()
    }
}

#[test]
fn d_ext_11_the_examples_of_the_book_are_accepted_as_they_are() {
    let public = "http://server/public/debian-12/REPOSITORIES";
    let checks = "gpgcheck=1 gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-centosofficial";
    let table = [
        (
            Pms::AptGet,
            "http://archive.ubuntu.com/ubuntu",
            "bionic-security",
            "main universe multiverse",
            "[arch=amd64]",
        ),
        (Pms::Yum, "http://mirror.centos.org/centos", "8", "BaseOS/x86_64/os", checks),
        (
            Pms::Yum,
            "http://mirror.centos.org/centos",
            "7",
            "os/x86_64 updates/x86_64 extras/x86_64",
            checks,
        ),
        (Pms::AptGet, public, "tools", "PKGS", ""),
        (Pms::Zypper, "https://[2001:db8::1]:8443/suse", "15.6", "", ""),
        (Pms::Yum, "http://mirror/rocky", "$releasever", "BaseOS/$basearch/os", ""),
        (Pms::AptGet, "http://mirror:8080", "./", "", ""),
    ];
    for (pms, base_url, suite, components, options) in table {
        let typed = external(base_url, suite, components, options);
        assert_eq!(typed.clone().checked(pms), Ok(typed), "{base_url}");
    }
}

#[test]
fn fields_are_tidied_and_what_cannot_be_is_refused() {
    let tidied = external(" http://mirror/debian/ ", " stable ", "  main\n contrib ", "arch=amd64");
    let tidied = tidied.checked(Pms::AptGet).unwrap();
    assert_eq!(tidied, external("http://mirror/debian", "stable", "main contrib", "[arch=amd64]"));

    let ok = "http://mirror/debian";
    let long = format!("http://mirror/{}", "x".repeat(MAX_BASE_URL));
    let apt = Pms::AptGet;
    #[rustfmt::skip]
    let table = [
        // rule       pms       base URL                suite      components  options      wrong
        ("D-EXT-02", apt, "", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "ftp://mirror/x", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "file:///etc", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://a:b@mirror/x", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://mirror:0/x", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://mirror/../x", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://mirror/%2e%2e/x", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://mirror/x?y", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, "http://mi rror/x", "stable", "main", "", ("base_url", Wrong::BaseUrl)),
        ("D-EXT-02", apt, &long, "stable", "main", "", ("base_url", Wrong::TooLong(MAX_BASE_URL))),
        ("D-EXT-03", apt, ok, "", "main", "", ("suite", Wrong::Suite)),
        ("D-EXT-03", apt, ok, "a b", "main", "", ("suite", Wrong::Suite)),
        ("D-EXT-03", apt, ok, "../x", "main", "", ("suite", Wrong::Suite)),
        ("D-EXT-03", apt, ok, "$suite", "main", "", ("suite", Wrong::Suite)),
        ("D-EXT-03", apt, ok, "stable", "main [x]", "", ("components", Wrong::Components)),
        ("D-EXT-03", apt, ok, "stable", "main main", "", ("components", Wrong::SameComponents)),
        ("D-EXT-03", Pms::Yum, ok, "8", "a/b a-b", "", ("components", Wrong::SameComponents)),
        ("D-EXT-03", apt, ok, "stable", "main", "[arch]", ("options", Wrong::BracketOptions)),
        ("D-EXT-03", apt, ok, "stable", "main", "[]", ("options", Wrong::BracketOptions)),
        ("D-EXT-03", apt, ok, "stable", "main", "[a=b] http://evil x", ("options", Wrong::BracketOptions)),
        ("D-EXT-03", Pms::Yum, ok, "8", "", "[evil]", ("options", Wrong::LineOptions)),
        ("D-EXT-03", Pms::Zypper, ok, "8", "", "gpgcheck", ("options", Wrong::LineOptions)),
    ];
    for (rule, pms, base_url, suite, components, options, wrong) in table {
        let refused = external(base_url, suite, components, options).checked(pms);
        assert_eq!(refused, Err(wrong), "{rule}: {base_url} {suite} {components} {options}");
    }
}

#[test]
fn paths_stay_within_the_source() {
    let table = [
        ("D-EXT-02", "dists/stable/InRelease", Some("dists/stable/InRelease")),
        ("D-EXT-02", "pool/g%2b%2b_1%3A2~3.deb", Some("pool/g%2B%2B_1:2~3.deb")),
        ("D-EXT-02", "pool/g++_1.deb", Some("pool/g%2B%2B_1.deb")),
        ("D-EXT-02", "a%20b/%c3%b1", Some("a%20b/%C3%B1")),
        ("D-EXT-02", "../x", None),
        ("D-EXT-02", "a/../x", None),
        ("D-EXT-02", "a/%2e%2E/x", None),
        ("D-EXT-02", "a/./x", None),
        ("D-EXT-02", "a//x", None),
        ("D-EXT-02", "/x", None),
        ("D-EXT-02", "a/", None),
        ("D-EXT-02", "", None),
        ("D-EXT-02", "a%2Fb", None),
        ("D-EXT-02", "a%5Cb", None),
        ("D-EXT-02", "a%00", None),
        ("D-EXT-02", "a%0d%0aX: y", None),
        ("D-EXT-02", "a%zz", None),
        ("D-EXT-02", "a%f", None),
        ("D-EXT-02", "a%ff", None),
    ];
    for (rule, text, expected) in table {
        let got = SourcePath::parse(text).map(|path| path.encoded());
        assert_eq!(got.as_deref(), expected, "{rule}: {text}");
    }
    assert_eq!(SourcePath::parse(&"x/".repeat(2_000)), None);
    let source = external("http://mirror/debian", "", "", "");
    let path = SourcePath::parse("pool/a%2bb.deb").unwrap();
    assert_eq!(source.url_of(&path), "http://mirror/debian/pool/a%2Bb.deb");
}

#[test]
fn copies_are_good_for_their_time() {
    let stored: Timestamp = "2024-06-05T10:00:00Z".parse().unwrap();
    let day = 1440;
    // rule       path                  frozen expire  age in minutes, fresh
    let table = [
        ("D-EXT-04", "pool/a_1_all.deb", false, 0, 1_000_000, true),
        ("D-EXT-04", "Packages/a-1.noarch.rpm", false, -1, 1_000_000, true),
        ("D-EXT-04", "pool/a_1_all.udeb", false, 10, 1_000_000, true),
        ("D-EXT-04", "drpms/a.drpm", false, 10, 1_000_000, true),
        ("D-EXT-05", "repodata/repomd.xml", true, 0, 1_000_000, true),
        ("D-EXT-05", "repodata/repomd.xml", false, day, 1440, true),
        ("D-EXT-05", "repodata/repomd.xml", false, day, 1441, false),
        ("D-EXT-05", "repodata/repomd.xml", false, 0, 0, false),
        ("D-EXT-05", "repodata/repomd.xml", false, -5, 0, false),
        ("D-EXT-05", "repodata/repomd.xml", false, day, -1, true),
        ("D-EXT-05", "repodata/repomd.xml", false, day, -2, false),
        ("D-EXT-05", "deb", false, day, 1441, false),
    ];
    for (rule, path, frozen, expire_minutes, age, fresh) in table {
        let source = External { frozen, expire_minutes, ..External::default() };
        let now = stored + SignedDuration::from_mins(age);
        let path = SourcePath::parse(path).unwrap();
        assert_eq!(source.is_fresh(&path, stored, now), fresh, "{rule}: {path:?} {age}");
    }
}

#[test]
fn components_are_repositories_of_their_own() {
    type Row = (
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
    );
    #[rustfmt::skip]
    let table: &[Row] = &[
        ("D-EXT-03", "8", &["BaseOS/x86_64/os"],
            &[("EXTERNAL-centos-BaseOS-x86_64-os", "8/BaseOS/x86_64/os")]),
        ("D-EXT-03", "7", &["os/x86_64", "updates/x86_64"],
            &[("EXTERNAL-centos-os-x86_64", "7/os/x86_64"),
              ("EXTERNAL-centos-updates-x86_64", "7/updates/x86_64")]),
        ("D-EXT-03", "8", &[], &[("EXTERNAL-centos", "8/")]),
        ("D-EXT-03", "", &[], &[("EXTERNAL-centos", "")]),
        ("D-EXT-03", "$releasever", &["BaseOS/$basearch/os"],
            &[("EXTERNAL-centos-BaseOS--basearch-os", "$releasever/BaseOS/$basearch/os")]),
    ];
    for (rule, suite, components, expected) in table {
        let components: Vec<String> = components.iter().map(|one| (*one).to_owned()).collect();
        let got = sections("centos", suite, &components);
        let got: Vec<(&str, &str)> =
            got.iter().map(|(id, path)| (id.as_str(), path.as_str())).collect();
        assert_eq!(got, *expected, "{rule}: {suite} {components:?}");
    }
}
