//! Main memory and its modules.

use dmidecode::structures::memory_device::{MemoryDevice, Type};

use super::Kernel;
use super::firmware::Firmware;
use super::node::{Node, said};

/// The node `memory`: its size is the sum of the modules, or what the kernel manages where the
/// firmware does not tell.
pub fn node(kernel: &Kernel, firmware: &Firmware) -> Node {
    let mut node = Node::new("memory", "memory", "System Memory");
    node.physid = Some("1".to_owned());
    node.units = Some("bytes");
    let devices = firmware.memory_devices();
    node.children = devices.iter().enumerate().map(|(n, device)| bank(n, device)).collect();
    let sum: u64 = node.children.iter().filter_map(|bank| bank.size).sum();
    node.size = if sum > 0 { Some(sum) } else { managed(kernel) };
    node
}

/// `MemTotal: 8048612 kB` of `/proc/meminfo`, in bytes.
fn managed(kernel: &Kernel) -> Option<u64> {
    let text = kernel.text("/proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kilobytes.checked_mul(1024)
}

fn bank(number: usize, device: &MemoryDevice<'_>) -> Node {
    let kind = kind(device.memory_type);
    let form = format!("{:?}", device.form_factor).to_uppercase();
    let form = if ["DIMM", "SODIMM", "SIMM", "RIMM"].contains(&form.as_str()) {
        form
    } else {
        String::new()
    };
    let size = size(device);
    let description = match size {
        Some(_) => [form.as_str(), kind].join(" ").trim().to_owned(),
        None => "[empty]".to_owned(),
    };
    let mut node = Node::new(format!("bank:{number}"), "memory", &description);
    node.physid = Some(format!("{number:x}"));
    node.slot = said(device.device_locator);
    if size.is_some() {
        node.product = said(device.part_number);
        node.vendor = said(device.manufacturer);
        node.serial = said(device.serial);
        node.units = Some("bytes");
        node.size = size;
        node.width = device.data_width.map(u32::from);
        node.clock = device.speed.map(|mhz| u64::from(mhz) * 1_000_000);
    }
    node
}

/// Bytes of a module; `None` for an empty slot (SMBIOS 7.18.4 and 7.18.5).
fn size(device: &MemoryDevice<'_>) -> Option<u64> {
    match device.size? {
        0 => None,
        0x7fff => Some(u64::from(device.extended_size & 0x7fff_ffff) << 20),
        size if size & 0x8000 != 0 => Some(u64::from(size & 0x7fff) << 10),
        size => Some(u64::from(size) << 20),
    }
}

fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Ddr => "DDR",
        Type::Ddr2 => "DDR2",
        Type::Ddr3 => "DDR3",
        Type::Ddr4 => "DDR4",
        Type::Ddr5 => "DDR5",
        Type::LpDdr3 => "LPDDR3",
        Type::LpDdr4 => "LPDDR4",
        Type::LpDdr5 => "LPDDR5",
        Type::Sdram => "SDRAM",
        Type::Dram => "DRAM",
        _ => "RAM",
    }
}
