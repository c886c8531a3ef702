//! Wusum's page as its tests use it: the article open, labels read from the list, the save light waited for.

use crate::browser::{Browser, Engine, Options};
use crate::page::{PATIENCE, Point};
use crate::site::Site;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The article's text, as the page has it.
pub const ARTICLE: &str = include_str!("../../data/article.txt");

/// A label as the list shows it; offsets in code points.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One after the last.
    pub end: usize,
    /// Its kind.
    pub label: String,
}

/// A span, in short.
pub fn span(start: usize, end: usize, label: &str) -> Span {
    Span { start, end, label: label.into() }
}

/// Where a quote stands in a text, in code points; occurrences are counted from 0.
pub fn place(text: &str, quote: &str, occurrence: usize) -> (usize, usize) {
    let at = text.match_indices(quote).nth(occurrence).unwrap_or_else(|| panic!("not in the text: {quote}")).0;
    let start = text[..at].chars().count();
    (start, start + quote.chars().count())
}

/// A span over a quote of the article.
pub fn over(quote: &str, occurrence: usize, label: &str) -> Span {
    let (start, end) = place(ARTICLE, quote, occurrence);
    span(start, end, label)
}

/// Wusum in a browser.
pub struct Page {
    /// The browser; ended before the site.
    pub browser: Browser,
    /// The server.
    pub site: Site,
}

impl Page {
    /// The article, open in an engine; `None`, said once, where the engine cannot be driven here.
    pub fn open(engine: Engine) -> Option<Page> {
        Page::with(engine, Options::default())
    }

    /// The same, with options.
    pub fn with(engine: Engine, options: Options) -> Option<Page> {
        let page = Page::blank(engine, options)?;
        page.browser.goto(&page.site.url());
        page.ready();
        Some(page)
    }

    /// The site, and a browser that has not gone there yet.
    pub fn blank(engine: Engine, options: Options) -> Option<Page> {
        engine.or_skip().then(|| Page { site: Site::built(), browser: Browser::start(engine, options) })
    }

    /// Waits until a document can be annotated.
    pub fn ready(&self) {
        self.browser.wait_until("!document.getElementById('boot') && document.querySelector('[data-paragraph]')?.firstChild", PATIENCE);
        // The words that clitics are judged by are learnt in slices after the text is there.
        std::thread::sleep(Duration::from_millis(100));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.browser.reload();
        self.ready();
    }

    /// Goes to a screen.
    pub fn go(&self, fragment: &str) {
        self.browser.eval("location.hash = arguments[0];", &[json!(fragment)]);
        let expected = match fragment {
            "#/library" => "[data-testid=documents]",
            "#/dataset" => "[data-testid=format]",
            "#/schema" => "#desk [data-testid=desk-state]",
            // The review has paragraphs too: the screen left must not pass for the one that comes.
            _ => {
                let there = "document.querySelector('nav [aria-current=page]')?.hash.split('/')[1] === location.hash.split('/')[1] \
                             && document.querySelector('[data-paragraph]')?.firstChild";
                self.browser.wait_until(there, PATIENCE);
                return;
            }
        };
        self.browser.wait_for(expected);
    }

    /// The labels, in reading order.
    pub fn spans(&self) -> Vec<Span> {
        let found = self
            .browser
            .value("[...document.querySelectorAll('[data-testid=spans] [data-span]')].map((e) => [e.dataset.start, e.dataset.end, e.dataset.label])");
        let number = |value: &Value| value.as_str().and_then(|s| s.parse().ok()).expect("an offset");
        found.as_array().into_iter().flatten().map(|s| span(number(&s[0]), number(&s[1]), s[2].as_str().expect("a label"))).collect()
    }

    /// Waits until the labels are these, in any order.
    #[track_caller]
    pub fn expect(&self, spans: &[Span]) {
        let mut wanted = spans.to_vec();
        wanted.sort();
        let begin = Instant::now();
        loop {
            let mut found = self.spans();
            found.sort();
            if found == wanted {
                return;
            }
            assert!(
                begin.elapsed() < Duration::from_secs(15),
                "{:?}: labels are {found:#?}, not {wanted:#?}; toast: {}",
                self.browser.engine,
                self.toast()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the page says for a while.
    pub fn toast(&self) -> String {
        self.browser.value("document.querySelector('[data-testid=toast]')?.textContent ?? ''").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the save light says so.
    #[track_caller]
    pub fn saved(&self) {
        self.browser.wait_until("document.querySelector('[data-testid=save-state]').dataset.state === 'saved'", PATIENCE);
    }

    /// Presses keys one after another.
    pub fn keys(&self, chords: &[&str]) {
        for chord in chords {
            self.browser.press(chord);
        }
    }

    /// Selects a quote with the mouse.
    pub fn select(&self, quote: &str, occurrence: usize) {
        self.browser.select_quote(quote, occurrence);
        self.selected();
    }

    /// Waits until the page has heard that something is selected: browsers tell it up to a frame later.
    #[track_caller]
    pub fn selected(&self) {
        self.browser.wait_until("CSS.highlights.get('wusum-selection')?.size && !getSelection().isCollapsed", PATIENCE);
        self.browser.resolve("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))");
    }

    /// Selects a quote with the mouse and labels it by a key.
    pub fn label(&self, quote: &str, occurrence: usize, key: &str) {
        self.select(quote, occurrence);
        self.browser.press(key);
    }

    /// Labels a stretch of a paragraph exactly, by the page's own selection and a key.
    pub fn label_exactly(&self, paragraph: usize, start: usize, end: usize, key: &str) {
        self.select_exactly(paragraph, start, end);
        self.browser.press(key);
    }

    /// Selects a stretch of a paragraph exactly: whole words as the handles would, then Shift and arrows.
    pub fn select_exactly(&self, paragraph: usize, start: usize, end: usize) {
        self.focus_text();
        self.caret_to(paragraph, start);
        for _ in 0..200 {
            let at = self.caret();
            if at == (paragraph, end) {
                return;
            }
            self.browser.press(&format!("Shift+{}", self.arrow(at < (paragraph, end))));
        }
        panic!("{:?}: the selection does not reach {paragraph}:{end}, it is at {:?}", self.browser.engine, self.caret());
    }

    /// Gives the text the focus, as Tab would.
    pub fn focus_text(&self) {
        self.browser.eval("document.querySelector('[data-testid=reader]').focus({ preventScroll: true });", &[]);
    }

    /// The paragraph and the code point in it where the caret is.
    #[track_caller]
    pub fn caret(&self) -> (usize, usize) {
        // The page brings the browser's own selection in step a little later, so that a run of keys stays quick.
        std::thread::sleep(Duration::from_millis(40));
        self.caret_if_any().unwrap_or_else(|| panic!("{:?}: no caret in the text", self.browser.engine))
    }

    fn caret_if_any(&self) -> Option<(usize, usize)> {
        let at = self.browser.value(
            "(() => { const s = getSelection(), n = s.focusNode; const e = n && (n.nodeType === 3 ? n.parentElement : n).closest('[data-paragraph]'); \
             return e ? [Number(e.dataset.paragraph), [...e.textContent.slice(0, s.focusOffset)].length] : null; })()",
        );
        let number = |i: usize| at[i].as_u64().and_then(|n| usize::try_from(n).ok());
        Some((number(0)?, number(1)?))
    }

    /// Moves the caret by keys alone: by words while that does not go too far, then by letters.
    pub fn caret_to(&self, paragraph: usize, wanted: usize) {
        let wanted = (paragraph, wanted);
        // WebKit has no selection until the caret has moved; far back, it is quicker to begin at the beginning.
        if self.caret_if_any().is_none_or(|(at, _)| at > paragraph) {
            self.keys(&["Control+Home", "Control+ArrowLeft", "Control+Home"]);
        }
        let mut words = true;
        for _ in 0..600 {
            let at = self.caret();
            if at == wanted {
                return;
            }
            if at < wanted && words {
                self.browser.press(&format!("Control+{}", self.arrow(true)));
                continue;
            }
            words = false;
            self.browser.press(self.arrow(at < wanted));
        }
        panic!("{:?}: the caret does not reach {wanted:?}, it is at {:?}", self.browser.engine, self.caret());
    }

    /// The arrow that goes forward or back in the paragraph where the caret is.
    fn arrow(&self, forward: bool) -> &'static str {
        let at = self.caret().0;
        let left_to_right = self.browser.attribute(&format!("[data-paragraph=\"{at}\"]"), "dir").as_deref() == Some("ltr");
        if forward == left_to_right { "ArrowRight" } else { "ArrowLeft" }
    }

    /// The middle of a quote's first box.
    pub fn point(&self, quote: &str, occurrence: usize) -> Point {
        let (paragraph, start, end) = self.browser.find(quote, occurrence);
        self.browser.rects(paragraph, start, end)[0].middle()
    }

    /// Clicks on a quote.
    pub fn click_on(&self, quote: &str, occurrence: usize) {
        self.browser.click_at(self.point(quote, occurrence), 1, &[]);
    }

    /// The label in focus, as its row shows it.
    pub fn chosen(&self) -> Option<Span> {
        let found = self.browser.value("(() => { const e = document.querySelector('[data-span]:has([aria-current=true])'); return e ? [e.dataset.start, e.dataset.end, e.dataset.label] : null; })()");
        let number = |i: usize| found[i].as_str().and_then(|s| s.parse().ok());
        Some(span(number(0)?, number(1)?, found[2].as_str()?))
    }

    /// Waits until this label is in focus.
    #[track_caller]
    pub fn expect_chosen(&self, wanted: &Span) {
        let begin = Instant::now();
        while self.chosen().as_ref() != Some(wanted) {
            assert!(begin.elapsed() < Duration::from_secs(15), "{:?}: in focus is {:?}, not {wanted:?}", self.browser.engine, self.chosen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Imports a file of these bytes on the export screen.
    pub fn import(&self, name: &str, bytes: &[u8]) {
        let folder = crate::browser::Folder::new("import");
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("a file is written");
        self.go("#/dataset");
        self.browser.upload("[data-testid=import]", &file);
        // The file goes with its folder, so the page must have read it by then.
        self.browser.wait_until(
            "document.querySelector('[data-notice=\"notice.import\"], [data-notice=\"notice.restore\"], [data-testid=toast]')",
            PATIENCE * 2,
        );
    }

    /// What the notices say.
    pub fn notices(&self) -> String {
        self.browser
            .value("[...document.querySelectorAll('[data-notice]')].map((e) => e.dataset.notice + ': ' + e.innerText).join('\\n')")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Closes all notices.
    pub fn close_notices(&self) {
        self.browser.eval("for (const b of document.querySelectorAll('[data-notice] > button:last-child')) b.click();", &[]);
    }

    /// Presses a button that downloads, and reads the file; the folder is empty again afterwards.
    pub fn download(&self, selector: &str) -> Vec<u8> {
        for old in std::fs::read_dir(self.browser.download_folder()).into_iter().flatten().flatten() {
            let _ = std::fs::remove_file(old.path());
        }
        // What is lost is told above the button, which it moves.
        self.browser.wait_until("document.querySelector('[data-testid=losses]')?.dataset.state !== 'looking'", PATIENCE);
        self.browser.click(selector);
        let file: PathBuf = self.browser.downloaded(PATIENCE);
        std::fs::read(&file).expect("the download is read")
    }

    /// Everything exported in the own format, one JSON value a line.
    pub fn exported(&self) -> Vec<Value> {
        self.go("#/dataset");
        lines(&self.download("[data-testid=export]"))
    }

    /// The end of every test: nothing went wrong on the way.
    pub fn done(self) {
        self.browser.assert_no_errors();
    }
}

/// The lines of a file in the own format.
pub fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Runs a test in the engines named, each with a page of its own.
pub fn each(engines: &[Engine], test: impl Fn(&Page)) {
    for engine in engines {
        if let Some(page) = Page::open(*engine) {
            test(&page);
            page.done();
        }
    }
}
