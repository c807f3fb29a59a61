//! Lists of the API: `{"items":[…],"next":CURSOR|null}`, paged by key.

use serde::{Deserialize, Serialize};

/// Largest page.
pub const MAX_LIMIT: u32 = 1_000;

/// Query of every list: `?limit=` up to 1,000 and the `?cursor=` of the page before.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
pub struct PageQuery {
    /// Most items to return; 100 if absent, 1,000 at most.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The number of items to return.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(100).clamp(1, MAX_LIMIT)
    }

    /// The cursor as the id it is for most lists; an unreadable one starts from the beginning.
    pub fn after_id(&self) -> Option<i64> {
        self.cursor.as_deref().and_then(|cursor| cursor.parse().ok())
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; null at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of what a query with `limit + 1` found: the item too many tells that there
    /// is more, `cursor` names the last one kept.
    pub fn new(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}

impl<T, U: From<T>> From<crate::app::listed::Listed<T>> for Page<U> {
    fn from(listed: crate::app::listed::Listed<T>) -> Self {
        Self { items: listed.items.into_iter().map(U::from).collect(), next: listed.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_next_only_if_there_is_one() {
        let page = |found: Vec<i64>| Page::new(found, 2, ToString::to_string);
        assert_eq!(page(vec![1, 2]).next, None);
        let full = page(vec![1, 2, 3]);
        assert_eq!((full.items, full.next), (vec![1, 2], Some("2".into())));
    }
}
