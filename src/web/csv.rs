//! Rows for a spreadsheet (RFC 4180): UTF-8, CRLF, a cell in quotes where it needs them.
//!
//! Cells hold what computers report of themselves. One that a spreadsheet would take for a formula
//! gets an apostrophe before it, so that opening the file runs nothing.

use actix_web::HttpResponse;
use actix_web::http::header;

/// Characters that begin a formula in one spreadsheet or another.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes a head and rows.
pub fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let mut text = line(head);
    rows.iter().for_each(|row| text.push_str(&line(row)));
    text
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\r\n"
}

fn cell(text: &str) -> String {
    let shield = if text.starts_with(FORMULA) { "'" } else { "" };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{shield}{}\"", text.replace('"', "\"\""));
    }
    format!("{shield}{text}")
}

/// Answers with a file to keep, `name` being plain ASCII.
pub fn file(name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_stay_text() {
        let table = [
            ("pc1", "pc1"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("he said \"no\"", "\"he said \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("@SUM(1,2)", "\"'@SUM(1,2)\""),
            ("ñ", "ñ"),
        ];
        for (text, expected) in table {
            assert_eq!(cell(text), expected, "{text}");
        }
        let cells = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        let text = super::table(&cells(["a", "b"]), &[cells(["1", "2"]), cells(["3", ""])]);
        assert_eq!(text, "a,b\r\n1,2\r\n3,\r\n");
    }
}
