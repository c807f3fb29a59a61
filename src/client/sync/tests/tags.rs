//! What follows a change of tags.

use super::*;

#[tokio::test]
async fn d_cli_06_d_dist_04_what_follows_tags_comes_after_the_orders_of_the_plan() {
    let ordered = Plan { install: orders(&["vim"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(ordered), stored()]).await;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    bench.options.tags = TagPackages {
        preinstall: names(&["emacs"]),
        install: names(&["bash", "no-such-package"]),
        remove: names(&["nano", "absent"]),
    };
    let (record, result) = bench.run().await;
    result.unwrap();
    let steps: Vec<&str> = record.steps.iter().map(|step| step.name).collect();
    let of_packages = ["refresh", "remove", "install"];
    let done: Vec<&str> = steps.into_iter().filter(|step| of_packages.contains(step)).collect();
    assert_eq!(done, ["refresh", "install", "remove", "install", "refresh", "install"]);
    assert!(!record.ok, "one package cannot be had");
    let report = bench.report();
    let [change] = &report.changes[..] else { panic!("{:?}", report.changes) };
    let names = |packages: &[SoftwarePackage]| -> Vec<String> {
        packages.iter().map(|package| package.name.clone()).collect()
    };
    assert_eq!(names(&change.installed), ["emacs", "vim"], "bash was there already");
    assert_eq!((names(&change.removed), change.manual), (vec!["nano".to_owned()], false));
}
