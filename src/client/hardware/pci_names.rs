//! Names of PCI vendors, devices, subsystems and classes, of the list of pci-ids.ucw.cz.
//!
//! The list is embedded as it is published, compressed: 0.3 MB of the program, where tables of
//! strings made of it would be 4 MB. It is unpacked when a computer first asks for a name. Shape of
//! the list: a line at the margin opens a vendor (`8086  NAME`) or a class (`C 01  NAME`); the
//! lines below it, indented by tabs, are its devices and their subsystems, or its subclasses.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../../assets/hardware/pci.ids.zst");

static NAMES: LazyLock<PciNames> = LazyLock::new(|| {
    let text = zstd::stream::decode_all(EMBEDDED).unwrap_or_default();
    PciNames::read(String::from_utf8_lossy(&text).into_owned())
});

/// The list, and where in it each vendor and class stands.
#[derive(Debug, Default)]
pub struct PciNames {
    text: String,
    vendors: HashMap<u16, Range<usize>>,
    classes: HashMap<u8, Range<usize>>,
}

impl PciNames {
    /// Returns the embedded list.
    pub fn embedded() -> &'static Self {
        &NAMES
    }

    fn read(text: String) -> Self {
        let (mut vendors, mut classes) = (HashMap::new(), HashMap::new());
        let mut starts: Vec<usize> = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if !line.starts_with(['\t', '#', '\n']) {
                starts.push(at);
            }
            at += line.len();
        }
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        for (start, end) in starts.iter().copied().zip(ends) {
            let entry = text.get(start..end).unwrap_or_default();
            if let Some(class) = entry.strip_prefix("C ") {
                if let Some((id, _)) = numbered::<2>(class) {
                    classes.insert(id as u8, start..end);
                }
            } else if let Some((id, _)) = numbered::<4>(entry) {
                vendors.insert(id, start..end);
            }
        }
        Self { text, vendors, classes }
    }

    /// Returns the name of a vendor.
    pub fn vendor(&self, vendor: u16) -> Option<&str> {
        let (_, name) = numbered::<4>(self.entry(self.vendors.get(&vendor)?)?)?;
        Some(name)
    }

    /// Returns the name of a device of a vendor.
    pub fn device(&self, vendor: u16, device: u16) -> Option<&str> {
        let lines = self.entry(self.vendors.get(&vendor)?)?.lines();
        lines.filter_map(|line| line.strip_prefix('\t')).find_map(|line| of::<4>(line, device))
    }

    /// Returns the name that the maker of a card gave a device, by the card's (vendor, device).
    pub fn subsystem(&self, vendor: u16, device: u16, card: (u16, u16)) -> Option<&str> {
        let mut lines = self.entry(self.vendors.get(&vendor)?)?.lines();
        let is_device = |line: &&str| {
            line.strip_prefix('\t').is_some_and(|line| of::<4>(line, device).is_some())
        };
        lines.find(is_device)?;
        lines.map_while(|line| line.strip_prefix("\t\t")).find_map(|line| {
            let (sub_vendor, rest) = numbered::<4>(line)?;
            (sub_vendor == card.0).then(|| of::<4>(rest, card.1)).flatten()
        })
    }

    /// Returns the name of a subclass, such as `VGA compatible controller`.
    pub fn subclass(&self, class: u8, subclass: u8) -> Option<&str> {
        let lines = self.entry(self.classes.get(&class)?)?.lines();
        let mut own = lines.filter_map(|line| line.strip_prefix('\t'));
        own.find_map(|line| of::<2>(line, u16::from(subclass)))
    }

    fn entry(&self, range: &Range<usize>) -> Option<&str> {
        self.text.get(range.clone())
    }
}

/// Splits `ID NAME`, with an id of `DIGITS` hexadecimal digits; the name ends with its line.
fn numbered<const DIGITS: usize>(line: &str) -> Option<(u16, &str)> {
    let (id, name) = line.split_at_checked(DIGITS)?;
    let name = name.strip_prefix(' ')?.lines().next()?;
    Some((u16::from_str_radix(id, 16).ok()?, name.trim()))
}

/// The name in a line, if it is that of `id`.
fn of<const DIGITS: usize>(line: &str, id: u16) -> Option<&str> {
    numbered::<DIGITS>(line).filter(|(found, _)| *found == id).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_list_names_what_is_common() {
        let names = PciNames::embedded();
        assert_eq!(names.vendor(0x8086), Some("Intel Corporation"));
        assert_eq!(names.vendor(0x10de), Some("NVIDIA Corporation"));
        assert_eq!(names.device(0x8086, 0x1237), Some("440FX - 82441FX PMC [Natoma]"));
        assert_eq!(names.subsystem(0x8086, 0x1237, (0x1af4, 0x1100)), Some("Qemu virtual machine"));
        assert_eq!(names.subclass(0x03, 0x00), Some("VGA compatible controller"));
        assert!(names.vendors.len() > 2_000 && names.classes.len() > 15);
    }

    #[test]
    fn a_name_belongs_to_its_own_vendor_and_device() {
        let names = PciNames::read(
            "# list\n0001  One\n\t0010  First\n\t\t00aa 00bb  Card\n\t0011  Second\n\
             0002  Two\n\t0011  Other\nC 01  Store\n\t06  Disks\n\t\t01  Fast\n"
                .to_owned(),
        );
        assert_eq!(names.device(1, 0x11), Some("Second"));
        assert_eq!(names.device(2, 0x11), Some("Other"));
        assert_eq!(names.device(2, 0x10), None);
        assert_eq!(names.subsystem(1, 0x10, (0xaa, 0xbb)), Some("Card"));
        assert_eq!(names.subsystem(1, 0x11, (0xaa, 0xbb)), None);
        assert_eq!(names.subclass(1, 6), Some("Disks"));
        assert_eq!(names.subclass(1, 1), None);
        assert_eq!(names.vendor(3), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "([0-9a-fC \t#é]{0,8}\n?){0,20}", id: u16) {
            let names = PciNames::read(text);
            names.vendor(id);
            names.device(id, id);
            names.subsystem(id, id, (id, id));
            names.subclass(id as u8, id as u8);
        }
    }
}
