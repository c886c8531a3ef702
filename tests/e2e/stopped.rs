//! The program breaks while it runs: it says so, writes nothing more, and what was saved is found again.

use crate::browser::{Engine, Options};
use crate::page::PATIENCE;
use crate::work::{Page, each, over};
use serde_json::json;

const SAID: &str = "document.getElementById('boot-stopped').open";
/// All that the module knows becomes nonsense: whatever it does next goes wrong.
const BREAK: &str = "new Uint8Array(wusumDeferred.page.memory.buffer).fill(255);";
/// A module of one function that traps, called in a promise.
const TRAP_IN_PROMISE: &str = "const bytes = [0,97,115,109,1,0,0,0, 1,4,1,96,0,0, 3,2,1,0, 7,5,1,1,116,0,0, 10,5,1,3,0,0,11]; \
     const { t } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports; Promise.resolve().then(t);";

#[test]
fn a_trap_is_said_and_costs_nothing_that_was_saved() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        page.label("أرمينيا", 0, "1");
        page.label("باكو", 0, "2");
        let all = [over("أرمينيا", 0, "Actor"), over("باكو", 0, "Location")];
        page.expect(&all);
        page.saved();
        let before = (browser.local_storage(), browser.indexed_db());
        browser.eval(BREAK, &[]);
        browser.press("3");
        browser.wait_until(SAID, PATIENCE);
        // Keys reach the program no more, and the message does not go away by them.
        for key in ["2", "Delete", "Control+z", "Escape", "Escape"] {
            browser.press(key);
        }
        assert_eq!(browser.value(SAID), true, "{:?}", browser.engine);
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert_eq!((browser.local_storage(), browser.indexed_db()), before, "{:?}: nothing was written", browser.engine);
        let said = browser.value("document.getElementById('boot-stopped').innerText");
        let said = said.as_str().unwrap();
        assert!(said.contains("توقّفت") && !said.contains("stopped"), "{:?}: in the page's language: {said}", browser.engine);

        // The first way is in focus.
        browser.press("Enter");
        browser.wait_until(&format!("!document.getElementById('boot') && !{SAID}"), PATIENCE);
        page.ready();
        // What the broken program said in the console.
        browser.console_errors();
        page.expect(&all);
        page.label("يريفان", 0, "2");
        page.expect(&[all[0].clone(), all[1].clone(), over("يريفان", 0, "Location")]);
        page.saved();
    });
}

#[test]
fn a_trap_offers_a_backup_that_another_browser_reads() {
    // Firefox runs a driver's scripts in a world of their own, whose promises the page is not told of.
    for (engine, script) in [(Engine::Chromium, TRAP_IN_PROMISE), (Engine::Firefox, BREAK)] {
        let Some(page) = Page::with(engine, Options { language: "en", ..Options::default() }) else { continue };
        page.label("أرمينيا", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        page.saved();
        page.browser.eval(script, &[]);
        if engine == Engine::Firefox {
            page.browser.press("2");
        }
        page.browser.wait_until(SAID, PATIENCE);
        page.browser.click("#boot-stopped button + button");
        let file = std::fs::read(page.browser.downloaded(PATIENCE)).unwrap();

        let Some(other) = Page::open(engine) else { continue };
        other.import("backup.jsonl", &file);
        // Whole: neither incomplete nor damaged.
        other.browser.wait_for("[data-notice=\"notice.restore\"]:not(.warning)");
        other.close_notices();
        other.go("#/read/article");
        other.expect(&[over("أرمينيا", 0, "Actor")]);
        other.browser.press("Control+z");
        other.expect(&[]);
        other.done();
    }
}

#[test]
fn a_program_that_breaks_at_once_says_so_too() {
    let Some(Page { site, browser }) = Page::blank(Engine::Chromium, Options::default()) else { return };
    let broken = "for (const name of ['instantiate', 'instantiateStreaming']) { const real = WebAssembly[name]; \
         WebAssembly[name] = async (...given) => { const made = await real.apply(WebAssembly, given); \
           const memory = (made.instance ?? made).exports.memory; if (memory) new Uint8Array(memory.buffer).fill(255); return made; }; }";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": broken }));
    browser.goto(&site.url());
    browser.wait_until(SAID, PATIENCE);
    assert_eq!(browser.value("document.getElementById('boot-failed').hidden"), true, "the connection is not to blame");
    let said = browser.value("document.getElementById('boot-stopped').innerText");
    let said = said.as_str().unwrap();
    assert!(said.contains("توقّفت") && said.contains("stopped"), "in both languages, for none is known yet: {said}");
}

#[test]
fn an_error_that_is_not_the_programs_stops_nothing() {
    let Some(page) = Page::open(Engine::Chromium) else { return };
    page.browser.eval("setTimeout(() => { throw new Error('of an extension'); }); Promise.reject(new TypeError('Failed to fetch'));", &[]);
    page.label("أرمينيا", 0, "1");
    page.expect(&[over("أرمينيا", 0, "Actor")]);
    page.saved();
    assert_eq!(page.browser.value(SAID), false);
}

#[test]
fn a_key_that_leaves_the_text_before_its_frame_stops_nothing() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.focus_text();
        // Frames come late, and a key is pressed right before the screen changes.
        let late = "const real = requestAnimationFrame.bind(window); requestAnimationFrame = (run) => setTimeout(() => real(run), 300); cancelAnimationFrame = clearTimeout;";
        browser.eval(&format!("{late} document.querySelector('[data-testid=reader]').dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Escape', bubbles: true }}));"), &[]);
        page.go("#/library");
        std::thread::sleep(std::time::Duration::from_millis(600));
        assert_eq!(browser.value(SAID), false, "{:?}", browser.engine);
    });
}
