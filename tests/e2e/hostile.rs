//! Texts and files that mean harm, or are far too large: nothing runs, everything is said.

use crate::browser::Engine;
use crate::page::PATIENCE;
use crate::work::{Page, each};
use serde_json::json;
use std::fmt::Write;

/// Imports a text and waits until it is open.
fn open_text(page: &Page, name: &str, bytes: &[u8], part: &str) {
    page.import(name, bytes);
    page.browser
        .wait_until(&format!("[...document.querySelectorAll('[data-paragraph]')].some((p) => p.textContent.includes({}))", json!(part)), PATIENCE);
}

#[test]
fn mark_up_in_a_text_is_text() {
    const HARM: &str = "<img src=x onerror=\"window.harm = 1\"> قالت <script>window.harm = 2</script>\n\u{202E}كلام مقلوب\u{202C} javascript:window.harm=3 تونس\n\"><svg onload=window.harm=4> ' \" & &amp; \\u003c";
    each(&Engine::ALL, |page| {
        let browser = &page.browser;
        open_text(page, "<img src=x onerror='window.harm=5'>.txt", HARM.as_bytes(), "<img src=x");
        // As a title, in the list, the details, the sheet of places, the report and the library too.
        let (paragraph, start, _) = browser.find("<img", 0);
        page.label_exactly(paragraph, start, start + 40, "1");
        browser.wait_for("[data-testid=detail]");
        assert!(browser.text("[data-testid=detail]").contains("<img src=x"), "{:?}: the quote is shown as it is", browser.engine);
        page.focus_text();
        browser.press("n");
        browser.type_text("<b onmouseover=window.harm=6>");
        browser.press("Escape");
        page.focus_text();
        browser.press("Shift+a");
        browser.wait_for("[data-testid=occurrences-sheet]");
        browser.press("Escape");
        browser.wait_until("!document.querySelector('[data-testid=occurrences-sheet]')", PATIENCE);
        page.label("تونس", 0, "2");
        page.saved();
        page.go("#/library");
        page.reload_library();
        assert_eq!(browser.value("window.harm ?? null"), json!(null), "{:?}: something ran", browser.engine);
        assert_eq!(browser.count("main img, main script, [data-testid=reader] *:not(p)"), 0, "{:?}: a text became elements", browser.engine);
    });
}

impl Page {
    fn reload_library(&self) {
        self.browser.reload();
        self.browser.wait_for("[data-testid=documents] [data-document]");
    }
}

#[test]
fn encodings_are_recognised() {
    const TEXT: &str = "أعلنت تونس والقاهرة يوم الجمعة اتفاقاً على سحب القوات من المنطقة المتنازع عليها.";
    let windows: Vec<u8> = {
        // Windows-1256, by its table for the letters that are used.
        let table = "ء=C1 آ=C2 أ=C3 ؤ=C4 إ=C5 ئ=C6 ا=C7 ب=C8 ة=C9 ت=CA ث=CB ج=CC ح=CD خ=CE د=CF ذ=D0 ر=D1 ز=D2 س=D3 ش=D4 ص=D5 ض=D6 ط=D8 ظ=D9 ع=DA غ=DB ف=DD ق=DE ك=DF ل=E1 م=E3 ن=E4 ه=E5 و=E6 ى=EC ي=ED ً=F0";
        let code = |c: char| table.split(' ').find(|pair| pair.starts_with(c)).map(|pair| u8::from_str_radix(&pair[pair.len() - 2..], 16).unwrap());
        TEXT.chars().map(|c| code(c).unwrap_or_else(|| u8::try_from(u32::from(c)).unwrap())).collect()
    };
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let utf16_be: Vec<u8> = std::iter::once(0xFEFF).chain(TEXT.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let bom: Vec<u8> = [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat();
    for (name, bytes) in [("windows-1256", windows), ("utf-16le", utf16), ("utf-16be", utf16_be), ("utf-8-bom", bom)] {
        // Each in a page of its own, for the same text is the same document.
        let Some(page) = Page::open(Engine::Chromium) else { return };
        open_text(&page, &format!("{name}.txt"), &bytes, "تونس");
        let shown = page.browser.paragraph(0);
        assert_eq!(shown.trim_start_matches('\u{FEFF}'), TEXT, "{name}");
        page.label("القاهرة", 0, "2");
        page.saved();
        page.done();
    }
}

#[test]
fn files_that_are_none_get_a_message() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let cases: [(&str, &[u8]); 5] = [
            ("broken.jsonl", b"{\"wusum\":1,\"kind\":\"project\"\nnot a line\n"),
            ("strange.json", b"{\"what\":[1,2,3]}"),
            ("list.json", b"[1,2"),
            ("invalid.jsonl", b"{\"wusum\":1,\"kind\":\"proj\xFF\xFE\"}\n"),
            ("picture.jsonl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
        ];
        for (name, bytes) in cases {
            page.import(name, bytes);
            let said = format!("{}{}", page.notices(), page.toast());
            assert!(said.contains(name) || said.chars().count() > 20, "{:?}: {name}: {said:?}", page.browser.engine);
            assert!(!said.contains("problem."), "{name}: a message without words: {said}");
            page.close_notices();
            assert_eq!(page.browser.value("location.hash"), "#/dataset", "{name}: nothing was opened");
        }
        // Nothing came into the library, nor does a file without anything in it.
        page.import("empty.txt", b"");
        println!("{}", page.notices());
        assert!(page.notices().contains("empty"), "{}", page.notices());
        page.close_notices();
        page.browser.press("1");
        page.go("#/library");
        assert_eq!(page.browser.count("[data-document]"), 1, "{:?}", page.browser.engine);
    });
}

#[test]
fn invalid_utf8_in_a_text_is_read_with_a_word_about_it() {
    each(&[Engine::Chromium], |page| {
        let mut bytes = "خبر عن تونس ".repeat(20).into_bytes();
        bytes.extend(b"\xFF\xFE\xC0 ");
        bytes.extend("ثم انتهى".as_bytes());
        page.import("torn.txt", &bytes);
        std::thread::sleep(std::time::Duration::from_millis(500));
        let said = format!("{}{}", page.notices(), page.toast());
        assert!(!said.trim().is_empty(), "something is said");
        // However it was read, it is a text that can be labelled, or it was refused.
        if page.browser.value("location.hash") != "#/dataset" {
            page.browser.wait_for("[data-paragraph]");
            assert!(page.browser.paragraph(0).contains("تونس"), "{said}");
        }
    });
}

#[test]
fn a_million_characters_in_one_line() {
    each(&[Engine::Chromium], |page| {
        let text = "قالت تونس إن القوات انسحبت من الحدود. ".repeat(1_000_000 / 38 + 1);
        page.import("line.txt", text.as_bytes());
        page.browser.wait_until("document.querySelector('[data-paragraph]')?.textContent.length > 900000", PATIENCE * 4);
        page.close_notices();
        let (paragraph, start, end) = page.browser.find("تونس", 0);
        page.browser.rects(paragraph, start, end);
        page.browser.select_by_handles(paragraph, start, end);
        page.selected();
        page.browser.press("2");
        page.expect(&[crate::work::span(start, end, "Location")]);
        page.saved();
    });
}

#[test]
fn a_million_characters_with_ten_thousand_labels() {
    each(&[Engine::Chromium, Engine::Firefox], |page| {
        let browser = &page.browser;
        let sentence = "قالت تونس إن القوات انسحبت من الحدود أمس، ثم عادت إليها.";
        let line = format!("{}\n", [sentence; 10].join(" "));
        let text = line.repeat(1_000_000 / line.chars().count() + 1);
        let length = text.chars().count();
        let step = length / 10_000;
        let letters: Vec<char> = text.chars().collect();
        let mut spans = String::new();
        let mut made = 0;
        let mut at = 0;
        while made < 10_000 {
            // The next word from here on.
            while !letters[at].is_alphabetic() {
                at += 1;
            }
            let end = (at..).find(|i| !letters[*i].is_alphabetic()).unwrap();
            if end > at {
                let quote: String = letters[at..end].iter().collect();
                let label = ["Actor", "Location", "Claim"][made % 3];
                let _ = write!(
                    spans,
                    "{}{{\"id\":\"s{made}\",\"start\":{at},\"end\":{end},\"label\":\"{label}\",\"text\":\"{quote}\"}}",
                    if made > 0 { "," } else { "" }
                );
                made += 1;
            }
            at = (made * step).max(end);
        }
        let file = format!(
            "{}\n{}\n{{\"kind\":\"layer\",\"document\":\"large\",\"annotator\":\"annotator\",\"status\":\"in-progress\",\"revision\":3,\"spans\":[{spans}]}}\n",
            include_str!("../data/article.a.jsonl").lines().next().unwrap(),
            json!({ "kind": "document", "id": "large", "title": "كبير", "text": text }),
        );
        let begin = std::time::Instant::now();
        page.import("large.jsonl", file.as_bytes());
        browser.wait_until(
            "document.querySelectorAll('[data-paragraph]').length > 1000 && document.querySelector('[data-testid=spans]')?.dataset.count === '10000'",
            PATIENCE * 4,
        );
        println!("{:?}: imported and open after {:?}", browser.engine, begin.elapsed());
        page.close_notices();
        assert!(
            browser.value("[...CSS.highlights.values()].reduce((n, h) => n + h.size, 0)").as_u64().unwrap() < 2_000,
            "only what is near the viewport is registered"
        );
        // To the end and back, and a label there.
        browser.eval("const s = document.querySelector('.read'); s.scrollTop = s.scrollHeight;", &[]);
        let last = usize::try_from(browser.count("[data-paragraph]")).unwrap();
        let last = (0..last).rev().find(|n| !browser.paragraph(*n).is_empty()).unwrap();
        let paragraph = browser.paragraph(last);
        let at = paragraph.find("أمس").unwrap();
        let start = paragraph[..at].chars().count();
        browser.rects(last, start, start + 3);
        std::thread::sleep(std::time::Duration::from_millis(500));
        browser.rects(last, start, start + 3);
        browser.select_by_handles(last, start, start + 3);
        page.selected();
        let begin = std::time::Instant::now();
        browser.press("2");
        browser.wait_until("[...document.querySelectorAll('[data-testid=spans]')].some((e) => e.dataset.count !== '10000') || document.querySelector('[data-testid=toast]')", PATIENCE);
        println!("{:?}: labelled after {:?}", browser.engine, begin.elapsed());
        browser.wait_until(
            "[...CSS.highlights].some(([name, h]) => name.startsWith('wusum-Location') && [...h].some((r) => String(r) === 'أمس'))",
            PATIENCE,
        );
        page.saved();
        browser.press("Control+z");
        browser.wait_until("document.querySelector('[data-testid=spans]').dataset.count === '10000'", PATIENCE);
        page.saved();
    });
}
