//! What a new site has: the formulas of D-FORM-15 and the fault definitions of D-FAULT-06.
//!
//! Programs are files in `assets/`, so that they can be read, checked and run as what they are.

use super::formula::{Formula, Kind, Language, Sort};
use super::ids::FormulaId;

/// A fault definition of a new site; it is for ALL SYSTEMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultFault {
    pub name: &'static str,
    pub description: &'static str,
    pub language: Language,
    pub code: &'static str,
}

/// The formulas of a new site, numbered from 1. `SET` is the first, so that `SET-ALL SYSTEMS`
/// is attribute number 1 (D-FORM-16).
pub fn formulas() -> Vec<Formula> {
    let basic = |prefix: &str, name: &str| (prefix.to_owned(), name.to_owned(), Kind::Normal, "");
    let client =
        |prefix: &str, name: &str, kind, code| (prefix.to_owned(), name.to_owned(), kind, code);
    let all = [
        basic("SET", "ATTRIBUTES SET"),
        basic("CID", "COMPUTER ID"),
        basic("PLT", "PLATFORM"),
        basic("PRJ", "PROJECT"),
        basic("IP", "IP ADDRESS"),
        basic("USR", "USER"),
        basic("PMS", "PACKAGE SYSTEM"),
        client("HST", "MACHINE NAME", Kind::Normal, include_str!("../../assets/formulas/hst.py")),
        client("NET", "NET", Kind::Normal, include_str!("../../assets/formulas/net.py")),
        client("PCI", "DEVICE PCI", Kind::List, include_str!("../../assets/formulas/pci.py")),
    ];
    let numbered = all.into_iter().zip(1..);
    numbered
        .map(|((prefix, name, kind, code), id)| Formula {
            id: FormulaId(id),
            prefix,
            name,
            enabled: true,
            kind,
            sort: if code.is_empty() { Sort::Basic } else { Sort::Client },
            auto_add: true,
            language: Language::Python,
            code: code.to_owned(),
        })
        .collect()
}

/// The fault definitions of a new site, enabled, for ALL SYSTEMS (D-FAULT-06).
pub const FAULTS: [DefaultFault; 2] = [
    DefaultFault {
        name: "LOW_HOME_PARTITION_SPACE",
        description: "/home is used more than 90 %",
        language: Language::Bash,
        code: include_str!("../../assets/faults/low_home_partition_space.sh"),
    },
    DefaultFault {
        name: "LOW_SYSTEM_PARTITION_SPACE",
        description: "/ is used more than 90 %",
        language: Language::Bash,
        code: include_str!("../../assets/faults/low_system_partition_space.sh"),
    },
];

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_new_site_has_the_formulas_of_the_book() {
        // rule         prefix name                sort           class
        let table = [
            ("D-FORM-15", "SET", "ATTRIBUTES SET", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "CID", "COMPUTER ID", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "PLT", "PLATFORM", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "PRJ", "PROJECT", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "IP", "IP ADDRESS", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "USR", "USER", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "PMS", "PACKAGE SYSTEM", Sort::Basic, Kind::Normal),
            ("D-FORM-15", "HST", "MACHINE NAME", Sort::Client, Kind::Normal),
            ("D-FORM-15", "NET", "NET", Sort::Client, Kind::Normal),
            ("D-FORM-15", "PCI", "DEVICE PCI", Sort::Client, Kind::List),
        ];
        let formulas = formulas();
        assert_eq!(formulas.len(), table.len());
        for ((rule, prefix, name, sort, kind), formula) in table.into_iter().zip(formulas) {
            let found =
                (formula.prefix.as_str(), formula.name.as_str(), formula.sort, formula.kind);
            assert_eq!(found, (prefix, name, sort, kind), "{rule}");
            assert_eq!(formula.code.is_empty(), sort == Sort::Basic, "{rule}: {prefix}");
            assert!(formula.enabled && formula.auto_add, "{rule}: {prefix}");
        }
    }

    /// Runs a fault's program with a `df` that prints this line for any path.
    fn run_fault(fault: &DefaultFault, line: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let df = folder.path().join("df");
        let header = "Filesystem 1024-blocks Used Available Capacity Mounted on";
        std::fs::write(&df, format!("#!/bin/sh\necho '{header}'\necho '{line}'\n")).unwrap();
        std::fs::set_permissions(&df, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let output =
            Command::new("bash").args(["-c", fault.code]).env("PATH", path).output().unwrap();
        assert!(output.status.success(), "{}", fault.name);
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn full_partitions_are_faults() {
        let [home, system] = FAULTS;
        let told = |device: &str| format!("{device} 91% delete files\n");
        // rule          fault    what df says                                 fault's output
        let table = [
            ("D-FAULT-06", &system, "/dev/sda1 100 91 9 91% /", told("/dev/sda1")),
            ("D-FAULT-06", &system, "/dev/sda1 100 90 10 90% /", String::new()),
            ("D-FAULT-06", &home, "/dev/sda2 100 91 9 91% /home", told("/dev/sda2")),
            ("D-FAULT-06", &home, "/dev/sda2 100 90 10 90% /home", String::new()),
            ("D-FAULT-06", &home, "/dev/sda1 100 91 9 91% /", String::new()),
        ];
        for (rule, fault, line, expected) in table {
            assert_eq!(run_fault(fault, line), expected, "{rule}: {} {line}", fault.name);
        }
    }

    #[test]
    fn d_form_15_the_client_formulas_run_with_plain_python() {
        for formula in formulas().iter().filter(|formula| formula.sort == Sort::Client) {
            let output = Command::new("python3").args(["-c", &formula.code]).output().unwrap();
            let (told, failed) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success(), "{}: {failed}", formula.prefix);
            let items = super::super::formula::expand(formula.kind, &told);
            // A machine may be without network; each has a name and an answer about PCI.
            assert!(formula.prefix == "NET" || !items.is_empty(), "{}: {told}", formula.prefix);
        }
    }
}
