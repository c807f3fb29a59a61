//! A network of a test's own: the same machine, other addresses.

use std::process::Command;

/// Name of the interface, which also tells that we are already inside.
const INTERFACE: &str = "lan0";

/// Runs `scenario` where the first network interface has `address`, such as `192.168.92.10/24`.
///
/// A thread cannot move to another network, a process can: the test runs itself again, below
/// `unshare`, and only that run sees the new network. `test` is the full name of the test.
pub fn in_network(test: &str, address: &str, scenario: impl FnOnce()) {
    let interfaces = std::fs::read_to_string("/proc/self/net/dev").unwrap();
    if interfaces.contains(&format!("{INTERFACE}:")) {
        return scenario();
    }
    let set_up = format!(
        "ip link set lo up && ip link add {INTERFACE} type veth peer name other && \
         ip addr add {address} dev {INTERFACE} && ip link set {INTERFACE} up && \
         ip link set other up && exec \"$0\" --exact {test} --nocapture"
    );
    let output = Command::new("unshare")
        .args(["--net", "--uts", "sh", "-c", &set_up])
        .arg(std::env::current_exe().unwrap())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && words.contains("1 passed"),
        "in a network of its own (needs root): {words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Gives the first network interface another address; only below [`in_network`].
pub fn move_to(address: &str) {
    let change = format!("ip addr flush dev {INTERFACE} && ip addr add {address} dev {INTERFACE}");
    let status = Command::new("sh").args(["-c", &change]).status().unwrap();
    assert!(status.success(), "{change}");
}

/// The command as if this machine had another host name.
pub fn with_host_name(name: &str, command: &Command) -> Command {
    let mut renamed = Command::new("unshare");
    renamed.args(["--uts", "sh", "-c", "hostname \"$0\" && exec \"$@\"", name]);
    renamed.arg(command.get_program()).args(command.get_args());
    renamed
}
