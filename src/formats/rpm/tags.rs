//! Numbers of the tags that are read (`rpmtag.h`), main header unless the name begins with `SIG_`.

// Tags of the signature header; from 1000 on they mean other things than in the main header.
pub(super) const SIG_SHA1: u32 = 269;
pub(super) const SIG_LONG_SIZE: u32 = 270;
pub(super) const SIG_LONG_ARCHIVE_SIZE: u32 = 271;
pub(super) const SIG_SHA256: u32 = 273;
pub(super) const SIG_SIZE: u32 = 1000;
pub(super) const SIG_MD5: u32 = 1004;
pub(super) const SIG_PAYLOAD_SIZE: u32 = 1007;

pub(super) const NAME: u32 = 1000;
pub(super) const VERSION: u32 = 1001;
pub(super) const RELEASE: u32 = 1002;
pub(super) const EPOCH: u32 = 1003;
pub(super) const SUMMARY: u32 = 1004;
pub(super) const DESCRIPTION: u32 = 1005;
pub(super) const BUILD_TIME: u32 = 1006;
pub(super) const BUILD_HOST: u32 = 1007;
pub(super) const SIZE: u32 = 1009;
pub(super) const VENDOR: u32 = 1011;
pub(super) const LICENSE: u32 = 1014;
pub(super) const PACKAGER: u32 = 1015;
pub(super) const GROUP: u32 = 1016;
pub(super) const URL: u32 = 1020;
pub(super) const ARCH: u32 = 1022;
pub(super) const SOURCE_RPM: u32 = 1044;
pub(super) const ARCHIVE_SIZE: u32 = 1046;
pub(super) const SOURCE_PACKAGE: u32 = 1106;
pub(super) const LONG_SIZE: u32 = 5009;
pub(super) const PAYLOAD_DIGEST: u32 = 5092;
pub(super) const PAYLOAD_DIGEST_ALGORITHM: u32 = 5093;
pub(super) const MODULARITY_LABEL: u32 = 5096;
pub(super) const UNPACKED_PAYLOAD_SIZE: u32 = 5113;

pub(super) const CHANGELOG_TIME: u32 = 1080;
pub(super) const CHANGELOG_NAME: u32 = 1081;
pub(super) const CHANGELOG_TEXT: u32 = 1082;

pub(super) const OLD_FILE_NAMES: u32 = 1027;
pub(super) const FILE_SIZES: u32 = 1028;
pub(super) const FILE_MODES: u32 = 1030;
pub(super) const FILE_LINKS: u32 = 1036;
pub(super) const FILE_FLAGS: u32 = 1037;
pub(super) const DIR_INDEXES: u32 = 1116;
pub(super) const BASE_NAMES: u32 = 1117;
pub(super) const DIR_NAMES: u32 = 1118;
pub(super) const LONG_FILE_SIZES: u32 = 5008;

/// Tags of one kind of dependency.
#[derive(Clone, Copy)]
pub(super) struct DependencyTags {
    pub name: u32,
    pub flags: u32,
    pub version: u32,
}

const fn dependency(name: u32, flags: u32, version: u32) -> DependencyTags {
    DependencyTags { name, flags, version }
}

pub(super) const PROVIDES: DependencyTags = dependency(1047, 1112, 1113);
pub(super) const REQUIRES: DependencyTags = dependency(1049, 1048, 1050);
pub(super) const CONFLICTS: DependencyTags = dependency(1054, 1053, 1055);
pub(super) const OBSOLETES: DependencyTags = dependency(1090, 1114, 1115);
pub(super) const RECOMMENDS: DependencyTags = dependency(5046, 5048, 5047);
pub(super) const SUGGESTS: DependencyTags = dependency(5049, 5051, 5050);
pub(super) const SUPPLEMENTS: DependencyTags = dependency(5052, 5054, 5053);
pub(super) const ENHANCES: DependencyTags = dependency(5055, 5057, 5056);
/// Weak dependencies as SUSE wrote them before rpm 4.12 had any: a flag tells the strong ones, which
/// are now called recommends and supplements, from the others.
pub(super) const OLD_SUGGESTS: DependencyTags = dependency(1156, 1158, 1157);
pub(super) const OLD_ENHANCES: DependencyTags = dependency(1159, 1161, 1160);

/// Name, text and interpreter of the scriptlets, in the order in which rpm runs them.
pub(super) const SCRIPTS: [(&str, u32, u32); 9] = [
    ("pretrans", 1151, 1153),
    ("pre", 1023, 1085),
    ("post", 1024, 1086),
    ("preun", 1025, 1087),
    ("postun", 1026, 1088),
    ("posttrans", 1152, 1154),
    ("preuntrans", 5103, 5105),
    ("postuntrans", 5104, 5106),
    ("verifyscript", 1079, 1091),
];

/// Tags of one family of triggers.
#[derive(Clone, Copy)]
pub(super) struct TriggerTags {
    /// What stands before `trigger` in the spec file.
    pub prefix: &'static str,
    pub scripts: u32,
    pub interpreters: u32,
    pub conditions: DependencyTags,
    /// Which script each condition belongs to.
    pub indexes: u32,
}

pub(super) const TRIGGERS: [TriggerTags; 3] = [
    TriggerTags {
        prefix: "",
        scripts: 1065,
        interpreters: 1092,
        conditions: dependency(1066, 1068, 1067),
        indexes: 1069,
    },
    TriggerTags {
        prefix: "file",
        scripts: 5066,
        interpreters: 5067,
        conditions: dependency(5069, 5072, 5071),
        indexes: 5070,
    },
    TriggerTags {
        prefix: "transfile",
        scripts: 5076,
        interpreters: 5077,
        conditions: dependency(5079, 5082, 5081),
        indexes: 5080,
    },
];
