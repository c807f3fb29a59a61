//! A machine made of files: SMBIOS tables, `/sys` with its links, `/proc`.

use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::*;

struct FakeKernel {
    directory: tempfile::TempDir,
}

impl FakeKernel {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn link(&self, path: &str, target: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(self.path(target), path).unwrap();
    }

    fn pci(&self, address: &str, real: &str, fields: &[(&str, &str)], driver: Option<&str>) {
        let real = format!("sys/devices/{real}");
        for (name, value) in fields {
            self.write(&format!("{real}/{name}"), value);
        }
        self.link(&format!("sys/bus/pci/devices/{address}"), &real);
        if let Some(driver) = driver {
            self.link(&format!("{real}/driver"), &format!("sys/bus/pci/drivers/{driver}"));
        }
    }

    fn tree(&self) -> Value {
        tree(&Kernel::new(self.directory.path()), "pc1")
    }
}

/// A structure of SMBIOS: type, formatted section, strings.
fn structure(kind: u8, handle: u16, formatted: &[u8], strings: &[&str]) -> Vec<u8> {
    let mut bytes = vec![kind, formatted.len() as u8 + 4];
    bytes.extend(handle.to_le_bytes());
    bytes.extend(formatted);
    for string in strings {
        bytes.extend(string.as_bytes());
        bytes.push(0);
    }
    if strings.is_empty() {
        bytes.push(0);
    }
    bytes.push(0);
    bytes
}

/// A memory module: MiB, slot, maker, serial, part.
fn module(handle: u16, size: u16, strings: &[&str]) -> Vec<u8> {
    let mut formatted = vec![0; 0x22 - 4];
    formatted[0..4].copy_from_slice(&[0x00, 0x10, 0xfe, 0xff]); // array, no error handle
    formatted[4..8].copy_from_slice(&[64, 0, 64, 0]); // total and data width
    formatted[8..10].copy_from_slice(&size.to_le_bytes());
    formatted[10] = 0x09; // DIMM
    formatted[12] = 1; // device locator
    formatted[14] = 0x1a; // DDR4
    formatted[17..19].copy_from_slice(&2400_u16.to_le_bytes());
    formatted[19] = 2;
    formatted[20] = 3;
    formatted[22] = 4;
    structure(17, handle, &formatted, strings)
}

fn smbios(kernel: &FakeKernel) {
    let mut system = vec![1, 2, 3, 4];
    system.extend([0x11; 16]);
    system.extend([6, 0, 0]);
    let table = [
        structure(1, 1, &system, &["ACME", "Desk 3000", "Default string", "SN123"]),
        structure(2, 2, &[1, 2, 3, 4], &["ACME", "Board 7", "1.0", "B1"]),
        module(17, 8192, &["DIMM_A1", "Kingston", "S1", "KVR24"]),
        module(18, 0, &["DIMM_A2", "NO DIMM", "NO DIMM", "NO DIMM"]),
        module(19, 4096, &["DIMM_B1", "Kingston", "S2", "KVR24"]),
        structure(127, 99, &[], &[]),
    ]
    .concat();
    let mut entry = b"_SM3_\0\x18\x03\x02\0\x01\0".to_vec();
    entry.extend((table.len() as u32).to_le_bytes());
    entry.extend([0; 8]);
    let sum = entry.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    entry[5] = 0_u8.wrapping_sub(sum);
    kernel.write("sys/firmware/dmi/tables/smbios_entry_point", entry);
    kernel.write("sys/firmware/dmi/tables/DMI", table);
}

fn find<'a>(node: &'a Value, id: &str) -> Option<&'a Value> {
    if node["id"] == id {
        return Some(node);
    }
    node["children"].as_array()?.iter().find_map(|child| find(child, id))
}

#[test]
fn d_hw_01_the_firmware_names_the_machine_and_its_memory() {
    let kernel = FakeKernel::new();
    smbios(&kernel);
    kernel.write("proc/meminfo", "MemTotal:       12000000 kB\n");
    let tree = kernel.tree();
    assert_eq!(tree["id"], "pc1");
    assert_eq!(tree["class"], "system");
    assert_eq!(tree["product"], "Desk 3000");
    assert_eq!((&tree["vendor"], &tree["serial"]), (&json!("ACME"), &json!("SN123")));
    assert_eq!(tree.get("version"), None, "a maker's placeholder says nothing");
    assert_eq!(find(&tree, "core").unwrap()["product"], "Board 7");
    let memory = find(&tree, "memory").unwrap();
    assert_eq!(memory["size"], json!(12_u64 << 30));
    let banks = memory["children"].as_array().unwrap();
    assert_eq!(banks.len(), 3);
    assert_eq!(banks[0]["description"], "DIMM DDR4");
    assert_eq!((&banks[0]["slot"], &banks[0]["serial"]), (&json!("DIMM_A1"), &json!("S1")));
    assert_eq!(
        (&banks[0]["size"], &banks[0]["clock"]),
        (&json!(8_u64 << 30), &json!(2_400_000_000_u64))
    );
    assert_eq!(banks[1]["description"], "[empty]");
    assert_eq!(banks[1].get("size"), None);
}

#[test]
fn d_hw_01_without_firmware_the_kernel_knows_enough() {
    let kernel = FakeKernel::new();
    kernel.write("proc/meminfo", "MemTotal:       1024 kB\nMemFree: 1 kB\n");
    let cpu = |n: u32, core: u32| {
        format!(
            "processor : {n}\nvendor_id : GenuineIntel\nphysical id : 0\ncore id : {core}\n\
             model name : Intel(R) Core(TM) i5\nflags : fpu lm\n\n"
        )
    };
    kernel.write("proc/cpuinfo", [cpu(0, 0), cpu(1, 0), cpu(2, 1), cpu(3, 1)].concat());
    let tree = kernel.tree();
    assert_eq!(find(&tree, "memory").unwrap()["size"], 1 << 20);
    let cpu = find(&tree, "cpu").unwrap();
    assert_eq!(
        (&cpu["class"], &cpu["product"]),
        (&json!("processor"), &json!("Intel(R) Core(TM) i5"))
    );
    assert_eq!(cpu["configuration"], json!({"cores": "2", "threads": "4"}));
    assert_eq!((&cpu["width"], &cpu["capabilities"]["lm"]), (&json!(64), &json!(true)));
}

#[test]
fn d_hw_01_devices_hang_where_they_are_plugged_in() {
    let kernel = FakeKernel::new();
    let bridge = [("vendor", "0x8086"), ("device", "0x244e"), ("class", "0x060400")];
    let card =
        [("vendor", "0x8086"), ("device", "0x100e"), ("class", "0x020000"), ("revision", "0x02")];
    let sata = [("vendor", "0x8086"), ("device", "0x2922"), ("class", "0x010601")];
    kernel.pci("0000:00:1e.0", "pci0000:00/0000:00:1e.0", &bridge, None);
    kernel.pci("0000:01:03.0", "pci0000:00/0000:00:1e.0/0000:01:03.0", &card, Some("e1000"));
    kernel.pci("0000:00:1f.2", "pci0000:00/0000:00:1f.2", &sata, Some("ahci"));
    let net = "sys/devices/pci0000:00/0000:00:1e.0/0000:01:03.0/net/eth0";
    kernel.write(&format!("{net}/type"), "1\n");
    kernel.write(&format!("{net}/address"), "52:54:00:12:34:56\n");
    kernel.link(&format!("{net}/device"), "sys/devices/pci0000:00/0000:00:1e.0/0000:01:03.0");
    kernel.link("sys/class/net/eth0", net);
    kernel.write("sys/class/net/lo/type", "772\n");
    for (name, kind) in [("br0", "3"), ("veth1", "1")] {
        kernel.write(&format!("sys/class/net/{name}/type"), "1\n");
        kernel.write(&format!("sys/class/net/{name}/address"), "52:54:00:00:00:01\n");
        kernel.write(&format!("sys/class/net/{name}/addr_assign_type"), kind);
    }
    let disk = "sys/devices/pci0000:00/0000:00:1f.2/ata1/0:0:0:0";
    kernel.write(&format!("{disk}/model"), "VBOX HARDDISK\n");
    kernel.write(&format!("{disk}/vendor"), "ATA     \n");
    let block = format!("{disk}/block/sda");
    kernel.write(&format!("{block}/size"), "16777216\n");
    kernel.write(&format!("{block}/removable"), "0\n");
    kernel.link(&format!("{block}/device"), disk);
    kernel.link("sys/block/sda", &block);
    kernel.write("sys/block/loop0/size", "100\n");

    let tree = kernel.tree();
    let bridge = find(&tree, "pci").unwrap();
    let network = find(bridge, "network").unwrap();
    assert_eq!(network["product"], "82540EM Gigabit Ethernet Controller");
    assert_eq!(network["vendor"], "Intel Corporation");
    assert_eq!(
        (&network["serial"], &network["logicalname"]),
        (&json!("52:54:00:12:34:56"), &json!("eth0"))
    );
    assert_eq!(
        (&network["businfo"], &network["claimed"]),
        (&json!("pci@0000:01:03.0"), &json!(true))
    );
    assert_eq!(network["configuration"]["driver"], "e1000");
    let disk = find(find(&tree, "sata").unwrap(), "disk").unwrap();
    assert_eq!((&disk["class"], &disk["product"]), (&json!("disk"), &json!("VBOX HARDDISK")));
    assert_eq!((&disk["size"], &disk["logicalname"]), (&json!(8_u64 << 30), &json!("/dev/sda")));
    assert_eq!(disk["businfo"], "scsi@0:0.0.0");
    let bridges = tree["children"].as_array().unwrap();
    let names: Vec<&Value> = bridges.iter().skip(1).map(|node| &node["logicalname"]).collect();
    assert_eq!(names, ["br0"], "an address made up at each start is left out");
    assert_eq!(kernel.tree(), tree, "the same machine gives the same tree");
}
