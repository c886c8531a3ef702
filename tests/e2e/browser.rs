//! Real browsers: started, found again by process, killed, ended.

use crate::wire::{Driver, Session};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
        Options {
            profile: None,
            size: (1280, 900),
            touch: false,
            language: "ar",
            arguments: Vec::new(),
        }
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
        Browser::start(
            Engine::Chromium,
            Options {
                profile: Some(profile.into()),
                ..Options::default()
            },
        )
    }

    /// Chromium as a telephone, 360 by 740 CSS pixels.
    pub fn telephone() -> Browser {
        Browser::start(
            Engine::Chromium,
            Options {
                touch: true,
                size: (360, 740),
                ..Options::default()
            },
        )
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
            Engine::Chromium => {
                Driver::start("chromedriver", |port| vec![format!("--port={port}")], &[])
            }
            Engine::Firefox => Driver::start(
                "geckodriver",
                // Every port its own, so that two browsers can run at once.
                |port| {
                    [
                        "--port",
                        &port.to_string(),
                        "--marionette-port",
                        "0",
                        "--websocket-port",
                        "0",
                    ]
                    .map(String::from)
                    .into()
                },
                &[],
            ),
            Engine::WebKit => Driver::start(
                "WebKitWebDriver",
                |port| vec![format!("--port={port}")],
                &webkit_env(&display),
            ),
        };
        let capabilities = match engine {
            Engine::Chromium => chromium_capabilities(&options, &profile, downloads.path()),
            Engine::Firefox => firefox_capabilities(&options, &profile, downloads.path()),
            Engine::WebKit => json!({ "webkitgtk:browserOptions": {
                "binary": mini_browser(),
                "args": ["--automation", format!("--geometry={}x{}", options.size.0, options.size.1)],
            }}),
        };
        let session = driver
            .session(&capabilities)
            .unwrap_or_else(|e| panic!("{engine:?} does not start: {}: {}", e.error, e.message));
        let browser = Browser {
            engine,
            session,
            driver,
            profile,
            downloads,
            _own_profile: own,
            _display: display,
        };
        browser.prepare(&options);
        browser
    }

    fn prepare(&self, options: &Options) {
        self.must(
            "/timeouts",
            &json!({ "script": 240_000, "pageLoad": 240_000 }),
        );
        if self.engine == Engine::Chromium {
            let _ = self.devtools(
                "Page.setDownloadBehavior",
                &json!({
                    "behavior": "allow", "downloadPath": self.downloads.path(),
                }),
            );
        }
        if !options.touch {
            let _ = self.session.post(
                "/window/rect",
                &json!({ "width": options.size.0, "height": options.size.1 }),
            );
        }
    }

    /// A command of Chromium's developer tools.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.must(
            "/goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    /// A command of the session that must succeed.
    pub fn must(&self, path: &str, body: &Value) -> Value {
        self.session
            .post(path, body)
            .unwrap_or_else(|e| panic!("{:?} {path}: {}: {}", self.engine, e.error, e.message))
    }

    /// Where finished downloads are found. Not in WebKit, which asks.
    pub fn download_folder(&self) -> &Path {
        self.downloads.path()
    }

    /// Waits for a finished download and returns its file.
    pub fn downloaded(&self, timeout: Duration) -> PathBuf {
        let begin = Instant::now();
        loop {
            let files: Vec<PathBuf> = std::fs::read_dir(self.downloads.path())
                .map(|entries| entries.flatten().map(|e| e.path()).collect())
                .unwrap_or_default();
            let running = files.iter().any(|f| {
                let name = f.to_string_lossy();
                // Files in the making: Chromium's two names, and Firefox's.
                name.ends_with(".crdownload")
                    || name.contains(".com.google.")
                    || name.contains(".org.chromium.")
                    || name.ends_with(".part")
            });
            let done = files
                .into_iter()
                .find(|f| f.metadata().is_ok_and(|m| m.len() > 0));
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
        let by_profile = all
            .iter()
            .filter(|p| p.command.contains(profile.as_ref()))
            .map(|p| p.id);
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
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "the browser outlived SIGKILL"
            );
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

fn kill(processes: &[u32]) {
    if processes.is_empty() {
        return;
    }
    // The system's own program, for there is no `unsafe` here.
    let _ = Command::new("kill")
        .arg("-9")
        .args(processes.iter().map(u32::to_string))
        .stderr(Stdio::null())
        .status();
}

struct Process {
    id: u32,
    parent: u32,
    command: String,
}

/// The running processes, without those that have ended and only wait to be noticed.
fn process_table() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name, in parentheses, may hold anything: state and parent come after the last one.
            let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
            if rest.next()? == "Z" {
                return None;
            }
            let parent = rest.next()?.parse().ok()?;
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            Some(Process {
                id,
                parent,
                command: String::from_utf8_lossy(&command).into_owned(),
            })
        })
        .collect()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| find(name))
}

fn firefox() -> Option<PathBuf> {
    ["firefox-esr", "firefox"]
        .iter()
        .find_map(|name| find(name))
}

/// Debian keeps it outside PATH, in a folder named by the machine and the library's version.
fn mini_browser() -> Option<PathBuf> {
    if let Some(found) = find("MiniBrowser") {
        return Some(found);
    }
    let machine = format!("{}-linux-gnu", std::env::consts::ARCH);
    ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]
        .iter()
        .flat_map(|library| {
            [
                format!("/usr/lib/{machine}/{library}/MiniBrowser"),
                format!("/usr/libexec/{library}/MiniBrowser"),
            ]
        })
        .map(PathBuf::from)
        .find(|file| file.is_file())
}

fn chromium_capabilities(options: &Options, profile: &Path, downloads: &Path) -> Value {
    let (width, height) = options.size;
    let mut arguments: Vec<String> = [
        "--headless=new",
        // The sandbox needs what a container or root has not; only our own page is opened.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-search-engine-choice-screen",
        "--enable-precise-memory-info",
        "--js-flags=--expose-gc",
        "--password-store=basic",
    ]
    .map(String::from)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={width},{height}"));
    arguments.push(format!("--lang={}", options.language));
    arguments.push(format!("--accept-lang={}", options.language));
    arguments.extend(options.arguments.iter().cloned());
    let mut chrome = json!({
        "args": arguments,
        "binary": chromium(),
        "prefs": {
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "intl.accept_languages": options.language,
        },
    });
    if options.touch {
        chrome["mobileEmulation"] = json!({
            "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0, "touch": true, "mobile": true },
        });
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": chrome,
        "goog:loggingPrefs": { "browser": "ALL" },
        "unhandledPromptBehavior": "ignore",
    })
}

fn firefox_capabilities(options: &Options, profile: &Path, downloads: &Path) -> Value {
    let mut arguments = vec![
        "-headless".to_owned(),
        "-profile".to_owned(),
        profile.display().to_string(),
    ];
    arguments.extend(options.arguments.iter().cloned());
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "args": arguments,
            "binary": firefox(),
            "prefs": {
                "intl.accept_languages": options.language,
                "browser.download.dir": downloads,
                "browser.download.folderList": 2,
                "browser.download.always_ask_before_handling_new_types": false,
                "browser.sessionstore.resume_from_crash": false,
                "toolkit.startup.max_resumed_crashes": -1,
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "app.update.enabled": false,
                "datareporting.policy.dataSubmissionEnabled": false,
            },
        },
        "unhandledPromptBehavior": "ignore",
    })
}

/// A virtual display; ended when dropped.
struct Display {
    child: Child,
    number: String,
}

impl Display {
    fn start() -> Display {
        // It picks a free number itself and writes it to its output.
        let mut child = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1600x1200x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut number);
        }
        Display {
            child,
            number: number.trim().to_owned(),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// WebKit's own sandbox does not start as root or in a container, and there is no graphics card here.
fn webkit_env(display: &Option<Display>) -> Vec<(&'static str, String)> {
    let number = display
        .as_ref()
        .map(|d| d.number.as_str())
        .unwrap_or_default();
    vec![
        ("DISPLAY", format!(":{number}")),
        ("GDK_BACKEND", "x11".into()),
        ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1".into()),
        ("WEBKIT_DISABLE_COMPOSITING_MODE", "1".into()),
        ("LIBGL_ALWAYS_SOFTWARE", "1".into()),
        ("NO_AT_BRIDGE", "1".into()),
        ("LANGUAGE", "ar".into()),
    ]
}
