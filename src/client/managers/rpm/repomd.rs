//! `repomd.xml`, the signed index of a repository, as the package manager keeps what it fetched.
//!
//! Only its age is read here, and only when it is not the very file the server promised. The
//! revision of our repositories is the second they were published; of others it may be any text,
//! then the newest of the parts counts.
//!
//! ```text
//! <repomd xmlns="http://linux.duke.edu/metadata/repo">
//!   <revision>1795260133</revision>
//!   <data type="primary"><timestamp>1795260133</timestamp>…
//! ```

/// When an index says it was made, seconds since the epoch.
pub fn date(repomd: &str) -> Option<i64> {
    let revision = values(repomd, "revision").next()?;
    revision.or_else(|| values(repomd, "timestamp").flatten().max())
}

/// The numbers between the tags called `name`; `None` for one that is no number.
fn values<'a>(text: &'a str, name: &str) -> impl Iterator<Item = Option<i64>> + 'a {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (value, after) = after.split_once(&close)?;
        rest = after;
        Some(value.trim().parse().ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_an_index() {
        let table = [
            ("<repomd><revision>1795260133</revision></repomd>", Some(1_795_260_133)),
            (
                "<revision>rolling</revision><data><timestamp>12</timestamp></data>\
                 <data><timestamp> 20 </timestamp></data>",
                Some(20),
            ),
            ("<revision>rolling</revision>", None),
            ("not an index", None),
            ("<revision>12", None),
        ];
        for (text, expected) in table {
            assert_eq!(date(text), expected, "{text}");
        }
    }
}
