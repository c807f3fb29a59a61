//! Trees as lshw prints them, and what is told of them.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn tree() -> Value {
    json!({
        "id": "pc7", "class": "system", "claimed": true, "handle": "DMI:0001",
        "product": "OptiPlex 7010", "vendor": "Dell Inc.", "width": 64,
        "capabilities": {"smbios-2.7": "SMBIOS version 2.7", "vsyscall32": true},
        "configuration": {"boot": "normal"},
        "children": [{"id": "core", "class": "bus", "children": [
            {"id": "memory", "class": "memory", "units": "bytes", "size": 8_589_934_592_u64,
             "children": [
                {"id": "bank:0", "class": "memory", "size": 4_294_967_296_u64},
                {"id": "bank:1", "class": "memory", "size": 4_294_967_296_u64}]},
            {"id": "cpu:0", "class": "processor", "size": 3_100_000_000_u64,
             "product": "Intel(R) Core(TM) i5-3470 CPU @ 3.20GHz"},
            {"id": "network", "class": "network", "serial": "b8:ca:3a:01:02:03",
             "logicalname": ["eth0", "enp0s25"], "disabled": true},
            {"id": "wifi", "class": "network", "serial": "not a mac"},
            {"id": "br0", "class": "bridge", "serial": "B8:CA:3A:01:02:04"},
            {"id": "sata", "class": "storage", "children": [
                {"id": "disk:0", "class": "disk", "size": 500_107_862_016_u64, "logicalname": "/dev/sda",
                 "children": [{"id": "volume", "class": "volume", "size": 1_000}]},
                {"id": "reader", "class": "disk", "size": 1_000,
                 "children": [{"id": "medium", "class": "disk", "size": 1_000}]},
                {"id": "cdrom", "class": "disk", "size": 700_000_000},
                {"id": "empty", "class": "disk", "size": 0}]}
        ]}]
    })
}

#[test]
fn d_hw_01_a_tree_is_read_with_its_fields() {
    let nodes = parse(&tree()).unwrap();
    let names: Vec<_> = nodes.iter().map(|node| (node.level, node.name.as_str())).collect();
    assert_eq!(names[..4], [(0, "pc7"), (1, "core"), (2, "memory"), (3, "bank:0")]);
    let root = &nodes[0];
    assert_eq!((root.parent, root.claimed, root.width), (None, Some(true), Some(64)));
    assert_eq!(
        root.capabilities,
        [("smbios-2.7".into(), "SMBIOS version 2.7".into()), ("vsyscall32".into(), String::new())]
    );
    assert_eq!(root.configuration, [("boot".to_owned(), "normal".to_owned())]);
    let network = nodes.iter().find(|node| node.name == "network").unwrap();
    assert_eq!((network.enabled, network.parent), (Some(false), Some(1)));
    assert_eq!(network.logical_names, ["eth0", "enp0s25"]);
    let disk = nodes.iter().find(|node| node.name == "disk:0").unwrap();
    assert_eq!(disk.logical_names, ["/dev/sda"]);
}

#[test]
fn d_hw_03_a_physical_computer_is_summed_up() {
    assert_eq!(
        summary(&parse(&tree()).unwrap()),
        Summary {
            product: Some("OptiPlex 7010".into()),
            machine: Machine::Physical,
            cpu: Some("Intel Core i5-3470 CPU @ 3.20GHz".into()),
            ram: Some(8_589_934_592),
            storage: Some(500_107_863_016),
            disks: 2,
            mac_address: Some("B8CA3A010203B8CA3A010204".into()),
        }
    );
}

#[test]
fn virtual_machines_are_known_by_their_vendor() {
    // rule       vendor                   product            shown            machine
    let table = [
        ("D-HW-03", "innotek GmbH", "VirtualBox", "virtualbox", Machine::Virtual),
        ("D-HW-03", "VMware, Inc.", "VMware7,1", "vmware", Machine::Virtual),
        ("D-HW-03", "Xen", "HVM domU", "xen", Machine::Virtual),
        ("D-HW-03", "Bochs", "Bochs", "kvm", Machine::Virtual),
        ("D-HW-03", "QEMU", "Standard PC", "kvm", Machine::Virtual),
        ("D-HW-03", "Red Hat", "KVM", "openstack", Machine::Virtual),
        ("D-HW-03", "Microsoft Corporation", "Virtual Machine", "hyperv", Machine::Virtual),
        ("D-HW-03", "Microsoft Corporation", "Surface Pro 7", "Surface Pro 7", Machine::Physical),
        ("D-HW-03", "LENOVO", "20QE", "20QE", Machine::Physical),
    ];
    for (rule, vendor, product, shown, machine) in table {
        let data = json!({"id": "x", "class": "system", "vendor": vendor, "product": product});
        let summary = summary(&parse(&data).unwrap());
        assert_eq!(
            (summary.product.as_deref(), summary.machine),
            (Some(shown), machine),
            "{rule}: {vendor} {product}"
        );
    }
}

#[test]
fn d_hw_03_a_container_has_only_a_container_address() {
    let with = |macs: &[&str]| {
        let cards: Vec<Value> = macs
            .iter()
            .map(|mac| json!({"id": "network", "class": "network", "serial": mac}))
            .collect();
        let data = json!({"id": "x", "class": "system", "product": "P", "children": cards});
        summary(&parse(&data).unwrap()).product.unwrap()
    };
    assert_eq!(with(&["02:42:ac:11:00:02"]), "docker");
    assert_eq!(with(&["02:42:ac:11:00:02", "b8:ca:3a:01:02:03"]), "P");
    assert_eq!(with(&[]), "P");
}

#[test]
fn memory_is_its_node_or_the_banks_together() {
    let memory = |name: &str, size: u64| json!({"id": name, "class": "memory", "size": size});
    // rule       nodes                                                    bytes
    let table = [
        ("D-HW-03", vec![memory("memory", 8), memory("bank:0", 4)], Some(8)),
        ("D-HW-03", vec![memory("memory", 0), memory("bank:0", 4), memory("bank:1", 4)], Some(8)),
        ("D-HW-03", vec![memory("cache:0", 4)], None),
        ("D-HW-03", vec![], None),
    ];
    for (rule, children, expected) in table {
        let data = json!({"id": "x", "class": "system", "children": children});
        assert_eq!(summary(&parse(&data).unwrap()).ram, expected, "{rule}: {data}");
    }
}

#[test]
fn what_is_no_tree_is_refused_and_sizes_are_bounded() {
    let root = json!({"id": "x", "class": "system", "size": u64::MAX});
    // rule       data                                size of the root
    let table = [
        ("D-HW-02", root.clone(), Ok(Some(0))),
        ("D-HW-02", json!([root]), Ok(Some(0))),
        ("D-HW-02", json!({"id": "x", "class": "system", "size": -1e300}), Ok(Some(0))),
        ("D-HW-02", json!({"id": "x", "class": "system", "size": 7}), Ok(Some(7))),
        ("D-HW-02", json!([]), Err(HardwareError::NoTree)),
        ("D-HW-02", json!([root, root]), Err(HardwareError::NoTree)),
        ("D-HW-02", json!("lshw: not found"), Err(HardwareError::NoTree)),
        ("D-HW-02", json!(null), Err(HardwareError::NoTree)),
        ("D-HW-02", json!({"class": "system"}), Err(HardwareError::Lacks("id"))),
        ("D-HW-02", json!({"id": "x", "children": []}), Err(HardwareError::Lacks("class"))),
    ];
    for (rule, data, expected) in table {
        let got = parse(&data).map(|nodes| nodes[0].size);
        assert_eq!(got, expected, "{rule}: {data}");
    }
}

#[test]
fn d_hw_02_a_tree_is_bounded_in_depth_and_nodes() {
    let leaf = json!({"id": "x", "class": "bus"});
    let deep = (0..MAX_DEPTH)
        .fold(leaf.clone(), |inner, _| json!({"id": "x", "class": "bus", "children": [inner]}));
    assert_eq!(parse(&deep), Err(HardwareError::TooDeep));
    let wide = json!({"id": "x", "class": "bus", "children": vec![leaf; MAX_NODES]});
    assert_eq!(parse(&wide), Err(HardwareError::TooManyNodes));
}

#[test]
fn hardware_is_asked_for_when_it_is_old() {
    let day = 86_400;
    let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).unwrap();
    // rule       last           now           period  due
    let table = [
        ("D-HW-02", None, 0, 30, true),
        ("D-HW-02", Some(0), 30 * day, 30, false),
        ("D-HW-02", Some(0), 30 * day + 1, 30, true),
        ("D-HW-02", Some(0), 1, 0, true),
        ("D-HW-02", Some(10), 0, 30, false),
    ];
    for (rule, last, now, period, expected) in table {
        assert_eq!(is_due(last.map(at), period, at(now)), expected, "{rule}: {last:?} {now}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        let key = prop_oneof![
            Just("id"),
            Just("class"),
            Just("children"),
            Just("size"),
            Just("serial"),
            Just("capabilities"),
            Just("logicalname"),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6).prop_map(|pairs| {
                Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_data_panic(data in any_json()) {
        if let Ok(nodes) = parse(&data) {
            let _any = summary(&nodes);
            for (place, node) in nodes.iter().enumerate() {
                prop_assert!(node.parent.is_none_or(|parent| parent < place));
            }
        }
    }
}
