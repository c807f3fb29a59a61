//! A source of packages on loopback, for external deployments: it serves files from memory, counts
//! who asks, and fails, stalls or lies about lengths when it is told to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What the source does when it is asked for a file.
#[derive(Debug, Clone)]
pub enum Says {
    File(Vec<u8>),
    /// Half of the file, and the rest when [`Upstream::go_on`] is called.
    Pauses(Vec<u8>),
    Status(u16),
    Redirect(String),
    /// Announces more bytes than it sends.
    Lies(Vec<u8>),
    /// Sends some bytes and then nothing more, with the line open.
    Stalls(Vec<u8>),
    /// Breaks off between two chunks.
    BreaksChunks(Vec<u8>),
    /// A whole file in chunks.
    Chunks(Vec<u8>),
    /// Neither length nor chunks: the end of the line is the end of the file.
    NoLength(Vec<u8>),
    /// A file of zeros, of so many bytes as it announces.
    Zeros(u64),
}

#[derive(Default)]
struct Shared {
    files: Mutex<HashMap<String, Says>>,
    asked: Mutex<HashMap<String, usize>>,
    heads: Mutex<Vec<String>>,
    is_open: Mutex<bool>,
    opened: Condvar,
    is_stopped: AtomicBool,
}

/// The source; it is switched off on drop.
pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<thread::JoinHandle<()>>,
}

impl Upstream {
    /// A source without files.
    pub fn start() -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let accepting = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for stream in listener.incoming() {
                    if shared.is_stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let shared = Arc::clone(&shared);
                    thread::spawn(move || answer(stream.unwrap(), &shared));
                }
            }
        });
        Upstream { address, shared, accepting: Some(accepting) }
    }

    /// Serves every file below a folder.
    pub fn of_folder(folder: &Path) -> Upstream {
        let upstream = Upstream::start();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(inner) = folders.pop() {
            for entry in std::fs::read_dir(&inner).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                    upstream.put(&format!("/{name}"), Says::File(std::fs::read(&path).unwrap()));
                }
            }
        }
        upstream
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Decides what is said of a path.
    pub fn put(&self, path: &str, says: Says) {
        self.shared.files.lock().unwrap().insert(path.to_owned(), says);
    }

    /// How often somebody asked for a path.
    pub fn asked(&self, path: &str) -> usize {
        self.shared.asked.lock().unwrap().get(path).copied().unwrap_or_default()
    }

    /// How often somebody asked for anything.
    pub fn asked_at_all(&self) -> usize {
        self.shared.asked.lock().unwrap().values().sum()
    }

    /// The heads of all requests, in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }

    /// Lets those go on that pause.
    pub fn go_on(&self) {
        *self.shared.is_open.lock().unwrap() = true;
        self.shared.opened.notify_all();
    }

    /// Switches the source off: its address refuses connections.
    pub fn stop(&mut self) {
        self.go_on();
        if let Some(accepting) = self.accepting.take() {
            self.shared.is_stopped.store(true, Ordering::Relaxed);
            let _wakes_it = TcpStream::connect(self.address);
            accepting.join().unwrap();
        }
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stop();
    }
}

fn answer(stream: TcpStream, shared: &Shared) {
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while reader.read_line(&mut head).unwrap_or(0) > 2 {}
    let Some(path) = head.split(' ').nth(1).map(str::to_owned) else { return };
    shared.heads.lock().unwrap().push(head.to_lowercase());
    *shared.asked.lock().unwrap().entry(path.clone()).or_default() += 1;
    let says = shared.files.lock().unwrap().get(&path).cloned().unwrap_or(Says::Status(404));
    // Whoever asked may have hung up.
    let _sent = say(stream, says, shared);
}

fn say(mut stream: TcpStream, says: Says, shared: &Shared) -> std::io::Result<()> {
    let head = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
    };
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    match says {
        Says::File(bytes) => {
            stream.write_all(head(bytes.len()).as_bytes())?;
            stream.write_all(&bytes)
        }
        Says::Pauses(bytes) => {
            let (first, second) = bytes.split_at(bytes.len() / 2);
            stream.write_all(head(bytes.len()).as_bytes())?;
            stream.write_all(first)?;
            stream.flush()?;
            let mut is_open = shared.is_open.lock().unwrap();
            while !*is_open {
                is_open = shared.opened.wait(is_open).unwrap();
            }
            drop(is_open);
            stream.write_all(second)
        }
        Says::Status(status) => {
            let text =
                format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n");
            stream.write_all(format!("{text}\r\n").as_bytes())
        }
        Says::Redirect(location) => stream.write_all(
            format!(
                "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            )
            .as_bytes(),
        ),
        Says::Lies(bytes) => {
            stream.write_all(head(bytes.len() + 10).as_bytes())?;
            stream.write_all(&bytes)
        }
        Says::Stalls(bytes) => {
            stream.write_all(head(bytes.len() + 10).as_bytes())?;
            stream.write_all(&bytes)?;
            stream.flush()?;
            let mut is_open = shared.is_open.lock().unwrap();
            while !*is_open {
                is_open = shared.opened.wait(is_open).unwrap();
            }
            Ok(())
        }
        Says::BreaksChunks(bytes) => {
            stream.write_all(format!("{chunked}{:x}\r\n", bytes.len()).as_bytes())?;
            stream.write_all(&bytes)?;
            stream.write_all(b"\r\n")
        }
        Says::Chunks(bytes) => {
            stream.write_all(format!("{chunked}{:x}\r\n", bytes.len()).as_bytes())?;
            stream.write_all(&bytes)?;
            stream.write_all(b"\r\n0\r\n\r\n")
        }
        Says::NoLength(bytes) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            stream.write_all(&bytes)
        }
        Says::Zeros(length) => {
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes())?;
            let zeros = [0; 65_536];
            let mut left = length;
            while left > 0 {
                let take = left.min(zeros.len() as u64);
                stream.write_all(&zeros[..usize::try_from(take).unwrap()])?;
                left -= take;
            }
            Ok(())
        }
    }
}
