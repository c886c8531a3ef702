//! What runs on a first visit, until the article is on screen and at rest: `make first-visit`, on a site whose module notes it.
//! Prints the numbers of the functions that ran in any visit with any engine, one a line.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unused_imports)]

mod harness;

// The files of the harness name one another from the root.
use harness::{browser, hands, machine, page, site, wire, work};

use browser::{Browser, Engine, Options};
use page::PATIENCE;
use serde_json::json;
use site::Site;
use std::collections::BTreeSet;
use std::time::Duration;

const RAN: &str = "Object.entries(wusumDeferred.page).filter(([name, ran]) => name.startsWith('ran') && ran.value).map(([name]) => name.slice(3))";

/// Each visit is with a browser that was never here. What runs depends on what comes first, so there are several; and on how wide
/// the window is.
const VISITS: [Visit; 5] = [
    Visit { size: (1280, 900), language: "ar", slower: 1 },
    Visit { size: (1280, 900), language: "ar", slower: 6 },
    Visit { size: (1280, 900), language: "en", slower: 1 },
    Visit { size: (500, 800), language: "ar", slower: 1 },
    Visit { size: (500, 800), language: "ar", slower: 3 },
];

struct Visit {
    size: (u32, u32),
    language: &'static str,
    /// By how much the processor is slowed down; in Chromium alone.
    slower: u32,
}

fn main() {
    let site = Site::built();
    let mut all = BTreeSet::new();
    for engine in Engine::ALL {
        if let Err(reason) = engine.available() {
            eprintln!("{engine:?} is left out: {reason}");
            continue;
        }
        for visit in VISITS {
            let browser = Browser::start(engine, Options { size: visit.size, language: visit.language, ..Options::default() });
            if engine == Engine::Chromium {
                browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": visit.slower }));
            }
            browser.goto(&site.url());
            browser.wait_until("document.querySelector('[data-paragraph]')", PATIENCE);
            // As long whatever the pace: what the page does once it is at rest is not to be among it.
            std::thread::sleep(Duration::from_millis(1_500));
            let ran = browser.value(RAN);
            all.extend(ran.as_array().into_iter().flatten().filter_map(|number| number.as_str().map(str::to_owned)));
        }
    }
    for number in all {
        println!("{number}");
    }
}
