//! How computers and their CID attributes are shown: by the site's first search field (D-COMP-02,
//! D-ATTR-01).

use super::{ReadTx, StorageError, settings};
use crate::domain::computer::SearchField;
use crate::domain::site_settings::SiteSettings;

/// Returns the expression over the table `computer` for the site's first search field: one look
/// at the settings, so that every list of a transaction names a computer alike.
pub(super) fn expression(tx: &ReadTx<'_>) -> Result<&'static str, StorageError> {
    macro_rules! named {
        ($column:literal) => {
            concat!(
                "ifnull(nullif(computer.",
                $column,
                ", '') || ' (CID-' || computer.id || ')', 'CID-' || computer.id)"
            )
        };
    }
    Ok(match first_field(tx)? {
        None | Some(SearchField::Id) => "('CID-' || computer.id)",
        Some(SearchField::Name) => named!("name"),
        Some(SearchField::Uuid) => named!("uuid"),
        Some(SearchField::Fqdn) => named!("fqdn"),
        Some(SearchField::IpAddress) => named!("ip_address"),
        Some(SearchField::ForwardedIpAddress) => named!("forwarded_ip_address"),
        Some(SearchField::MacAddress) => named!("mac_address"),
        Some(SearchField::Product) => named!("product"),
        Some(SearchField::Comment) => named!("comment"),
    })
}

/// Says whether computers are known by their number, and so their CID attributes too.
pub(super) fn by_id(tx: &ReadTx<'_>) -> Result<bool, StorageError> {
    Ok(matches!(first_field(tx)?, None | Some(SearchField::Id)))
}

fn first_field(tx: &ReadTx<'_>) -> Result<Option<SearchField>, StorageError> {
    let settings = SiteSettings::from_rows(&settings::all(tx)?);
    Ok(settings.computer_search_fields.first().copied())
}
