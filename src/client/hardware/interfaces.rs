//! Network interfaces and their MAC addresses, from `/sys/class/net`.

use std::path::Path;

use super::node::Node;
use super::{Kernel, driver, pci_address, read_text};

/// An interface and the PCI device behind it, if there is one.
#[derive(Debug)]
pub struct Interface {
    pub node: Node,
    pub controller: Option<String>,
}

/// Ethernet-like interfaces in name order, without loopback.
pub fn list(kernel: &Kernel) -> Vec<Interface> {
    let entries = kernel.entries("/sys/class/net").into_iter();
    entries.filter_map(|(name, path)| interface(&name, &path)).collect()
}

fn interface(name: &str, path: &Path) -> Option<Interface> {
    let text = |file: &str| read_text(&path.join(file));
    if text("type")? != "1" {
        return None; // ARPHRD_ETHER
    }
    let mac = text("address").filter(|mac| mac != "00:00:00:00:00:00")?;
    let is_real = path.join("device").exists();
    let is_bridge = path.join("bridge").exists();
    // Those of containers and virtual machines come and go with an address made up each time
    // (NET_ADDR_RANDOM of linux/netdevice.h).
    if !is_real && text("addr_assign_type").is_some_and(|kind| kind == "1") {
        return None;
    }
    let wireless = path.join("wireless").exists() || path.join("phy80211").exists();
    let description = if wireless { "Wireless interface" } else { "Ethernet interface" };
    let mut node = Node::new("network", "network", description);
    node.logicalname = Some(name.to_owned());
    node.serial = Some(mac);
    node.configure("driver", driver(&path.join("device")));
    node.configure("wireless", wireless.then(|| "yes".to_owned()));
    if is_bridge {
        node.configure("driver", Some("bridge".to_owned()));
    }
    let real = std::fs::canonicalize(path.join("device")).unwrap_or_default();
    Some(Interface { node, controller: pci_address(&real) })
}
