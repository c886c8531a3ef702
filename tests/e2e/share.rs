//! Two tabs on one document, the backup in another browser, the bin.

use crate::browser::{Engine, Folder, Options};
use crate::page::PATIENCE;
use crate::work::{Page, over};

#[test]
fn two_tabs_have_one_writer_and_the_other_follows_and_takes_over() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let Some(page) = Page::open(engine) else { continue };
        let browser = &page.browser;
        let (one, two, three) = (over("أرمينيا", 0, "Actor"), over("يريفان", 0, "Location"), over("باكو", 0, "Actor"));
        let first = browser.tab();
        let second = browser.new_window();
        browser.switch_to(&second);
        browser.goto(&page.site.url());
        page.ready();
        browser.wait_for("[data-notice=\"notice.other-tab\"]");

        browser.switch_to(&first);
        page.label("أرمينيا", 0, "1");
        page.expect(std::slice::from_ref(&one));
        browser.switch_to(&second);
        page.expect(std::slice::from_ref(&one));
        // The follower cannot write.
        page.select("يريفان", 0);
        browser.press("2");
        std::thread::sleep(std::time::Duration::from_millis(300));
        page.expect(std::slice::from_ref(&one));

        browser.click("[data-notice=\"notice.other-tab\"] [data-testid=offer]");
        browser.wait_until("!document.querySelector('[data-notice=\"notice.other-tab\"]')", PATIENCE);
        page.label("يريفان", 0, "2");
        page.expect(&[one.clone(), two.clone()]);
        page.saved();
        browser.switch_to(&first);
        browser.wait_for("[data-notice=\"notice.other-tab\"]");
        page.expect(&[one.clone(), two.clone()]);

        // When the writer goes, the other one writes.
        browser.switch_to(&second);
        browser.assert_no_errors();
        browser.close_tab();
        browser.switch_to(&first);
        browser.wait_until("!document.querySelector('[data-notice=\"notice.other-tab\"]')", PATIENCE);
        page.label("باكو", 0, "1");
        page.expect(&[one.clone(), two.clone(), three.clone()]);
        page.saved();
        page.reload();
        page.expect(&[one, two, three]);
        page.done();
    }
}

#[test]
fn a_backup_restores_everything_in_another_browser() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let Some(page) = Page::open(engine) else { continue };
        page.import("other.txt", "نص آخر عن تونس".as_bytes());
        page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.close_notices();
        page.label("تونس", 0, "2");
        page.saved();
        let of_other = page.spans();
        assert_eq!(of_other.len(), 1);
        page.go("#/read/article");
        page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('أرمينيا')", PATIENCE);
        page.label("أرمينيا", 0, "1");
        page.label("باكو", 0, "1");
        let all = [over("أرمينيا", 0, "Actor"), over("باكو", 0, "Actor")];
        page.expect(&all);
        page.saved();
        page.go("#/dataset");
        let file = page.download("[data-testid=backup]");
        page.done();

        let profile = Folder::new("restored");
        let Some(page) = Page::with(engine, Options { profile: Some(profile.path().into()), ..Options::default() }) else { continue };
        page.import("backup.jsonl", &file);
        page.browser.wait_for("[data-notice=\"notice.restore\"]");
        page.close_notices();
        page.go("#/read/article");
        page.expect(&all);
        // With its past.
        page.browser.press("Control+z");
        page.expect(&all[..1]);
        page.saved();
        page.go("#/library");
        assert_eq!(page.browser.count("[data-testid=documents] [data-document]"), 2);
        page.browser.click("[data-testid=documents] [data-document]:not([data-document=article]) a");
        page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.expect(&of_other);
        // The file damaged in one letter is noticed.
        let damaged = String::from_utf8(file).unwrap().replacen("تونس", "تونز", 1);
        page.import("damaged.jsonl", damaged.as_bytes());
        page.browser.wait_for("[data-notice=\"notice.restore\"].warning");
        page.done();
    }
}

#[test]
fn a_document_goes_to_the_bin_comes_back_and_is_purged() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let Some(page) = Page::open(engine) else { continue };
        let browser = &page.browser;
        page.import("other.txt", "نص آخر عن تونس".as_bytes());
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.close_notices();
        page.label("تونس", 0, "2");
        page.saved();
        let labels = page.spans();
        page.go("#/library");
        let other = "[data-document]:not([data-document=article])";
        browser.click(&format!("[data-testid=documents] {other} [data-testid=bin-document]"));
        browser.wait_for(&format!("[data-testid=bin] {other}"));
        assert_eq!(browser.count("[data-testid=documents] [data-document]"), 1);
        // It is in the bin after a reload too; and not in an export.
        browser.reload();
        browser.wait_for(&format!("[data-testid=bin] {other}"));
        let export = page.exported();
        assert!(!export.iter().any(|line| line["text"] == "نص آخر عن تونس"), "{engine:?}: what is in the bin is not exported");
        page.go("#/library");
        browser.click(&format!("[data-testid=bin] {other} [data-testid=restore-document]"));
        browser.wait_for(&format!("[data-testid=documents] {other}"));
        browser.click(&format!("[data-testid=documents] {other} a"));
        browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.expect(&labels);

        page.go("#/library");
        browser.click(&format!("[data-testid=documents] {other} [data-testid=bin-document]"));
        browser.click(&format!("[data-testid=bin] {other} [data-testid=purge]"));
        browser.click(&format!("[data-testid=bin] {other} [data-testid=purge-sure]"));
        browser.wait_until("!document.querySelector('[data-testid=bin]')", PATIENCE);
        page.saved();
        browser.reload();
        browser.wait_for("[data-testid=documents] [data-document=article]");
        assert_eq!(browser.count("[data-document]"), 1);
        assert!(
            !browser.indexed_db().to_string().contains("تونس") && !browser.local_storage().to_string().contains("تونس"),
            "{engine:?}: nothing of it is left"
        );
        page.done();
    }
}
