//! Real browsers: started, found again by process, killed, ended.

use crate::machine::{Display, chromium, chromium_capabilities, find, firefox, firefox_capabilities, kill, mini_browser, process_table, webkit_env};
use crate::wire::{Driver, Session};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The engines that the page is driven in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, headless.
    Chromium,
    /// Firefox, headless.
    Firefox,
    /// WebKitGTK's small browser, in a virtual display. It keeps nothing between two starts.
    WebKit,
}

/// What a browser is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the browser keeps its data; a fresh folder, removed afterwards, where none is given.
    pub profile: Option<PathBuf>,
    /// Window width and height in CSS pixels.
    pub size: (u32, u32),
    /// Whether it is a telephone: touch, a mobile viewport. Chromium only.
    pub touch: bool,
    /// The language asked for, as in `Accept-Language`; Arabic as a newcomer here would have it.
    pub language: &'static str,
    /// More arguments for the browser itself.
    pub arguments: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options { profile: None, size: (1280, 900), touch: false, language: "ar", arguments: Vec::new() }
    }
}

/// A folder that goes with the value.
pub struct Folder(PathBuf);

impl Folder {
    /// A new, empty folder.
    pub fn new(name: &str) -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("wusum-{name}-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running browser with one window; ended, with its driver, when dropped.
pub struct Browser {
    /// Which one it is.
    pub engine: Engine,
    pub(crate) session: Session,
    driver: Driver,
    profile: PathBuf,
    downloads: Folder,
    // Dropped last, in this order: what the browser lived in.
    _own_profile: Option<Folder>,
    _display: Option<Display>,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

    /// Whether it can be driven here; if not, why.
    pub fn available(self) -> Result<(), String> {
        let missing = |what: &str| Err(format!("{what} is not installed"));
        match self {
            Engine::Chromium if chromium().is_none() => missing("chromium"),
            Engine::Chromium if find("chromedriver").is_none() => missing("chromedriver"),
            Engine::Firefox if firefox().is_none() => missing("firefox"),
            Engine::Firefox if find("geckodriver").is_none() => missing("geckodriver"),
            Engine::WebKit if find("WebKitWebDriver").is_none() => missing("WebKitWebDriver"),
            Engine::WebKit if mini_browser().is_none() => missing("WebKitGTK's MiniBrowser"),
            Engine::WebKit if find("Xvfb").is_none() => missing("Xvfb"),
            _ => Ok(()),
        }
    }

    /// Whether it can be driven here; says so past the test runner's capture where it cannot, once for each reason.
    pub fn or_skip(self) -> bool {
        static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let Err(reason) = self.available() else {
            return true;
        };
        let line = format!("skipped in {self:?}: {reason}\n");
        let mut said = SAID.lock().expect("lines said");
        if !said.contains(&line) {
            let _ = std::io::stderr().write_all(line.as_bytes());
            said.push(line);
        }
        false
    }
}

impl Browser {
    /// Chromium on a profile of the caller's, which outlives it.
    pub fn chromium(profile: &Path) -> Browser {
        Browser::start(Engine::Chromium, Options { profile: Some(profile.into()), ..Options::default() })
    }

    /// Chromium as a telephone, 360 by 740 CSS pixels.
    pub fn telephone() -> Browser {
        Browser::start(Engine::Chromium, Options { touch: true, size: (360, 740), ..Options::default() })
    }

    /// Starts a browser.
    pub fn start(engine: Engine, options: Options) -> Browser {
        if let Err(reason) = engine.available() {
            panic!("{engine:?} cannot be driven here: {reason}");
        }
        let own = options.profile.is_none().then(|| Folder::new("profile"));
        let profile = match (&options.profile, &own) {
            (Some(given), _) => given.clone(),
            (None, Some(own)) => own.path().into(),
            (None, None) => unreachable!("a profile is given or made"),
        };
        let downloads = Folder::new("downloads");
        let display = (engine == Engine::WebKit).then(Display::start);
        let driver = match engine {
            Engine::Chromium => Driver::start("chromedriver", |port| vec![format!("--port={port}")], &[]),
            Engine::Firefox => Driver::start(
                "geckodriver",
                // Every port its own, so that two browsers can run at once.
                |port| ["--port", &port.to_string(), "--marionette-port", "0", "--websocket-port", "0"].map(String::from).into(),
                &[],
            ),
            Engine::WebKit => Driver::start("WebKitWebDriver", |port| vec![format!("--port={port}")], &webkit_env(&display)),
        };
        let capabilities = match engine {
            Engine::Chromium => chromium_capabilities(&options, &profile, downloads.path()),
            Engine::Firefox => firefox_capabilities(&options, &profile, downloads.path()),
            Engine::WebKit => json!({ "webkitgtk:browserOptions": {
                "binary": mini_browser(),
                "args": ["--automation", format!("--geometry={}x{}", options.size.0, options.size.1)],
            }}),
        };
        let session = driver.session(&capabilities).unwrap_or_else(|e| panic!("{engine:?} does not start: {}: {}", e.error, e.message));
        let browser = Browser { engine, session, driver, profile, downloads, _own_profile: own, _display: display };
        browser.prepare(&options);
        browser
    }

    fn prepare(&self, options: &Options) {
        self.must("/timeouts", &json!({ "script": 240_000, "pageLoad": 240_000 }));
        if self.engine == Engine::Chromium {
            let _ = self.devtools(
                "Page.setDownloadBehavior",
                &json!({
                    "behavior": "allow", "downloadPath": self.downloads.path(),
                }),
            );
        }
        if !options.touch {
            let _ = self.session.post("/window/rect", &json!({ "width": options.size.0, "height": options.size.1 }));
        }
    }

    /// A command of Chromium's developer tools.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.must("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// A command of the session that must succeed.
    pub fn must(&self, path: &str, body: &Value) -> Value {
        self.session.post(path, body).unwrap_or_else(|e| panic!("{:?} {path}: {}: {}", self.engine, e.error, e.message))
    }

    /// Where finished downloads are found. Not in WebKit, which asks.
    pub fn download_folder(&self) -> &Path {
        self.downloads.path()
    }

    /// Waits for a finished download and returns its file.
    pub fn downloaded(&self, timeout: Duration) -> PathBuf {
        let begin = Instant::now();
        loop {
            let files: Vec<PathBuf> =
                std::fs::read_dir(self.downloads.path()).map(|entries| entries.flatten().map(|e| e.path()).collect()).unwrap_or_default();
            let running = files.iter().any(|f| {
                let name = f.to_string_lossy();
                // Files in the making: Chromium's two names, and Firefox's.
                name.ends_with(".crdownload") || name.contains(".com.google.") || name.contains(".org.chromium.") || name.ends_with(".part")
            });
            let done = files.into_iter().find(|f| f.metadata().is_ok_and(|m| m.len() > 0));
            if let (false, Some(file)) = (running, done) {
                return file;
            }
            assert!(begin.elapsed() < timeout, "no download after {timeout:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The ids of all processes of the browser, found below its driver and by its profile.
    pub fn processes(&self) -> Vec<u32> {
        let all = process_table();
        let driver = self.driver.pid();
        let mut found = vec![driver];
        let mut next = 0;
        while let Some(&parent) = found.get(next) {
            found.extend(all.iter().filter(|p| p.parent == parent).map(|p| p.id));
            next += 1;
        }
        let profile = self.profile.to_string_lossy();
        let by_profile = all.iter().filter(|p| p.command.contains(profile.as_ref())).map(|p| p.id);
        found.extend(by_profile);
        found.retain(|&id| id != driver && id != std::process::id());
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Kills the whole browser at once, as a crash or an empty battery would, and waits until it is gone.
    pub fn kill9(self) {
        let processes = self.processes();
        assert!(!processes.is_empty(), "the browser has processes");
        kill(&processes);
        let begin = Instant::now();
        while process_table().iter().any(|p| processes.contains(&p.id)) {
            assert!(begin.elapsed() < Duration::from_secs(20), "the browser outlived SIGKILL");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let processes = self.processes();
        if !processes.is_empty() {
            let _ = self.session.delete("");
        }
        // Helpers that outlive a closed browser would fill a small machine.
        kill(&processes);
    }
}
