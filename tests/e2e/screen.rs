//! Both languages, small and large screens, themes, names for screen readers, contrast.

use crate::browser::{Engine, Options};
use crate::page::PATIENCE;
use crate::work::{Page, each, over};
use serde_json::json;

/// Every screen and sheet, one after another, with a label in focus on the first.
pub fn walk(page: &Page, narrow: bool, mut look: impl FnMut(&str)) {
    let browser = &page.browser;
    page.go("#/read/article");
    browser.wait_for("[data-testid=reader] [data-paragraph]");
    if page.spans().is_empty() && browser.count("[data-testid=spans]") > 0 {
        let (paragraph, start, end) = browser.find("أرمينيا", 0);
        browser.rects(paragraph, start, end);
        browser.select_by_handles(paragraph, start, end);
        page.selected();
        browser.press("1");
        page.saved();
    }
    look("read");
    let sheet = |testid: &str| browser.wait_for(&format!("[data-testid={testid}]"));
    let gone = |testid: &str| {
        browser.press("Escape");
        browser.wait_until(&format!("!document.querySelector('[data-testid={testid}]')"), PATIENCE);
    };
    let (paragraph, start, end) = browser.find("وأذربيجان", 0);
    browser.rects(paragraph, start, end);
    browser.select_by_handles(paragraph, start, end);
    page.selected();
    sheet("palette");
    look("palette");
    browser.press("Shift+a");
    sheet("occurrences-sheet");
    look("occurrences");
    gone("occurrences-sheet");
    page.focus_text();
    page.keys(&["Escape", "/"]);
    sheet("find");
    look("find");
    gone("find");
    browser.click("[data-testid=help]");
    sheet("help-sheet");
    look("help");
    gone("help-sheet");
    browser.click("[data-testid=settings]");
    sheet("settings-sheet");
    look("settings");
    browser.click("[data-testid=change-name]");
    sheet("name-sheet");
    look("name");
    gone("name-sheet");
    if narrow {
        browser.click("[data-testid=open-list]");
        sheet("list-sheet");
        look("list");
        gone("list-sheet");
    }
    page.go("#/library");
    look("library");
    browser.click("[data-testid=paste]");
    sheet("paste-sheet");
    look("paste");
    gone("paste-sheet");
    page.go("#/dataset");
    look("dataset");
    browser.eval("location.hash = '#/read/none-such';", &[]);
    browser.wait_for("main.screen h1");
    look("missing");
    page.go("#/read/article");
    browser.wait_for("[data-testid=reader] [data-paragraph]");
}

pub fn in_english(page: &Page) {
    page.browser.click("[data-testid=language]");
    page.browser.wait_until("document.documentElement.lang === 'en' && document.documentElement.dir === 'ltr'", PATIENCE);
}

#[test]
fn both_languages_everywhere() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        // Words, names and hints that are seen or heard, outside texts of the user's own.
        let words = "(() => { const out = [], own = '[data-testid=reader], .guide-body, [data-testid=spans], [data-testid=places], bdi, kbd, bdo, [lang], [dir=auto], .example, .peel, .front, .doc-title, option'; \
            for (const e of document.querySelectorAll('#app *')) { if (e.closest(own.replace('[lang]', '#app [lang]'))) continue; \
              for (const n of e.childNodes) if (n.nodeType === 3 && n.data.trim()) out.push(n.data.trim()); \
              for (const a of ['aria-label', 'title', 'placeholder']) if (e.getAttribute(a)) out.push(e.getAttribute(a)); } return out; })()";
        let seen = |name: &str, arabic: bool| {
            for word in browser.value(words).as_array().unwrap() {
                let word = word.as_str().unwrap();
                let key_like = word.split(' ').any(|w| {
                    w.contains('.')
                        && w.split('.').count() >= 2
                        && w.split('.').all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
                });
                assert!(!key_like, "{name}: a key instead of words: {word}");
                assert!(!word.contains('{'), "{name}: a gap that was not filled: {word}");
                // Between isolates stand words of the user's.
                let mut depth = 0;
                let plain: String = word
                    .chars()
                    .filter(|c| {
                        match c {
                            '\u{2066}'..='\u{2068}' => depth += 1,
                            '\u{2069}' => depth -= 1,
                            _ => {}
                        }
                        depth == 0
                    })
                    .collect();
                let quotes: String = plain.split(['«', '»', '“', '”']).step_by(2).collect();
                if arabic {
                    let latin = quotes
                        .split(|c: char| !c.is_ascii_alphabetic())
                        .find(|w| w.len() > 3 && !["JSON", "Lines", "Wusum", "Ctrl", "Shift", "annotator"].contains(w));
                    assert!(latin.is_none(), "{name}: Latin words in the Arabic page: {word}");
                } else {
                    let strange = quotes.chars().any(|c| matches!(c, '\u{620}'..='\u{64A}')) && word != "وسوم" && word != "ع" && !word.contains('…');
                    assert!(!strange, "{name}: Arabic words in the English page: {word}");
                }
            }
        };
        assert_eq!((browser.attribute("html", "lang").as_deref(), browser.attribute("html", "dir").as_deref()), (Some("ar"), Some("rtl")));
        walk(page, false, |name| seen(name, true));
        in_english(page);
        walk(page, false, |name| seen(name, false));
        browser.reload();
        page.ready();
        assert_eq!(browser.attribute("html", "lang").as_deref(), Some("en"), "the language is kept");
        browser.click("[data-testid=language]");
        browser.wait_until("document.documentElement.lang === 'ar' && document.documentElement.dir === 'rtl'", PATIENCE);
    });
}

#[test]
fn keys_go_by_their_places_on_an_arabic_layout() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        page.select("وأذربيجان", 0);
        browser.wait_until("CSS.highlights.get('wusum-peel')?.size === 1", PATIENCE);
        browser.press_physical("BracketLeft", "ج", 219, 0);
        browser.press_physical("Digit1", "١", 49, 0);
        let tight = over("أذربيجان", 0, "Actor");
        page.expect(std::slice::from_ref(&tight));
        browser.press_physical("KeyZ", "ئ", 90, 2);
        page.expect(&[]);
        browser.press_physical("KeyZ", "ئ", 90, 2 | 8);
        page.expect(&[tight]);
        browser.press_physical("Slash", "؟", 191, 8);
        browser.wait_for("[data-testid=help-sheet]");
    });
}

#[test]
fn themes() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        let theme = |wanted: &str| browser.wait_until(&format!("document.documentElement.dataset.theme === '{wanted}'"), PATIENCE);
        let scheme = |value: &str| {
            drop(browser.devtools("Emulation.setEmulatedMedia", &json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] })))
        };
        scheme("dark");
        theme("dark");
        scheme("light");
        theme("light");
        let paper = browser.value("getComputedStyle(document.body).backgroundColor");
        browser.click("[data-testid=settings]");
        browser.wait_for("[data-testid=theme]");
        browser.eval(
            "const s = document.querySelector('[data-testid=theme]'); s.value = 'dark'; s.dispatchEvent(new Event('change', { bubbles: true }));",
            &[],
        );
        theme("dark");
        assert_ne!(browser.value("getComputedStyle(document.body).backgroundColor"), paper);
        page.reload();
        theme("dark");
    });
}

/// Text whose contrast with what is behind it is below 4.5, or 3 where it is large.
const FAINT: &str = r"(() => {
  const rgb = (c) => { const p = c.match(/[\d.]+/g).map(Number); return c.startsWith('color(srgb') ? [p[0]*255, p[1]*255, p[2]*255, p[3] ?? 1] : [p[0], p[1], p[2], p[3] ?? 1]; };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const behind = (e) => { const stack = []; for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 0) stack.push(c); if (c[3] === 1) break; }
    return stack.reverse().reduce((b, c) => over(c, b), [255, 255, 255, 1]); };
  const out = [];
  for (const e of document.querySelectorAll('#app *')) {
    const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!text || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.closest('.unseen, :disabled, .skip, [aria-hidden=true] svg')) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const back = behind(e), r = ratio(over(rgb(style.color), back), back);
    if (r < (large ? 3 : 4.5)) out.push(`${e.className || e.tagName} ${JSON.stringify(e.textContent.trim().slice(0, 20))} ${r.toFixed(2)}`);
  }
  const ink = rgb(getComputedStyle(document.querySelector('[data-paragraph]') ?? document.body).color), paper = behind(document.querySelector('[data-paragraph]') ?? document.body);
  const dark = document.documentElement.dataset.theme === 'dark';
  for (const slug of ['Actor', 'Location', 'Claim']) {
    const value = getComputedStyle(document.documentElement).getPropertyValue(`--label-${slug}`).trim(); if (!value) continue;
    const tint = [1, 3, 5].map((i) => parseInt(value.slice(i, i + 2), 16)).concat(dark ? 0x40 / 255 : 0x66 / 255);
    let back = paper; for (let depth = 1; depth <= 2; depth += 1) { back = over(tint, back); const r = ratio(ink, back); if (r < 4.5) out.push(`${slug} tint ${depth} deep ${r.toFixed(2)}`); }
    const r = ratio(tint.slice(0, 3).concat(1), paper); if (slug === 'Claim' && r < 3) out.push(`${slug} rail ${r.toFixed(2)}`);
  }
  return [...new Set(out)];
})()";

#[test]
fn text_stands_out_in_both_themes() {
    each(&[Engine::Chromium], |page| {
        let mut wrong = Vec::new();
        for theme in ["light", "dark"] {
            page.browser.devtools("Emulation.setEmulatedMedia", &json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] }));
            page.browser.wait_until(&format!("document.documentElement.dataset.theme === '{theme}'"), PATIENCE);
            walk(page, false, |name| {
                let found = page.browser.value(FAINT);
                if found != json!([]) {
                    wrong.push(format!("{theme} {name}: {found}"));
                }
            });
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn everything_has_a_name_and_labels_are_announced() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        browser.devtools("Accessibility.enable", &json!({}));
        for _ in 0..2 {
            let mut wrong = Vec::new();
            walk(page, false, |name| {
                let tree = browser.devtools("Accessibility.getFullAXTree", &json!({}));
                for node in tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false) {
                    let role = node["role"]["value"].as_str().unwrap_or_default();
                    let must = [
                        "button",
                        "link",
                        "textbox",
                        "searchbox",
                        "combobox",
                        "checkbox",
                        "radio",
                        "slider",
                        "toolbar",
                        "dialog",
                        "document",
                        "progressbar",
                        "navigation",
                        "complementary",
                    ];
                    if must.contains(&role) && node["name"]["value"].as_str().unwrap_or_default().trim().is_empty() {
                        wrong.push(format!("{name}: a {role} without a name, node {}", node["backendDOMNodeId"]));
                    }
                }
            });
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            browser.click("[data-testid=language]");
        }
        assert!(browser.count("[role=toolbar] [data-label][aria-keyshortcuts]") >= 3);
        assert_eq!(browser.attribute("[data-testid=reader]", "role").as_deref(), Some("document"));
        assert!(
            browser.attribute("[data-testid=reader]", "aria-label").is_some_and(|name| name.contains("أرمينيا")),
            "the text is named by its title"
        );
        assert_eq!(browser.attribute("[data-testid=said]", "aria-live").as_deref(), Some("polite"));
        let heard =
            |part: &str| browser.wait_until(&format!("document.querySelector('[data-testid=said]').textContent.includes({})", json!(part)), PATIENCE);
        page.label("المجتمع الدولي", 0, "1");
        heard("المجتمع الدولي");
        let labelled = browser.text("[data-testid=said]");
        assert!(labelled.contains("فاعل"), "{labelled}");
        browser.press("Delete");
        browser.wait_until(&format!("document.querySelector('[data-testid=said]').textContent !== {}", json!(labelled)), PATIENCE);
        heard("المجتمع الدولي");
    });
}

#[test]
fn the_focus_is_always_seen() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        for fragment in ["#/read/article", "#/library", "#/dataset"] {
            page.go(fragment);
            // A click between the bar's buttons: the focus is in the page, and goes on from there.
            browser.click("header.bar");
            let mut stops = 0;
            for _ in 0..30 {
                // After the last one of the page, Firefox goes on to controls of its own, and gives the page no focus again.
                let last = "[...document.querySelectorAll('a[href], button, select, input, textarea, [tabindex=\"0\"]')].filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility()).at(-1)";
                if browser.value(&format!("document.activeElement === {last}")) == true {
                    break;
                }
                browser.press("Tab");
                let seen = browser.value(
                    "(() => { const e = document.activeElement; if (!e || e === document.body || !document.hasFocus()) return null; if (e.dataset.testid === 'reader') return [getComputedStyle(document.querySelector('.reading-caret') ?? document.body).opacity === '1' && !!document.querySelector('.reading-caret'), 'reader']; \
                     const s = getComputedStyle(e); return [(s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none', e.dataset.testid || e.className || e.tagName]; })()",
                );
                if seen.is_null() {
                    continue;
                }
                stops += 1;
                if seen[1] == "reader" {
                    // The caret blinks: within a beat it is there.
                    browser.wait_until("getComputedStyle(document.querySelector('.reading-caret')).opacity === '1'", PATIENCE);
                    continue;
                }
                assert_eq!(seen[0], true, "{:?} {fragment}: the focus on {} is not seen", browser.engine, seen[1]);
            }
            assert!(stops > 5, "{:?} {fragment}: {stops} stops", browser.engine);
        }
        // A sheet takes the focus, keeps it, and gives it back.
        page.go("#/read/article");
        browser.click("[data-testid=help]");
        browser.wait_for("[data-testid=help-sheet]");
        for _ in 0..4 {
            browser.press("Tab");
            assert_eq!(
                browser.value("document.activeElement === document.body || !!document.activeElement.closest('dialog')"),
                true,
                "{:?}: the focus left the sheet",
                browser.engine
            );
        }
        browser.press("Escape");
        browser.wait_until("!document.querySelector('dialog[open]')", PATIENCE);
        browser.wait_until("document.activeElement?.dataset.testid === 'help'", PATIENCE);
    });
}

#[test]
fn whoever_wants_no_motion_gets_none() {
    each(&[Engine::Chromium], |page| {
        page.browser.devtools("Emulation.setEmulatedMedia", &json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] }));
        walk(page, false, |name| {
            let moving = page.browser.value(
                "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e); return [s.transitionDuration, s.animationDuration].join().split(',').some((d) => parseFloat(d) > 0.01) || s.scrollBehavior === 'smooth'; }).map((e) => e.className || e.tagName)",
            );
            assert_eq!(moving, json!([]), "{name}");
        });
    });
}

#[test]
fn the_page_works_without_the_network_from_a_sub_path() {
    for engine in Engine::ALL {
        let Some(page) = Page::with(engine, Options::default()) else { continue };
        page.site.wait_for_worker();
        page.site.forget();
        page.site.set_down(true);
        page.label("أرمينيا", 0, "1");
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        page.saved();
        page.browser.click("[data-testid=help]");
        page.browser.press("Escape");
        page.import("other.txt", "نص آخر عن تونس".as_bytes());
        page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('تونس')", PATIENCE);
        page.close_notices();
        page.go("#/library");
        page.go("#/read/article");
        page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.includes('أرمينيا')", PATIENCE);
        page.browser.click("[data-testid=language]");
        page.browser.wait_until("document.documentElement.lang === 'en'", PATIENCE);
        assert_eq!(page.site.requests(), [], "{engine:?}: nothing is asked for");
        page.site.set_down(false);
        page.reload();
        page.expect(&[over("أرمينيا", 0, "Actor")]);
        let outside: Vec<_> = page.site.requests().into_iter().filter(|r| r.status != 200).collect();
        assert_eq!(outside, [], "{engine:?}");
        page.done();
    }
}

#[test]
fn the_bar_stays_whatever_is_brought_into_view() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        for fragment in ["#/dataset", "#/schema"] {
            page.go(fragment);
            browser.wait_until("document.querySelectorAll('main button').length > 8", PATIENCE);
            browser.eval("for (const e of [...document.querySelectorAll('main *')].slice(-20)) e.scrollIntoView();", &[]);
            assert_eq!(browser.value("document.querySelector('.bar').getBoundingClientRect().top"), 0, "{:?} {fragment}", browser.engine);
        }
    });
}
