//! A small static server: the site under a sub-path, every request remembered.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Where the built site is served: deep enough that an absolute address in it would miss.
pub const SUB_PATH: &str = "/some/sub/path/";

/// An empty page of the same origin, for looking at what is stored and changing it while the page is not open.
pub const BLANK: &str = "/blank";

/// Added to every page served, as its first script, so that errors are seen in every engine from the first line on.
/// It comes from the site itself, which is all that the page's policy allows.
const COLLECTOR: &str = r#"
(() => {
  const errors = (window.__errors = []);
  const text = (x) => (x instanceof Error ? `${x.message}\n${x.stack}` : typeof x === "string" ? x : JSON.stringify(x));
  addEventListener("error", (e) => errors.push(e.target && e.target !== window
    ? `not loaded: ${e.target.src || e.target.href}` : `error: ${e.message} (${e.filename}:${e.lineno})`), true);
  addEventListener("unhandledrejection", (e) => errors.push(`unhandled: ${text(e.reason)}`));
  addEventListener("securitypolicyviolation", (e) => errors.push(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
  const error = console.error;
  console.error = (...parts) => { errors.push(`console: ${parts.map(text).join(" ")}`); error(...parts); };
})();
"#;

/// One request that reached the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The path asked for, without its query.
    pub path: String,
    /// The status answered.
    pub status: u16,
}

struct Shared {
    mounts: Vec<(String, PathBuf)>,
    requests: Mutex<Vec<Request>>,
    down: AtomicBool,
    /// A part of paths, and how many requests for such are still refused.
    refused: Mutex<(String, u32)>,
    closed: AtomicBool,
}

/// A running server; it ends when dropped.
pub struct Site {
    port: u16,
    shared: Arc<Shared>,
}

impl Site {
    /// Serves the built site under [`SUB_PATH`]: `dist/`, or the folder that `WUSUM_DIST` names.
    pub fn built() -> Site {
        let dist = std::env::var_os("WUSUM_DIST").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("dist"), PathBuf::from);
        assert!(dist.join("index.html").is_file(), "dist/ is missing: run `make dist` first");
        Site::start(&[(SUB_PATH, dist)])
    }

    /// Serves each folder under its path, which begins and ends with a slash.
    pub fn start(mounts: &[(&str, PathBuf)]) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            mounts: mounts.iter().map(|(path, folder)| ((*path).to_owned(), folder.clone())).collect(),
            requests: Mutex::default(),
            down: AtomicBool::new(false),
            refused: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if served.closed.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let served = Arc::clone(&served);
                thread::spawn(move || served.answer(stream));
            }
        });
        Site { port, shared }
    }

    /// The address of the first mount.
    pub fn url(&self) -> String {
        self.url_of(&self.shared.mounts[0].0)
    }

    /// The address of a path.
    pub fn url_of(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Every request so far, in the order of their answers.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("requests").clone()
    }

    /// Waits until the page has fetched its worker and its desk, the last things it asks for.
    pub fn wait_for_worker(&self) {
        let end = Instant::now() + Duration::from_secs(30);
        while !["wusum-worker", "wusum-desk"]
            .iter()
            .all(|name| self.requests().iter().any(|request| request.path.contains(name) && request.path.ends_with(".wasm")))
        {
            assert!(Instant::now() < end, "the worker and the desk are fetched");
            std::thread::sleep(Duration::from_millis(100));
        }
        std::thread::sleep(Duration::from_millis(500));
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.shared.requests.lock().expect("requests").clear();
    }

    /// Answers the next so many requests for paths with this part by an error.
    pub fn refuse(&self, part: &str, times: u32) {
        *self.shared.refused.lock().expect("refused") = (part.to_owned(), times);
    }

    /// While down, connections are closed unanswered: the network is gone, in every engine alike.
    pub fn set_down(&self, down: bool) {
        self.shared.down.store(down, Ordering::SeqCst);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is closed.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
        let mut reader = BufReader::new(match stream.try_clone() {
            Ok(copy) => copy,
            Err(_) => return,
        });
        let mut first = String::new();
        if reader.read_line(&mut first).is_err() || first.is_empty() {
            return;
        }
        loop {
            let mut line = String::new();
            match reader.read_line(&mut line) {
                Ok(n) if n > 2 => {}
                _ => break,
            }
        }
        if self.down.load(Ordering::SeqCst) {
            return;
        }
        let target = first.split(' ').nth(1).unwrap_or("/");
        let path = target.split(['?', '#']).next().unwrap_or("/").to_owned();
        let (status, kind, body) = if self.is_refused(&path) { (503, "text/plain", b"not now".to_vec()) } else { self.find(&path) };
        self.requests.lock().expect("requests").push(Request { path, status });
        let head = format!(
            "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: {}\r\nConnection: close\r\n\r\n",
            if status == 200 { "OK" } else { "No" },
            body.len(),
            if status == 200 { "max-age=600" } else { "no-store" },
        );
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body);
    }

    fn is_refused(&self, path: &str) -> bool {
        let mut refused = self.refused.lock().expect("refused");
        let (part, left) = &mut *refused;
        let is_one = *left > 0 && path.contains(part.as_str());
        *left -= u32::from(is_one);
        is_one
    }

    fn find(&self, path: &str) -> (u16, &'static str, Vec<u8>) {
        if path == "/collector.js" {
            return (200, "text/javascript", COLLECTOR.into());
        }
        if path == BLANK {
            return (200, "text/html; charset=utf-8", b"<!doctype html><title>blank</title><link rel=icon href=\"data:,\">".into());
        }
        // With a body, for without one Chromium shows a page of its own, of another origin.
        let missing = (404, "text/plain", b"nothing here".to_vec());
        let Some((rest, folder)) = self.mounts.iter().find_map(|(mount, folder)| Some((path.strip_prefix(mount.as_str())?, folder))) else {
            return missing;
        };
        if rest.contains("..") {
            return missing;
        }
        let file = folder.join(if rest.is_empty() { "index.html" } else { rest });
        let Ok(body) = std::fs::read(&file) else {
            return missing;
        };
        let kind = mime(&file);
        if kind.starts_with("text/html") {
            let page = String::from_utf8_lossy(&body);
            let page = page.replacen("<title>", "<script src=\"/collector.js\"></script><title>", 1);
            return (200, kind, page.into_bytes());
        }
        (200, kind, body)
    }
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
