//! Paths of the public tree (D-REPO-01), as they stand in links.

use std::fmt::Write as _;

use crate::domain::pms::Pms;

/// Path of a file of a store.
pub fn store_file(project: &str, store: &str, file: &str) -> String {
    format!("/public/{}/STORES/{}/{}", segment(project), segment(store), segment(file))
}

/// Path of the folder of a set.
pub fn set_folder(project: &str, store: &str, set: &str) -> String {
    format!("{}/", store_file(project, store, set))
}

/// Path of a file of a set.
pub fn set_file(project: &str, store: &str, set: &str, path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(segment).collect();
    format!("{}{}", set_folder(project, store, set), parts.join("/"))
}

/// Path of the repository of a deployment.
pub fn repository(project: &str, pms: Pms, slug: &str) -> String {
    format!("/public/{}/{}/{}/", segment(project), pms.slug(), segment(slug))
}

/// Path of the cache of an external deployment (D-EXT-02).
pub fn external(project: &str, slug: &str) -> String {
    format!("/src/{}/EXTERNAL/{}/", segment(project), segment(slug))
}

/// A name as one segment of a path: what is not plain is percent-encoded.
///
/// ```
/// assert_eq!(migas::http::paths::segment("g++ 1~2.deb"), "g++%201~2.deb");
/// ```
pub fn segment(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~+:@!$&'()*,;=".contains(&byte) {
            path.push(char::from(byte));
        } else {
            let _infallible = write!(path, "%{byte:02X}");
        }
    }
    path
}
