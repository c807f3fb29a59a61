//! What the executable answers before it does anything.

use crate::support::migas;

#[test]
fn version_and_usage_have_their_exit_status() {
    let table: [(&[&str], i32); 4] =
        [(&["--version"], 0), (&["--help"], 0), (&["no-such-command"], 64), (&["--no-such"], 64)];
    for (args, status) in table {
        let output = migas(args).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "migas {args:?}");
    }
}
