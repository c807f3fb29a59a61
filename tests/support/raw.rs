//! Requests written by hand: what no client library would send.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Sends bytes to a server and returns all that comes back until it hangs up.
pub fn exchange(address: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that has heard enough need not listen to the end.
    let _refused_early = stream.write_all(request);
    let mut answer = Vec::new();
    let _hung_up = stream.read_to_end(&mut answer);
    answer
}

/// `GET` of a path that nobody tidies up, and the status of the answer with its whole text.
pub fn get(address: &str, path: &str) -> (u16, Vec<u8>) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let answer = exchange(address, request.as_bytes());
    (status(&answer), answer)
}

/// The status of an answer; 0 for none.
pub fn status(answer: &[u8]) -> u16 {
    let head = String::from_utf8_lossy(answer.get(..16).unwrap_or(answer));
    head.split(' ').nth(1).and_then(|code| code.get(..3)?.parse().ok()).unwrap_or(0)
}
