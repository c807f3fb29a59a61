//! The three indexes of packages, and what stands around their elements.

/// An index with one element for each package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// What a package is, requires and provides, and its files in well-known places.
    Primary,
    /// All files.
    Filelists,
    /// Changelogs.
    Other,
}

impl Table {
    /// All tables, in the order of `repomd.xml`.
    pub const ALL: [Self; 3] = [Self::Primary, Self::Filelists, Self::Other];

    /// Type in `repomd.xml`, and part of the file name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Filelists => "filelists",
            Self::Other => "other",
        }
    }

    /// What stands before the elements: the number of packages is in it.
    pub fn head(self, packages: usize) -> String {
        let namespace = match self {
            Self::Primary => {
                "http://linux.duke.edu/metadata/common\" \
                 xmlns:rpm=\"http://linux.duke.edu/metadata/rpm"
            }
            Self::Filelists => "http://linux.duke.edu/metadata/filelists",
            Self::Other => "http://linux.duke.edu/metadata/other",
        };
        let root = self.root();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <{root} xmlns=\"{namespace}\" packages=\"{packages}\">\n"
        )
    }

    /// What stands after the elements.
    pub fn tail(self) -> String {
        format!("</{}>\n", self.root())
    }

    fn root(self) -> &'static str {
        match self {
            Self::Primary => "metadata",
            Self::Filelists => "filelists",
            Self::Other => "otherdata",
        }
    }
}
