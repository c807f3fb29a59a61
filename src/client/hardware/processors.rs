//! Processors: one node per socket, from `/proc/cpuinfo`, `/sys/devices/system/cpu` and SMBIOS.

use std::collections::{BTreeMap, BTreeSet};

use super::Kernel;
use super::firmware::Firmware;
use super::node::{Capability, Node, said};

/// What `/proc/cpuinfo` says of the logical processors of one socket.
#[derive(Debug, Default)]
struct Socket {
    product: Option<String>,
    vendor: Option<String>,
    version: Option<String>,
    flags: Vec<String>,
    cores: BTreeSet<String>,
    threads: usize,
}

/// Nodes of all sockets, `cpu` or `cpu:0`, `cpu:1`…
pub fn nodes(kernel: &Kernel, firmware: &Firmware) -> Vec<Node> {
    let sockets = sockets(&kernel.text("/proc/cpuinfo").unwrap_or_default());
    let known = firmware.processors();
    let single = sockets.len() == 1;
    let maximum = kernel
        .text("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq")
        .and_then(|text| text.parse::<u64>().ok())
        .map(|kilohertz| kilohertz * 1000);
    let node = |(number, socket): (usize, Socket)| {
        let id = if single { "cpu".to_owned() } else { format!("cpu:{number}") };
        let mut node = Node::new(id, "processor", "CPU");
        node.physid = Some(format!("{:x}", 4 + number));
        node.businfo = Some(format!("cpu@{number}"));
        node.product = socket.product;
        node.vendor = socket.vendor;
        node.version = socket.version;
        node.units = Some("Hz");
        node.capacity = maximum;
        let wide = socket.flags.iter().any(|flag| flag == "lm");
        node.width = Some(if wide { 64 } else { usize::BITS });
        node.configure("cores", Some(socket.cores.len().max(1).to_string()));
        node.configure("threads", Some(socket.threads.to_string()));
        for flag in socket.flags {
            node.capabilities.insert(flag, Capability::Present(true));
        }
        if let Some(processor) = known.get(number) {
            node.slot = said(processor.socket_designation);
            node.product = node.product.or_else(|| said(processor.processor_version));
            node.vendor = node.vendor.or_else(|| said(processor.processor_manufacturer));
            node.serial = processor.serial_number.and_then(said);
            let hertz =
                |megahertz: u16| (megahertz > 0).then_some(u64::from(megahertz) * 1_000_000);
            node.clock = hertz(processor.external_clock);
            node.capacity = node.capacity.or_else(|| hertz(processor.max_speed));
        }
        node.size = node.capacity;
        node
    };
    sockets.into_values().enumerate().map(node).collect()
}

/// Splits `/proc/cpuinfo` by socket; x86 names it `physical id`, others have none.
fn sockets(cpuinfo: &str) -> BTreeMap<u32, Socket> {
    let mut sockets: BTreeMap<u32, Socket> = BTreeMap::new();
    for processor in cpuinfo.split("\n\n") {
        let fields: BTreeMap<&str, &str> = processor
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect();
        if !fields.contains_key("processor") {
            continue;
        }
        let get = |name: &str| fields.get(name).and_then(|value| said(value));
        let number = get("physical id").and_then(|id| id.parse().ok()).unwrap_or(0);
        let socket = sockets.entry(number).or_default();
        socket.threads += 1;
        socket.cores.insert(get("core id").unwrap_or_else(|| socket.threads.to_string()));
        if socket.product.is_none() {
            let names = ["model name", "Processor", "cpu model", "CPU part"];
            socket.product = names.into_iter().find_map(get);
            socket.vendor = get("vendor_id").or_else(|| get("CPU implementer")).map(vendor);
            let version = ["cpu family", "model", "stepping"].map(get);
            if let [Some(family), Some(model), Some(stepping)] = version {
                socket.version = Some(format!("{family}.{model}.{stepping}"));
            }
            let flags = get("flags").or_else(|| get("Features")).unwrap_or_default();
            socket.flags = flags.split_whitespace().map(str::to_owned).collect();
        }
    }
    sockets
}

fn vendor(id: String) -> String {
    match id.as_str() {
        "GenuineIntel" => "Intel Corp.".to_owned(),
        "AuthenticAMD" => "Advanced Micro Devices [AMD]".to_owned(),
        "0x41" => "ARM".to_owned(),
        _ => id,
    }
}
