//! Labels as they are painted: ranges registered, rails at heights of their own, letters untouched.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{ARTICLE, Page, each, over, place, span};
use serde_json::json;

#[test]
fn nested_crossing_coinciding_and_partial_labels_are_told_apart() {
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        let widths = |page: &Page| {
            let (paragraph, start, end) = page.browser.find("بنشر", 0);
            page.browser.rects(paragraph, start, end)
        };
        let before = widths(page);
        // Partial: the last three letters of بنشر to its neighbour; nested, crossing and coinciding ones around it.
        let (at, _) = place(ARTICLE, "بنشر", 0);
        page.label_exactly(0, at + 1, place(ARTICLE, "على أراضيها", 0).1, "3");
        page.label("أراضيها", 0, "2");
        page.label("أراضيها", 0, "1");
        page.label("باكو بنشر", 0, "1");
        let claim = span(at + 1, place(ARTICLE, "على أراضيها", 0).1, "Claim");
        page.expect(&[claim, over("أراضيها", 0, "Location"), over("أراضيها", 0, "Actor"), over("باكو بنشر", 0, "Actor")]);
        page.keys(&["Escape"]);

        let highlights = browser.highlights();
        let text = |name: &str| -> Vec<String> {
            let all = highlights.as_object().unwrap().iter().filter(|(known, _)| known.starts_with(&format!("wusum-{name}-")));
            let mut found: Vec<String> =
                all.flat_map(|(_, ranges)| ranges.as_array().unwrap().iter().map(|r| r.as_str().unwrap().to_owned())).collect();
            found.sort();
            found
        };
        assert_eq!(text("Actor"), ["أراضيها", "باكو بنشر"], "{highlights}");
        assert_eq!(text("Location"), ["أراضيها"]);
        assert_eq!(text("Claim"), ["نشر قوات على أراضيها"]);

        // The letters are where they were: nothing was put between them, and their joined shapes keep their widths.
        let after = widths(page);
        assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            assert!((one.width - other.width).abs() < 0.1, "{:?}: {before:?} became {after:?}", browser.engine);
        }
        assert_eq!(
            browser
                .value("[...document.querySelectorAll('[data-paragraph]')].every((p) => p.childNodes.length === 1 && p.firstChild.nodeType === 3)"),
            true
        );

        // Under أراضيها lie three rails, each at a height of its own.
        let (paragraph, start, end) = browser.find("أراضيها", 0);
        let word = browser.rects(paragraph, start, end)[0];
        let heights = browser.eval(
            "const [x, top, bottom] = arguments; return [...new Set([...document.querySelectorAll('.rail')].map((e) => e.getBoundingClientRect()) \
             .filter((r) => r.left <= x && x <= r.right && r.top >= top && r.top <= bottom + 30).map((r) => Math.round(r.top)))].length;",
            &[json!(word.middle().0), json!(word.y), json!(word.y + word.height)],
        );
        assert_eq!(heights, 3, "{:?}: rails at three heights", browser.engine);
        page.saved();
    });
}

#[test]
fn rails_lie_under_their_words_when_the_page_has_moved_between_two_labels() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        let under = |words: &[&str]| {
            let words = json!(words);
            format!(
                "{words}.every((word) => {{ \
                 const node = [...document.querySelectorAll('[data-paragraph]')].map((p) => p.firstChild).find((t) => t.data.includes(word)); \
                 const range = document.createRange(); range.setStart(node, node.data.indexOf(word)); range.setEnd(node, node.data.indexOf(word) + word.length); \
                 const w = range.getBoundingClientRect(); \
                 return [...document.querySelectorAll('.rail')].map((e) => e.getBoundingClientRect()) \
                   .some((r) => Math.abs(r.left - w.left) < 2 && Math.abs(r.right - w.right) < 2 && r.top > w.top && r.top < w.bottom + 12); }})"
            )
        };
        page.label("يريفان", 0, "1");
        // The paragraphs below move, which the page has to notice by itself.
        browser.eval("document.querySelector('[data-paragraph=\"1\"]').style.marginBlockStart = '77px';", &[]);
        page.label("واشنطن", 0, "1");
        browser.wait_until(&under(&["يريفان", "واشنطن"]), PATIENCE);
        // Lines are broken anew, and a step is taken at once. It scrolls to its place, far below the first label.
        browser.eval("document.querySelector('.page').style.width = '320px';", &[]);
        page.keys(&["Control+z", "Control+Shift+Z"]);
        browser.wait_until(&under(&["واشنطن"]), PATIENCE);
        browser.eval("document.querySelector('.read').scrollTop = 0;", &[]);
        browser.wait_until(&under(&["يريفان"]), PATIENCE);
        page.saved();
    });
}

#[test]
fn a_selection_and_a_label_have_the_text_neither_styled_nor_layered_anew() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        page.select("باكو", 0);
        let seen_by = |selector: &str| format!("getComputedStyle(document.querySelector('{selector}')).getPropertyValue('--palette-x')");
        browser.wait_for(".palette");
        assert_ne!(browser.value(&seen_by(".palette")), "", "{:?}: the palette has no place", browser.engine);
        assert_eq!(browser.value(&seen_by("[data-paragraph]")), "", "{:?}: the palette's place is told to the text", browser.engine);
        // The block of the rails has the size of its paragraph before there is a rail to be seen in it.
        let sizes = "['.rails', '[data-paragraph=\"0\"]'].map((selector) => document.querySelector(selector).getBoundingClientRect()) \
            .map((r) => [r.width, r.height].map(Math.round))";
        browser.wait_for(".rails");
        let [block, paragraph] = browser.value(sizes).as_array().unwrap().clone().try_into().unwrap();
        assert_eq!(block, paragraph, "{:?}: the block of the rails and its paragraph", browser.engine);
        browser.press("1");
        page.expect(&[over("باكو", 0, "Actor")]);
        page.saved();
    });
}

/// Notes what each frame after a key shows before it is painted: ranges of tints of actors, and lines of claims.
const FRAMES: &str = "window.frames_seen = []; addEventListener('keydown', () => requestAnimationFrame(() => frames_seen.push([ \
     [...CSS.highlights].filter(([name]) => name.startsWith('wusum-Actor-')).reduce((sum, [, ranges]) => sum + ranges.size, 0), \
     document.querySelectorAll('.back .rail-Claim').length])), true);";

#[test]
fn a_label_is_on_screen_in_the_first_frame_after_its_key() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        browser.eval(FRAMES, &[]);
        for (quote, key, shown) in [("أرمينيا", "1", json!([1, 0])), ("المجتمع", "3", json!([1, 1])), ("يريفان", "1", json!([2, 1]))]
        {
            browser.eval("frames_seen.length = 0;", &[]);
            page.label(quote, 0, key);
            browser.wait_until("frames_seen.length", PATIENCE);
            assert_eq!(browser.value("frames_seen[0]"), shown, "{:?}: {quote}", browser.engine);
        }
        // A tinted label's rail follows.
        browser.wait_until("document.querySelectorAll('.back .rail-Actor').length === 2", PATIENCE);
    });
}

#[test]
fn the_caret_blinks_where_it_stands_alone_and_not_beside_a_selection() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        page.focus_text();
        page.keys(&["Control+Home", "ArrowLeft"]);
        browser.wait_until("document.querySelector('.reading-caret.dim')", PATIENCE);
        page.select("أرمينيا", 0);
        browser.wait_until("document.querySelector('.reading-caret:not(.dim)')", PATIENCE);
        let dimmed = browser.resolve(
            "new Promise((done) => { let dimmed = false; new MutationObserver(() => { dimmed ||= !!document.querySelector('.reading-caret.dim'); }) \
             .observe(document.querySelector('.front'), { subtree: true, childList: true, attributes: true }); setTimeout(() => done(dimmed), 1500); })",
        );
        assert_eq!(dimmed, false, "longer than two beats");
    });
}

#[test]
fn letters_stay_joined_as_pixels() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    // Drawn on white in black, a word with a label over part of it has the same dark pixels as without.
    let Some(page) = Page::open(Engine::Chromium) else { return };
    let (paragraph, start, end) = page.browser.find("بنشر", 0);
    let word = page.browser.rects(paragraph, start, end)[0];
    let shot = |page: &Page| {
        // Only the letters: no tints, rails, caret or outline.
        page.browser.eval(
            "const s = new CSSStyleSheet(); s.replaceSync('.layer, .palette { visibility: hidden !important } ::highlight(wusum-Actor-0), ::highlight(wusum-selection) { background-color: transparent !important }'); \
             document.adoptedStyleSheets = [...document.adoptedStyleSheets, s];",
            &[],
        );
        let picture = page.browser.devtools(
            "Page.captureScreenshot",
            &json!({ "format": "png", "clip": { "x": word.x, "y": word.y, "width": word.width, "height": word.height, "scale": 2 } }),
        );
        picture["data"].as_str().unwrap().to_owned()
    };
    page.focus_text();
    page.keys(&["Control+End"]);
    page.browser.rects(paragraph, start, start + 1);
    let before = shot(&page);
    let (at, end) = place(ARTICLE, "بنشر", 0);
    page.label_exactly(0, at + 1, end, "1");
    page.expect(&[span(at + 1, end, "Actor")]);
    page.keys(&["Escape", "Control+End", "Control+Home"]);
    page.browser.rects(paragraph, start, start + 1);
    let after = shot(&page);
    // The engine paints a highlighted stretch by itself, so edges may differ in shade; letters that came apart differ in ink.
    let different = page.browser.eval(
        "const done = arguments[2]; return Promise.all([arguments[0], arguments[1]].map((data) => new Promise((good) => { const i = new Image(); i.onload = () => { \
           const c = document.createElement('canvas'); c.width = i.width; c.height = i.height; const g = c.getContext('2d'); g.drawImage(i, 0, 0); good(g.getImageData(0, 0, i.width, i.height).data); }; i.src = 'data:image/png;base64,' + data; }))) \
         .then(([a, b]) => { let different = 0, ink = 0; for (let i = 0; i < a.length; i += 4) { if (a[i] < 100) ink += 1; if (Math.abs(a[i] - b[i]) > 90) different += 1; } return [different, ink]; });",
        &[json!(before), json!(after)],
    );
    let (different, ink) = (different[0].as_u64().unwrap(), different[1].as_u64().unwrap());
    assert!(ink > 100, "there is ink: {ink}");
    assert!(different * 50 < ink, "{different} pixels of {ink} differ: the letters of a partly labelled word do not look as they did");
    page.done();
}
