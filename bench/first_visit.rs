//! What runs on a first visit, until the article is on screen and at rest: `make first-visit`, on a site whose module notes it.
//! Prints the numbers of the functions, one a line.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unused_imports)]

mod harness;

// The files of the harness name one another from the root.
use harness::{browser, hands, machine, page, site, wire, work};

use browser::{Browser, Engine, Options};
use page::PATIENCE;
use site::Site;
use std::time::Duration;

fn main() {
    let site = Site::built();
    let browser = Browser::start(Engine::Chromium, Options::default());
    browser.goto(&site.url());
    browser.wait_until("document.querySelector('[data-paragraph]')", PATIENCE);
    std::thread::sleep(Duration::from_millis(1_500));
    let ran = browser.value(
        "Object.entries(wusumDeferred.page).filter(([name, ran]) => name.startsWith('ran') && ran.value).map(([name]) => Number(name.slice(3)))",
    );
    for number in ran.as_array().into_iter().flatten() {
        println!("{number}");
    }
}
