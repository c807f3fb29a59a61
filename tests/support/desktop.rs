//! A computer of the site: a system with the client configured in it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use super::{DebianRoot, PackageSystem, Site, migas};

/// One desktop; its system is removed on drop.
pub struct Desktop {
    pub root: DebianRoot,
}

/// A UUID for one computer: those made on one machine share its mainboard.
pub fn own_uuid() -> String {
    static COMPUTERS: AtomicU32 = AtomicU32::new(1);
    let number = COMPUTERS.fetch_add(1, Ordering::Relaxed);
    format!("4D494741-5300-4000-8000-{number:012X}")
}

/// What a run of the client came to.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    /// Standard output: with `--json`, one JSON document.
    pub output: String,
    /// Standard error.
    pub words: String,
}

impl Desktop {
    /// A fresh computer with apt that belongs to `project`.
    pub fn new(site: &Site, project: &str) -> Desktop {
        Desktop::with(PackageSystem::Apt, site, project)
    }

    /// A fresh computer with `packages` that belongs to `project`.
    pub fn with(packages: PackageSystem, site: &Site, project: &str) -> Desktop {
        let desktop = Desktop::unconfigured_with(packages);
        desktop.configure(&format!("Server = {}\nProject = {project}\n", site.address()));
        desktop
    }

    /// A fresh computer without a configuration.
    pub fn unconfigured() -> Desktop {
        Desktop::unconfigured_with(PackageSystem::Apt)
    }

    /// A fresh computer with `packages`, without a configuration.
    pub fn unconfigured_with(packages: PackageSystem) -> Desktop {
        Desktop { root: DebianRoot::with(packages) }
    }

    /// Writes section `[client]` of the configuration.
    pub fn configure(&self, lines: &str) {
        let text = format!("[client]\n{lines}Computer_UUID = {}\n", own_uuid());
        self.root.write("/etc/migas.conf", &text);
    }

    /// A command line of the client for this computer.
    pub fn client(&self, args: &[&str]) -> Command {
        let mut command = migas(["client"]);
        command.args(args).arg("--root").arg(self.root.path());
        command
    }

    /// Runs the client, whatever comes of it.
    pub fn run(&self, args: &[&str]) -> Run {
        self.run_answering(args, "")
    }

    /// Runs the client with somebody who answers its questions.
    pub fn run_answering(&self, args: &[&str], answers: &str) -> Run {
        let mut client = self.client(args);
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut client = client.spawn().unwrap();
        let _nobody_asked = client.stdin.take().unwrap().write_all(answers.as_bytes());
        let output = client.wait_with_output().unwrap();
        Run {
            status: output.status.code(),
            output: String::from_utf8(output.stdout).unwrap(),
            words: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A full synchronisation.
    ///
    /// # Panics
    /// If a step fails.
    pub fn sync(&self) -> Run {
        let run = self.run(&["update"]);
        assert_eq!(run.status, Some(0), "{}\n{}", run.output, run.words);
        run
    }

    /// The source file the client wrote; empty if there is none.
    pub fn sources(&self) -> String {
        self.root.read(self.root.packages().source_file()).unwrap_or_default()
    }
}

impl Run {
    /// The output of a run with `--json`.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.output).unwrap_or_else(|e| panic!("{e}: {}", self.output))
    }
}
