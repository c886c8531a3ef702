//! The WebDriver protocol: JSON over HTTP/1.1, spoken by hand, for a client crate would bring a hundred others.

use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What the driver refused, in its own words.
#[derive(Debug)]
pub struct Refused {
    /// The protocol's name of the error, such as `no such element`.
    pub error: String,
    /// The driver's explanation.
    pub message: String,
}

/// A driver process, listening on a port of its own; ended when dropped.
pub struct Driver {
    child: Child,
    port: u16,
}

/// A session of a driver: one browser.
pub struct Session {
    port: u16,
    id: String,
    /// What the browser says of itself.
    pub capabilities: Value,
}

impl Driver {
    /// Starts a driver and waits until it answers. `port` makes its arguments from the port it shall have.
    pub fn start(program: &str, port: impl Fn(u16) -> Vec<String>, env: &[(&str, String)]) -> Driver {
        let mut last = String::new();
        // Between finding a free port and using it, somebody else may take it: try another.
        for _ in 0..5 {
            let free = free_port();
            let mut child = Command::new(program)
                .args(port(free))
                .envs(env.iter().map(|(k, v)| (*k, v.as_str())))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|e| panic!("{program} does not start: {e}"));
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_secs(60) {
                if let Ok(Some(status)) = child.try_wait() {
                    last = format!("{program} ended at once: {status}");
                    break;
                }
                // Any answer will do: one driver says "not ready" as long as it has no session.
                if request(free, "GET", "/status", None).is_ok() {
                    return Driver { child, port: free };
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("{program} does not answer; {last}");
    }

    /// The driver's process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Starts a browser.
    pub fn session(&self, capabilities: &Value) -> Result<Session, Refused> {
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let answer = call(self.port, "POST", "/session", Some(&body))?;
        Ok(Session { port: self.port, id: answer["sessionId"].as_str().unwrap_or_default().to_owned(), capabilities: answer["capabilities"].clone() })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Session {
    /// Sends a command to the session; `path` follows `/session/<id>`.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        call(self.port, "POST", &format!("/session/{}{path}", self.id), Some(body))
    }

    /// Asks the session for something.
    pub fn get(&self, path: &str) -> Result<Value, Refused> {
        call(self.port, "GET", &format!("/session/{}{path}", self.id), None)
    }

    /// Ends, or releases, something of the session; an empty path ends the session itself.
    pub fn delete(&self, path: &str) -> Result<Value, Refused> {
        call(self.port, "DELETE", &format!("/session/{}{path}", self.id), None)
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}

fn call(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Refused> {
    let broken = |message: String| Refused { error: "no connection".into(), message };
    let (status, bytes) = request(port, method, path, body).map_err(|e| broken(format!("{method} {path}: {e}")))?;
    let answer: Value = serde_json::from_slice(&bytes).map_err(|e| broken(format!("{method} {path}: {e} in {}", String::from_utf8_lossy(&bytes))))?;
    let value = answer["value"].clone();
    if status == 200 {
        return Ok(value);
    }
    Err(Refused { error: value["error"].as_str().unwrap_or("unknown").to_owned(), message: value["message"].as_str().unwrap_or_default().to_owned() })
}

/// One request on a connection of its own.
fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    // Longer than any page load or script of ours on a slow machine.
    stream.set_read_timeout(Some(Duration::from_secs(300)))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("no status in {line:?}")))?;
    let (mut length, mut chunked) = (None, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse::<usize>().ok();
        }
        chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
    }
    let mut bytes = Vec::new();
    if chunked {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
            if size == 0 {
                break;
            }
            let from = bytes.len();
            bytes.resize(from + size, 0);
            reader.read_exact(&mut bytes[from..])?;
            reader.read_exact(&mut [0; 2])?;
        }
    } else if let Some(length) = length {
        bytes.resize(length, 0);
        reader.read_exact(&mut bytes)?;
    } else {
        reader.read_to_end(&mut bytes)?;
    }
    Ok((status, bytes))
}
