//! Disks: whole block devices with something real behind them, from `/sys/block`.

use std::path::Path;

use super::node::{Node, said};
use super::{Kernel, driver, pci_address, read_text};

/// `/sys/block/<disk>/size` counts in these, whatever the disk does.
const SECTOR: u64 = 512;

/// A disk and the PCI device it hangs on, if it does.
#[derive(Debug)]
pub struct Disk {
    pub node: Node,
    pub controller: Option<String>,
}

/// All disks in name order. Loop devices, RAM disks, device mapper and RAID arrays have no device
/// behind them, so they are none; optical drives are disks without a size.
pub fn list(kernel: &Kernel) -> Vec<Disk> {
    let entries = kernel.entries("/sys/block").into_iter();
    let real = entries.filter(|(_, path)| path.join("device").exists());
    let mut disks: Vec<Disk> = real.filter_map(|(name, path)| disk(&name, &path)).collect();
    let several = |id: &str, all: &[String]| all.iter().filter(|other| *other == id).count() > 1;
    let ids: Vec<String> = disks.iter().map(|disk| disk.node.id.clone()).collect();
    for (n, disk) in disks.iter_mut().enumerate() {
        if several(&disk.node.id, &ids) {
            let before = ids.iter().take(n).filter(|other| **other == disk.node.id).count();
            disk.node.id = format!("{}:{before}", disk.node.id);
        }
    }
    disks
}

fn disk(name: &str, path: &Path) -> Option<Disk> {
    let text = |file: &str| read_text(&path.join(file)).and_then(|text| said(&text));
    let is_optical = name.starts_with("sr");
    let removable = text("removable").is_some_and(|flag| flag == "1");
    let (id, description) = match name {
        _ if is_optical => ("cdrom", "DVD reader"),
        _ if name.starts_with("nvme") => ("namespace", "NVMe disk"),
        _ if name.starts_with("vd") => ("virtio", "Virtual I/O device"),
        _ if name.starts_with("mmcblk") => ("device", "SD/MMC Device"),
        _ if removable => ("disk", "Removable disk"),
        _ => ("disk", "Disk"),
    };
    let mut node = Node::new(id, "disk", description);
    node.logicalname = Some(format!("/dev/{name}"));
    node.dev = text("dev");
    node.product = text("device/model").or_else(|| text("device/name"));
    node.vendor =
        text("device/vendor").filter(|vendor| vendor != "ATA" && !vendor.starts_with("0x"));
    node.version = text("device/rev").or_else(|| text("device/firmware_rev"));
    node.serial = text("device/serial").or_else(|| text("serial")).or_else(|| text("wwid"));
    if !is_optical {
        let sectors: u64 = text("size")?.parse().ok()?;
        node.units = Some("bytes");
        node.size = sectors.checked_mul(SECTOR);
    }
    node.configure("logicalsectorsize", text("queue/logical_block_size"));
    node.configure("driver", driver(&path.join("device")));
    if let Some(rotational) = text("queue/rotational") {
        node.configure("rotational", Some(rotational));
    }
    let real = std::fs::canonicalize(path.join("device")).unwrap_or_default();
    if let Some(address) = real.file_name().and_then(|name| name.to_str())
        && address.split(':').count() == 4
    {
        let dotted = address.replace(':', ".");
        node.businfo = dotted.split_once('.').map(|(host, rest)| format!("scsi@{host}:{rest}"));
    }
    Some(Disk { node, controller: pci_address(&real) })
}
