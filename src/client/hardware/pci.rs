//! PCI devices: `/sys/bus/pci/devices`, names from the embedded list of pci-ids.ucw.cz.

use std::path::{Path, PathBuf};

use super::node::Node;
use super::pci_names::PciNames;
use super::{Kernel, driver, read_text};

/// A PCI device and where it is in `/sys`, so that disks and interfaces find their controller.
#[derive(Debug)]
pub struct PciDevice {
    pub address: String,
    pub node: Node,
    /// Address of the bridge it is behind, if any.
    parent: Option<String>,
}

/// All PCI devices in order of their addresses, not nested yet.
pub fn devices(kernel: &Kernel) -> Vec<PciDevice> {
    let entries = kernel.entries("/sys/bus/pci/devices");
    let mut devices: Vec<PciDevice> =
        entries.into_iter().filter_map(|(address, path)| device(address, &path)).collect();
    // As lshw numbers them: `usb`, or `usb:0` and `usb:1` where a bus has several.
    let siblings: Vec<(Option<String>, String)> =
        devices.iter().map(|device| (device.parent.clone(), device.node.id.clone())).collect();
    for (n, device) in devices.iter_mut().enumerate() {
        let own = (device.parent.clone(), device.node.id.clone());
        let before = siblings.iter().take(n).filter(|other| **other == own).count();
        if siblings.iter().filter(|other| **other == own).count() > 1 {
            device.node.id = format!("{}:{before}", device.node.id);
        }
    }
    devices
}

/// Puts devices below the bridges they are behind, and returns those behind none.
pub fn nest(mut devices: Vec<PciDevice>) -> Vec<Node> {
    // A device is put away before its bridge: deepest first is highest bus number first.
    let mut roots = Vec::new();
    while let Some(device) = devices.pop() {
        let bridge =
            devices.iter_mut().find(|other| Some(&other.address) == device.parent.as_ref());
        match bridge {
            Some(bridge) => bridge.node.children.insert(0, device.node),
            None => roots.insert(0, device.node),
        }
    }
    roots
}

fn device(address: String, path: &Path) -> Option<PciDevice> {
    let number = |name: &str| {
        let text = read_text(&path.join(name))?;
        u32::from_str_radix(text.trim_start_matches("0x"), 16).ok()
    };
    let (vendor, product) = (number("vendor")? as u16, number("device")? as u16);
    let class = number("class")?;
    let (base, sub) = ((class >> 16) as u8, (class >> 8) as u8);
    let (id, class_name) = kind(base, sub);
    let names = PciNames::embedded();
    let description = names.subclass(base, sub).unwrap_or("Device");
    let mut node = Node::new(id, class_name, description);
    let known = names.device(vendor, product);
    node.vendor = names.vendor(vendor).map(str::to_owned);
    node.product = Some(known.map_or_else(|| format!("{vendor:04x}:{product:04x}"), str::to_owned));
    let slot = address.rsplit(':').next().unwrap_or_default().trim_start_matches('0');
    node.physid = Some(slot.trim_end_matches(".0").trim_start_matches('.').to_owned())
        .filter(|slot| !slot.is_empty())
        .or(Some("0".to_owned()));
    node.businfo = Some(format!("pci@{address}"));
    node.version = number("revision").map(|revision| format!("{revision:02x}"));
    let driver = driver(path);
    node.claimed = driver.is_some() || class_name == "bridge";
    node.configure("driver", driver);
    node.configure("id", Some(format!("{vendor:04x}:{product:04x}")));
    if let (Some(sub_vendor), Some(sub_device)) =
        (number("subsystem_vendor"), number("subsystem_device"))
    {
        let card = (sub_vendor as u16, sub_device as u16);
        let subsystem = names.subsystem(vendor, product, card);
        node.configure("subsystem", subsystem.map(str::to_owned));
    }
    // The real path runs through the bridges: …/pci0000:00/0000:00:1c.0/0000:02:00.0
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let parent = real.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    let parent = parent.filter(|name| name.matches(':').count() == 2).map(str::to_owned);
    Some(PciDevice { address, node, parent })
}

/// lshw's id and class of a PCI class (PCI Code and ID Assignment Specification).
fn kind(base: u8, sub: u8) -> (&'static str, &'static str) {
    match (base, sub) {
        (0x01, 0x08) => ("nvme", "storage"),
        (0x01, 0x06) => ("sata", "storage"),
        (0x01, 0x01) => ("ide", "storage"),
        (0x01, 0x04) => ("raid", "storage"),
        (0x01, 0x00 | 0x07) => ("scsi", "storage"),
        (0x01, _) => ("storage", "storage"),
        (0x02, _) => ("network", "network"),
        (0x03, _) => ("display", "display"),
        (0x04, _) => ("multimedia", "multimedia"),
        (0x05, _) => ("memory", "memory"),
        (0x06, 0x00) => ("host", "bridge"),
        (0x06, 0x01) => ("isa", "bridge"),
        (0x06, _) => ("pci", "bridge"),
        (0x07, _) => ("communication", "communication"),
        (0x08, _) => ("system", "generic"),
        (0x09, _) => ("input", "input"),
        (0x0b, _) => ("processor", "processor"),
        (0x0c, 0x00) => ("firewire", "bus"),
        (0x0c, 0x03) => ("usb", "bus"),
        (0x0c, 0x05) => ("serial", "bus"),
        (0x0c, _) => ("bus", "bus"),
        (0x0d, _) => ("network", "network"),
        _ => ("generic", "generic"),
    }
}
