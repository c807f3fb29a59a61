//! How the members of the family are told what to do: dnf 4, dnf 5, and yum 3 (dnf(8), dnf5(8),
//! yum(8)).
//!
//! They agree on most words. dnf 5 knows no `--`, fails at once when another transaction is going
//! on, and prints a query's lines without line ends; yum 3 has no query, and its `makecache` does
//! not look again before a repository's time is over.

/// A member of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    Dnf4,
    Dnf5,
    Yum,
}

/// Something silent that is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Forget that what was fetched is still good.
    Expire,
    Refresh,
    Install,
    Remove,
    Upgrade,
    /// The names of the packages there are.
    Available,
    /// Names and summaries of the packages there are; with yum, of those that match a text.
    Summaries,
}

impl Member {
    /// Tells the members apart by the program's own name, at the end of its links: on Fedora `dnf`
    /// is `dnf5`, on the others `dnf-3`, and `yum` is either of them where it is not yum itself.
    pub fn of(program: &str) -> Self {
        match program {
            "yum" => Self::Yum,
            name if name.starts_with("dnf5") => Self::Dnf5,
            _ => Self::Dnf4,
        }
    }

    /// The arguments of a silent run before the packages. It answers yes to what it would ask, lets
    /// a repository that is away not stop the others, and does not wait for ever for another one.
    pub fn arguments(self, duty: Duty) -> Vec<&'static str> {
        let mut words = vec!["-y", "--setopt=skip_if_unavailable=1"];
        if self != Self::Dnf5 {
            words.push("--setopt=exit_on_lock=1");
        }
        words.extend(match (duty, self) {
            (Duty::Expire, _) => &["clean", "expire-cache"][..],
            (Duty::Refresh, Self::Yum) => &["makecache", "fast"],
            (Duty::Refresh, _) => &["--refresh", "makecache"],
            (Duty::Install, _) => &["install"],
            (Duty::Remove, _) => &["remove"],
            (Duty::Upgrade, _) => &["upgrade"],
            (Duty::Available, Self::Yum) => &["-q", "list", "available"],
            (Duty::Summaries, Self::Yum) => &["-q", "search"],
            (Duty::Available | Duty::Summaries, _) => &["-q", "repoquery", "--available"],
        });
        match (duty, self) {
            (Duty::Available, Self::Dnf4) => words.push("--queryformat=%{name}"),
            (Duty::Available, Self::Dnf5) => words.push("--queryformat=%{name}\n"),
            (Duty::Summaries, Self::Dnf4) => words.push("--queryformat=%{name}\t%{summary}"),
            (Duty::Summaries, Self::Dnf5) => words.push("--queryformat=%{name}\t%{summary}\n"),
            _ => {}
        }
        words
    }

    /// What ends the options, where the member knows such a thing.
    pub fn end_of_options(self) -> &'static [&'static str] {
        match self {
            Self::Dnf4 | Self::Yum => &["--"],
            Self::Dnf5 => &[],
        }
    }

    /// Where the member keeps the index that it fetched from the repository called `section`, whose
    /// address has the SHA-256 `url_digest`, in hex. A `*` stands for any directory: yum's cache is
    /// divided by architecture and release.
    pub fn index(self, section: &str, url_digest: &str) -> String {
        let short = url_digest.get(..16).unwrap_or(url_digest);
        match self {
            Self::Dnf4 => format!("/var/cache/dnf/{section}-{short}/repodata/repomd.xml"),
            Self::Dnf5 => format!("/var/cache/libdnf5/{section}-{short}/repodata/repomd.xml"),
            Self::Yum => format!("/var/cache/yum/*/*/{section}/repomd.xml"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_told_in_its_own_words() {
        use Duty::*;
        use Member::*;
        let all = "-y --setopt=skip_if_unavailable=1";
        let lock = "--setopt=exit_on_lock=1";
        // rule      member  duty       the rest of the words
        let table = [
            ("D-CLI-08", Dnf4, Refresh, "--refresh makecache"),
            ("D-CLI-08", Dnf4, Install, "install"),
            ("D-CLI-08", Dnf4, Remove, "remove"),
            ("D-CLI-08", Dnf4, Upgrade, "upgrade"),
            ("D-CLI-08", Dnf4, Available, "-q repoquery --available --queryformat=%{name}"),
            ("D-CLI-08", Dnf5, Refresh, "--refresh makecache"),
            ("D-CLI-08", Dnf5, Install, "install"),
            ("D-CLI-08", Dnf5, Remove, "remove"),
            ("D-CLI-08", Dnf5, Upgrade, "upgrade"),
            ("D-CLI-08", Dnf5, Available, "-q repoquery --available --queryformat=%{name}\n"),
            (
                "D-CLI-08",
                Dnf5,
                Summaries,
                "-q repoquery --available --queryformat=%{name}\t%{summary}\n",
            ),
            ("D-CLI-08", Yum, Expire, "clean expire-cache"),
            ("D-CLI-08", Yum, Refresh, "makecache fast"),
            ("D-CLI-08", Yum, Install, "install"),
            ("D-CLI-08", Yum, Upgrade, "upgrade"),
            ("D-CLI-08", Yum, Available, "-q list available"),
            ("D-CLI-08", Yum, Summaries, "-q search"),
        ];
        for (rule, member, duty, rest) in table {
            let expected = match member {
                Dnf5 => format!("{all} {rest}"),
                _ => format!("{all} {lock} {rest}"),
            };
            assert_eq!(member.arguments(duty).join(" "), expected, "{rule}: {member:?} {duty:?}");
        }
        let ends = [Dnf4, Dnf5, Yum].map(|member| member.end_of_options().len());
        assert_eq!(ends, [1, 0, 1]);
    }

    #[test]
    fn members_are_told_apart_by_the_programs_own_name() {
        let table = [
            ("dnf-3", Member::Dnf4),
            ("dnf", Member::Dnf4),
            ("dnf4", Member::Dnf4),
            ("dnf5", Member::Dnf5),
            ("yum", Member::Yum),
        ];
        for (name, member) in table {
            assert_eq!(Member::of(name), member, "{name}");
        }
    }
}
