//! The machine that the browsers run on: programs, processes, displays, and what each browser is asked for.

use crate::browser::Options;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Ends processes at once, with no chance to tidy up.
pub fn kill(processes: &[u32]) {
    if processes.is_empty() {
        return;
    }
    // The system's own program, for there is no `unsafe` here.
    let _ = Command::new("kill").arg("-9").args(processes.iter().map(u32::to_string)).stderr(Stdio::null()).status();
}

/// A running process.
pub struct Process {
    /// Its id.
    pub id: u32,
    /// The id of the process that started it, if that one still runs.
    pub parent: u32,
    /// Its command line, parts apart by zero bytes.
    pub command: String,
}

/// The running processes, without those that have ended and only wait to be noticed.
pub fn process_table() -> Vec<Process> {
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
            Some(Process { id, parent, command: String::from_utf8_lossy(&command).into_owned() })
        })
        .collect()
}

/// A program on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Chromium, or Chrome.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| find(name))
}

/// Firefox; Debian names it by its long support.
pub fn firefox() -> Option<PathBuf> {
    ["firefox-esr", "firefox"].iter().find_map(|name| find(name))
}

/// Debian keeps it outside PATH, in a folder named by the machine and the library's version.
pub fn mini_browser() -> Option<PathBuf> {
    if let Some(found) = find("MiniBrowser") {
        return Some(found);
    }
    let machine = format!("{}-linux-gnu", std::env::consts::ARCH);
    ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]
        .iter()
        .flat_map(|library| [format!("/usr/lib/{machine}/{library}/MiniBrowser"), format!("/usr/libexec/{library}/MiniBrowser")])
        .map(PathBuf::from)
        .find(|file| file.is_file())
}

/// What is asked of chromedriver.
pub fn chromium_capabilities(options: &Options, profile: &Path, downloads: &Path) -> Value {
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

/// What is asked of geckodriver.
pub fn firefox_capabilities(options: &Options, profile: &Path, downloads: &Path) -> Value {
    let mut arguments = vec!["-headless".to_owned(), "-profile".to_owned(), profile.display().to_string()];
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
pub struct Display {
    child: Child,
    number: String,
}

impl Display {
    /// Starts one on a number that is free.
    pub fn start() -> Display {
        // It picks a free number itself and writes it to its output.
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut number);
        }
        Display { child, number: number.trim().to_owned() }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// WebKit's own sandbox does not start as root or in a container, and there is no graphics card here.
pub fn webkit_env(display: &Option<Display>) -> Vec<(&'static str, String)> {
    let number = display.as_ref().map(|d| d.number.as_str()).unwrap_or_default();
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
