//! What runs on a first visit, until the article is on screen and at rest: `make first-visit`, on a site whose module notes it.
//! Prints the numbers of the functions that ran in any engine, one a line.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unused_imports)]

mod harness;

// The files of the harness name one another from the root.
use harness::{browser, hands, machine, page, site, wire, work};

use browser::{Browser, Engine, Options};
use page::PATIENCE;
use site::Site;
use std::collections::BTreeSet;
use std::time::Duration;

const RAN: &str = "Object.entries(wusumDeferred.page).filter(([name, ran]) => name.startsWith('ran') && ran.value).map(([name]) => name.slice(3))";

fn main() {
    let site = Site::built();
    let mut all = BTreeSet::new();
    for engine in Engine::ALL {
        if let Err(reason) = engine.available() {
            eprintln!("{engine:?} is left out: {reason}");
            continue;
        }
        let browser = Browser::start(engine, Options::default());
        browser.goto(&site.url());
        browser.wait_until("document.querySelector('[data-paragraph]')", PATIENCE);
        std::thread::sleep(Duration::from_millis(1_500));
        let ran = browser.value(RAN);
        all.extend(ran.as_array().into_iter().flatten().filter_map(|number| number.as_str().map(str::to_owned)));
    }
    for number in all {
        println!("{number}");
    }
}
