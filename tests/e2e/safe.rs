//! Nothing acknowledged is lost: kills, full and blocked stores, strange records.

use crate::browser::{Browser, Engine, Folder, Options};
use crate::page::PATIENCE;
use crate::site::{BLANK, Site};
use crate::work::{ARTICLE, Page, Span, each, over, span};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Numbers that differ from run to run; the seed is printed where a test fails.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// The words of the article by paragraph: paragraph, start and end in it, start in the text.
fn words() -> Vec<(usize, usize, usize, usize)> {
    let mut all = Vec::new();
    let mut base = 0;
    for (paragraph, line) in ARTICLE.split('\n').enumerate() {
        let mut at = 0;
        for piece in line.split(' ') {
            let length = piece.chars().count();
            if length >= 4 && piece.chars().all(char::is_alphabetic) {
                all.push((paragraph, at, at + length, base + at));
            }
            at += length + 1;
        }
        base += line.chars().count() + 1;
    }
    all
}

#[test]
fn ten_kills_at_random_moments_lose_nothing_acknowledged() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
    println!("seed {seed}");
    let mut chance = Chance(u64::from(seed));
    let profile = Folder::new("killed");
    let site = Site::built();
    let mut words = words().into_iter();
    let mut asked: BTreeSet<Span> = BTreeSet::new();
    let mut acknowledged: BTreeSet<Span> = BTreeSet::new();
    let mut page = Page { browser: Browser::chromium(profile.path()), site };
    for run in 0..10 {
        page.browser.goto(&page.site.url());
        page.ready();
        let found: BTreeSet<Span> = page.spans().into_iter().collect();
        assert!(found.is_superset(&acknowledged), "seed {seed}, run {run}: lost {:?}", acknowledged.difference(&found).collect::<Vec<_>>());
        assert!(found.is_subset(&asked), "seed {seed}, run {run}: never made {:?}", found.difference(&asked).collect::<Vec<_>>());
        acknowledged = found.clone();
        if run > 0 && !found.is_empty() {
            // The past is there too: one step back, and forth again.
            page.saved();
            page.browser.click("[data-testid=undo]");
            page.browser.wait_until(&format!("document.querySelector('[data-testid=spans]').dataset.count === '{}'", found.len() - 1), PATIENCE);
            page.browser.click("[data-testid=redo]");
            let all: Vec<Span> = found.into_iter().collect();
            page.expect(&all);
            page.saved();
        }
        for _ in 0..3 + chance.below(8) {
            let (paragraph, start, end, at) = words.next().expect("the article has words enough");
            page.browser.rects(paragraph, start, end);
            page.browser.select_by_handles(paragraph, start, end);
            page.selected();
            page.browser.press("1");
            asked.insert(span(at, at + end - start, "Actor"));
            // The light and the list are read in one go: what is listed while it says so is acknowledged.
            if page.browser.value("document.querySelector('[data-testid=save-state]').dataset.state") == "saved" {
                let (state, listed) = (page.browser.value("document.querySelector('[data-testid=save-state]').dataset.state"), page.spans());
                if state == "saved" {
                    acknowledged.extend(listed);
                }
            }
        }
        std::thread::sleep(Duration::from_millis(chance.below(80)));
        page.browser.assert_no_errors();
        let Page { browser, site } = page;
        browser.kill9();
        page = Page { browser: Browser::chromium(profile.path()), site };
    }
    page.browser.goto(&page.site.url());
    page.ready();
    let found: BTreeSet<Span> = page.spans().into_iter().collect();
    assert!(found.is_superset(&acknowledged), "seed {seed}, at the end: lost {:?}", acknowledged.difference(&found).collect::<Vec<_>>());
    assert!(acknowledged.len() > 10, "seed {seed}: only {} were acknowledged at all", acknowledged.len());
    page.done();
}

#[test]
fn a_full_local_storage_does_not_stop_the_work() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        page.label("أرمينيا", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        page.saved();
        // To the last byte.
        page.browser.eval(
            "let piece = 'x'.repeat(1 << 20), n = 0; while (piece.length) { try { localStorage.setItem('filler' + n, piece); n += 1; } catch { piece = piece.slice(0, piece.length >> 1); } }",
            &[],
        );
        page.label("يريفان", 0, "2");
        page.label("باكو", 0, "1");
        let all = [over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location"), over("باكو", 0, "Actor")];
        page.expect(&all);
        page.saved();
        assert!(page.browser.local_storage().get("filler0").is_some(), "what is not ours is left alone");
        page.reload();
        page.expect(&all);
        page.browser.press("Control+z");
        page.expect(&all[..2]);
        page.saved();
        page.reload();
        page.expect(&all[..2]);
    });
}

const NO_LOCAL: &str = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });";
const NO_DATABASE: &str = "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } });";

#[test]
fn blocked_storage_is_said_and_worked_without() {
    for (scripts, notice, state, kept) in [
        (vec![NO_LOCAL], "notice.no-local", "saved", true),
        (vec![NO_DATABASE], "notice.no-durable", "saved", true),
        (vec![NO_LOCAL, NO_DATABASE], "notice.memory", "memory", false),
    ] {
        if !Engine::Chromium.or_skip() {
            return;
        }
        let page = Page { site: Site::built(), browser: Browser::start(Engine::Chromium, Options::default()) };
        for script in &scripts {
            page.browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
        }
        page.browser.goto(&page.site.url());
        page.ready();
        page.browser.wait_for(&format!("[data-notice=\"{notice}\"]"));
        page.label("أرمينيا", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        page.browser.wait_until(&format!("document.querySelector('[data-testid=save-state]').dataset.state === '{state}'"), PATIENCE);
        let file = page.download(&format!("[data-notice=\"{notice}\"] [data-testid=offer]"));
        let file = String::from_utf8(file).unwrap();
        assert!(file.contains("\"text\":\"أرمينيا\""), "{notice}: the label is in the export offered");
        page.browser.press("Control+z");
        page.expect(&[]);
        page.browser.press("Control+Shift+z");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        page.browser.wait_until(&format!("document.querySelector('[data-testid=save-state]').dataset.state === '{state}'"), PATIENCE);
        page.reload();
        let all = [over("أرمينيا", 0, "Actor")];
        page.expect(if kept { &all } else { &[] });
        page.done();
    }
}

/// Changes the stored record whose key ends so, in both stores; the page must not be open.
fn tamper(page: &Page, key_end: &str, value: &str) {
    let changed = page.browser.resolve(&format!(
        "(async () => {{ const end = {}, value = {}; let n = 0; \
         for (const key of Object.keys(localStorage)) if (key.endsWith(end)) {{ localStorage.setItem(key, value); n += 1; }} \
         const done = (r) => new Promise((good, bad) => {{ r.onsuccess = () => good(r.result); r.onerror = () => bad(r.error); }}); \
         for (const {{ name }} of await indexedDB.databases()) {{ const db = await done(indexedDB.open(name)); \
           for (const store of db.objectStoreNames) {{ const t = db.transaction(store, 'readwrite').objectStore(store); \
             for (const key of await done(t.getAllKeys())) if (String(key).endsWith(end)) {{ await done(t.put({{ value }}, key)); n += 1; }} }} db.close(); }} \
         return n; }})()",
        json!(key_end),
        json!(value)
    ));
    assert!(changed.as_u64().is_some_and(|n| n >= 2), "{changed} records end with {key_end}");
}

fn stores(page: &Page) -> (Value, Value) {
    let keep = |mut all: Value| {
        if let Some(all) = all.as_object_mut() {
            all.retain(|key, _| !key.ends_with("settings"));
        }
        all
    };
    let mut database = page.browser.indexed_db();
    for stores in database.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        if let Some(stores) = stores.as_object_mut() {
            stores.remove("settings");
        }
    }
    (keep(page.browser.local_storage()), database)
}

#[test]
fn what_cannot_be_read_is_set_aside_and_offered_raw() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let Some(page) = Page::open(Engine::Chromium) else { return };
    page.label("أرمينيا", 0, "1");
    page.label("يريفان", 0, "2");
    page.expect(&[over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location")]);
    page.saved();
    page.browser.goto(&page.site.url_of(BLANK));
    tamper(&page, "/journal/000000000002", "{\"v\":1,\"torn");
    page.browser.goto(&page.site.url());
    page.ready();
    page.expect(&[over("أرمينيا", 0, "Actor")]);
    page.browser.wait_for("[data-notice=\"notice.set-aside\"]");
    let raw = page.download("[data-notice=\"notice.set-aside\"] [data-testid=offer]");
    assert!(String::from_utf8_lossy(&raw).contains("{\"v\":1,\"torn"), "the record is offered as it is");
    // The work goes on, and what was set aside is still there afterwards.
    page.close_notices();
    page.label("باكو", 0, "1");
    page.expect(&[over("أرمينيا", 0, "Actor"), over("باكو", 0, "Actor")]);
    page.saved();
    page.reload();
    page.expect(&[over("أرمينيا", 0, "Actor"), over("باكو", 0, "Actor")]);
    let (local, database) = stores(&page);
    assert!(local.to_string().contains("torn") || database.to_string().contains("torn"), "nothing was erased");
    page.done();
}

#[test]
fn records_of_a_newer_version_are_not_touched() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let Some(page) = Page::open(Engine::Chromium) else { return };
    page.label("أرمينيا", 0, "1");
    page.expect(&[over("أرمينيا", 0, "Actor")]);
    page.saved();
    page.browser.goto(&page.site.url_of(BLANK));
    tamper(&page, "/journal/000000000001", "{\"v\":99,\"n\":1,\"what\":\"later\"}");
    let before = stores(&page);
    page.browser.goto(&page.site.url());
    page.ready();
    page.browser.wait_for("[data-notice=\"notice.too-new\"]");
    let raw = page.download("[data-notice=\"notice.too-new\"] [data-testid=offer]");
    assert!(String::from_utf8_lossy(&raw).contains("\"what\":\"later\""));
    page.label("باكو", 0, "1");
    std::thread::sleep(Duration::from_millis(500));
    page.expect(&[]);
    page.browser.goto(&page.site.url_of(BLANK));
    assert_eq!(stores(&page), before, "both stores are as they were");
    page.done();
}
