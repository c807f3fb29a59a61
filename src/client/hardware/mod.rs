//! The machine's hardware as a tree in the shape of `lshw -json` (D-HW-01).
//!
//! Read natively from SMBIOS tables, `/sys` and `/proc`, names of PCI devices from an embedded
//! list; no program is run. Only what stays the same from one day to the next is in it (sizes,
//! names, serial numbers, no temperatures or link speeds), so that equal machines give equal
//! trees. Example of a node:
//!
//! ```json
//! {"id": "network", "class": "network", "claimed": true, "description": "Ethernet interface",
//!  "product": "82540EM Gigabit Ethernet Controller", "vendor": "Intel Corporation",
//!  "physid": "3", "businfo": "pci@0000:00:03.0", "logicalname": "eth0",
//!  "serial": "52:54:00:12:34:56", "configuration": {"driver": "e1000"}}
//! ```

mod disks;
mod firmware;
mod interfaces;
mod memory;
mod node;
mod pci;
mod pci_names;
mod processors;

use std::path::{Path, PathBuf};

pub use node::Node;

/// Where the kernel shows the machine: `/sys` and `/proc` below one directory.
#[derive(Debug, Clone)]
pub struct Kernel {
    root: PathBuf,
}

impl Kernel {
    /// The kernel's files below `root`: `/`, or a folder of a test.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Text of a file, trimmed; `None` if absent or empty.
    fn text(&self, path: &str) -> Option<String> {
        read_text(&self.path(path))
    }

    /// Entries of a directory in name order, with their names.
    fn entries(&self, path: &str) -> Vec<(String, PathBuf)> {
        let Ok(entries) = std::fs::read_dir(self.path(path)) else { return Vec::new() };
        let mut entries: Vec<(String, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.file_name().into_string().ok()?, entry.path()))
            })
            .collect();
        entries.sort();
        entries
    }
}

/// Text of a file, trimmed; `None` if absent or empty.
fn read_text(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes).trim_matches(['\0', ' ', '\n', '\t']).to_owned();
    (!text.is_empty()).then_some(text)
}

/// Name of the driver behind a device of `/sys`, whose link `driver` points at it.
fn driver(device: &Path) -> Option<String> {
    let link = std::fs::read_link(device.join("driver")).ok()?;
    Some(link.file_name()?.to_str()?.to_owned())
}

/// The PCI device nearest to the end of a real path of `/sys`: `…/0000:00:04.0/virtio1`.
fn pci_address(real: &Path) -> Option<String> {
    let is_address = |part: &&str| part.matches(':').count() == 2 && part.contains('.');
    real.iter().filter_map(|part| part.to_str()).rfind(is_address).map(str::to_owned)
}

/// Returns the whole tree; `id` is the computer's name.
pub fn tree(kernel: &Kernel, id: &str) -> serde_json::Value {
    let firmware = firmware::Firmware::read(kernel);
    let mut root = firmware.system(kernel, id);
    let mut core = firmware.board();
    core.children.extend(firmware.bios());
    core.children.extend(processors::nodes(kernel, &firmware));
    core.children.push(memory::node(kernel, &firmware));
    let mut devices = pci::devices(kernel);
    for disks::Disk { node, controller } in disks::list(kernel) {
        match find(&mut devices, controller.as_deref()) {
            Some(controller) => controller.children.push(node),
            None => core.children.push(node),
        }
    }
    let mut virtual_interfaces = Vec::new();
    for interfaces::Interface { node, controller } in interfaces::list(kernel) {
        match find(&mut devices, controller.as_deref()) {
            // One card, one node: the interface names what the bus found.
            Some(card) if card.class == "network" && card.logicalname.is_none() => {
                card.description = node.description;
                card.logicalname = node.logicalname;
                card.serial = node.serial;
                card.configuration.extend(node.configuration);
            }
            Some(other) => other.children.push(node),
            None => virtual_interfaces.push(node),
        }
    }
    core.children.extend(pci::nest(devices));
    root.children.push(core);
    for (n, node) in virtual_interfaces.iter_mut().enumerate() {
        node.id = format!("network:{n}");
        node.physid = Some(format!("{:x}", n + 1));
    }
    root.children.extend(virtual_interfaces);
    serde_json::to_value(root).unwrap_or_default()
}

fn find<'a>(devices: &'a mut [pci::PciDevice], address: Option<&str>) -> Option<&'a mut Node> {
    let address = address?;
    devices.iter_mut().find(|device| device.address == address).map(|device| &mut device.node)
}

#[cfg(test)]
mod tests;
