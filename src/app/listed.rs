//! A page of a list, as operations return it.

/// Items with the cursor of the next page.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// Pass it on for the next page; none at the end.
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// Makes a page of what a query with one row too many found; that row tells that there is
    /// more, `cursor` names the last one kept.
    pub(super) fn new(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}
