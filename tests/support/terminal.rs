//! Somebody at a terminal: what a program asks there and what is answered, through `script`,
//! which gives the program a terminal of its own.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::wait_for;

/// The longest a program may take to ask.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program at its terminal; killed on drop.
pub struct Terminal {
    process: Child,
    keyboard: Option<ChildStdin>,
    screen: Arc<Mutex<String>>,
    /// How much of the screen was looked at.
    seen: usize,
}

impl Terminal {
    /// Starts a command whose arguments hold no apostrophe.
    pub fn start(command: &Command) -> Terminal {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let words: Vec<String> =
            words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--flush", "--command", &words.join(" "), "/dev/null"]);
        for (name, value) in command.get_envs() {
            script.env(name, value.unwrap_or_default());
        }
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = script.spawn().unwrap();
        let screen = Arc::new(Mutex::new(String::new()));
        let (mut shown, kept) = (process.stdout.take().unwrap(), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(count @ 1..) = shown.read(&mut buffer) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        let keyboard = process.stdin.take();
        Terminal { process, keyboard, screen, seen: 0 }
    }

    /// Waits for a question and answers it.
    pub fn answer(&mut self, question: &str, answer: &str) {
        let (screen, seen) = (Arc::clone(&self.screen), self.seen);
        self.seen = wait_for(&format!("`{question}`, not\n{}", self.screen()), PATIENCE, || {
            let screen = screen.lock().unwrap();
            Some(seen + screen[seen..].find(question)? + question.len())
        });
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard
            .write_all(format!("{answer}\n").as_bytes())
            .and_then(|()| keyboard.flush())
            .unwrap();
    }

    /// What is to be seen by now.
    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    /// Waits for the end: exit status and all that was to be seen.
    pub fn end(mut self) -> (Option<i32>, String) {
        let status = wait_for("the program to end", PATIENCE, || self.process.try_wait().unwrap());
        (status.code(), self.screen())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _already_ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
