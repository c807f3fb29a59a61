//! System, board, BIOS and what else SMBIOS tells (DMTF DSP0134), read from
//! `/sys/firmware/dmi/tables`; where a machine has no tables, from `/sys/class/dmi/id` and, on
//! boards without any (ARM), from the device tree.

use dmidecode::structures::memory_device::MemoryDevice;
use dmidecode::structures::processor::Processor;
use dmidecode::{EntryPoint, Structure};

use super::node::{Capability, Node, said};
use super::{Kernel, read_text};

/// The tables, kept as the kernel gives them.
#[derive(Debug, Default)]
pub struct Firmware {
    entry: Vec<u8>,
    table: Vec<u8>,
    /// Texts of `/sys/class/dmi/id`, for machines whose tables cannot be read.
    id: Vec<(&'static str, String)>,
    /// `model` of the device tree.
    model: Option<String>,
}

const ID_FILES: [&str; 10] = [
    "sys_vendor",
    "product_name",
    "product_version",
    "product_serial",
    "product_uuid",
    "board_vendor",
    "board_name",
    "bios_vendor",
    "bios_version",
    "bios_date",
];

impl Firmware {
    /// Reads what there is.
    pub fn read(kernel: &Kernel) -> Self {
        let tables = kernel.path("/sys/firmware/dmi/tables");
        let bytes = |name: &str| std::fs::read(tables.join(name)).unwrap_or_default();
        let id = kernel.path("/sys/class/dmi/id");
        let id_file = |name: &'static str| Some((name, read_text(&id.join(name))?));
        Self {
            entry: bytes("smbios_entry_point"),
            table: bytes("DMI"),
            id: ID_FILES.into_iter().filter_map(id_file).collect(),
            model: kernel.text("/sys/firmware/devicetree/base/model"),
        }
    }

    /// The structures of the table that can be read.
    fn structures(&self) -> impl Iterator<Item = Structure<'_>> {
        let entry = EntryPoint::search(&self.entry).ok();
        // An incomplete table is cut short by the crate; the end marker must not be missed.
        entry.into_iter().flat_map(|entry| entry.structures(&self.table).flatten())
    }

    /// Sockets with their processors.
    pub fn processors(&self) -> Vec<Processor<'_>> {
        let processor = |structure| match structure {
            Structure::Processor(processor) => Some(processor),
            _ => None,
        };
        self.structures().filter_map(processor).collect()
    }

    /// Slots for memory modules, also empty ones.
    pub fn memory_devices(&self) -> Vec<MemoryDevice<'_>> {
        let device = |structure| match structure {
            Structure::MemoryDevice(device) => Some(device),
            _ => None,
        };
        self.structures().filter_map(device).collect()
    }

    fn id(&self, name: &str) -> Option<String> {
        let found = self.id.iter().find(|(key, _)| *key == name);
        found.and_then(|(_, value)| said(value))
    }

    /// The root of the tree.
    pub fn system(&self, kernel: &Kernel, id: &str) -> Node {
        let mut node = Node::new(id, "system", "Computer");
        node.product = self.id("product_name").or_else(|| self.model.clone());
        node.vendor = self.id("sys_vendor");
        node.version = self.id("product_version");
        node.serial = self.id("product_serial");
        node.width = Some(usize::BITS);
        node.configure("uuid", self.id("product_uuid"));
        for structure in self.structures() {
            match structure {
                Structure::System(system) => {
                    node.product = said(system.product).or(node.product);
                    node.vendor = said(system.manufacturer).or(node.vendor);
                    node.version = said(system.version).or(node.version);
                    node.serial = said(system.serial).or(node.serial);
                    node.configure("family", system.family.and_then(said));
                    node.configure("sku", system.sku.and_then(said));
                }
                Structure::Enclosure(enclosure) => {
                    let chassis = format!("{:?}", enclosure.enclosure_type).to_lowercase();
                    let chassis = chassis.split(['(', '{']).next().unwrap_or_default().to_owned();
                    node.description = Some(describe(&chassis).to_owned());
                    node.configure("chassis", said(&chassis));
                }
                _ => {}
            }
        }
        if let Ok(entry) = EntryPoint::search(&self.entry) {
            let version = format!("{}.{}", entry.major(), entry.minor());
            let described = Capability::Described(format!("SMBIOS version {version}"));
            node.capabilities.insert(format!("smbios-{version}"), described);
        }
        if kernel.path("/sys/firmware/efi").exists() {
            node.configure("boot", Some("uefi".to_owned()));
        }
        node
    }

    /// The main board, parent of everything on it.
    pub fn board(&self) -> Node {
        let mut node = Node::new("core", "bus", "Motherboard");
        node.physid = Some("0".to_owned());
        node.product = self.id("board_name");
        node.vendor = self.id("board_vendor");
        for structure in self.structures() {
            if let Structure::BaseBoard(board) = structure {
                node.product = said(board.product).or(node.product);
                node.vendor = said(board.manufacturer).or(node.vendor);
                node.version = said(board.version);
                node.serial = said(board.serial);
                break; // further ones are boards inside this one
            }
        }
        node
    }

    /// The BIOS, if it says who it is.
    pub fn bios(&self) -> Option<Node> {
        let mut node = Node::new("firmware", "memory", "BIOS");
        node.physid = Some("0".to_owned());
        node.vendor = self.id("bios_vendor");
        node.version = self.id("bios_version");
        node.date = self.id("bios_date");
        for structure in self.structures() {
            if let Structure::Bios(bios) = structure {
                node.vendor = said(bios.vendor).or(node.vendor);
                node.version = said(bios.bios_version).or(node.version);
                node.date = said(bios.bios_release_date).or(node.date);
            }
        }
        (node.vendor.is_some() || node.version.is_some()).then_some(node)
    }
}

/// What a chassis makes of the computer, in lshw's words.
fn describe(chassis: &str) -> &'static str {
    match chassis {
        "desktop" | "lowprofiledesktop" | "pizzabox" => "Desktop Computer",
        "minitower" | "tower" => "Tower Computer",
        "portable" | "laptop" => "Laptop",
        "notebook" | "subnotebook" | "convertible" => "Notebook",
        "allinone" => "All In One",
        "mainserverchassis" | "rackmountchassis" | "blade" => "Server",
        "minipc" | "stickpc" => "Mini PC",
        "tablet" => "Tablet",
        _ => "Computer",
    }
}
