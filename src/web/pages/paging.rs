//! Pages out of lists that were read with one row too many.

/// Cuts the row too many off; if it was there, also returns the cursor of the last one kept.
pub fn split<T>(
    mut rows: Vec<T>,
    limit: u32,
    cursor: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(cursor) } else { None };
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_row_too_many_tells_that_there_is_more() {
        let cursor = ToString::to_string;
        assert_eq!(split(vec![1, 2, 3], 2, cursor), (vec![1, 2], Some("2".into())));
        assert_eq!(split(vec![1, 2], 2, cursor), (vec![1, 2], None));
    }
}
