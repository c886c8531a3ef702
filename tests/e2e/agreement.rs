//! Agreement: the figures are those of the command line, every number leads to its passages and they to the review, plots and
//! tables are saved, choices and cancel work; in both languages, by keyboard, on a telephone.

use crate::browser::{Browser, Engine};
use crate::build::set;
use crate::page::PATIENCE;
use crate::site::Site;
use crate::work::{Page, each, place};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

const TWO: &[Engine] = &[Engine::Chromium, Engine::Firefox];

/// What the command line tells of the two files of the sample.
fn by_program(more: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wusum"));
    let program = program.current_dir(env!("CARGO_MANIFEST_DIR")).args(["agree", "data/article.a.jsonl", "data/article.b.jsonl", "--json"]);
    let output = program.args(more).stdin(Stdio::null()).output().expect("the program runs");
    String::from_utf8(output.stdout).expect("it is text")
}

fn settled(page: &Page) {
    page.browser.wait_until("document.querySelector('[data-testid=agreement]')?.dataset.state === 'done'", PATIENCE);
}

fn go(page: &Page, fragment: &str) {
    page.browser.eval("location.hash = arguments[0];", &[json!(fragment)]);
    page.browser.wait_until(&format!("decodeURIComponent(location.hash) === {}", json!(fragment)), PATIENCE);
    settled(page);
}

/// The sample, opened from the empty screen.
fn sampled(page: &Page) {
    go(page, "#/agreement");
    page.browser.wait_for("[data-testid=agree-empty]");
    page.browser.click("[data-testid=sample]");
    page.browser.wait_for("[data-testid=agree-table]");
    settled(page);
    page.close_notices();
}

fn in_english(page: &Page) {
    page.browser.click("[data-testid=language]");
    page.browser.wait_until("document.querySelector('#desk h1')?.textContent === 'Agreement'", PATIENCE);
}

/// A number of the pair that is looked at, or of everybody; as it is written.
fn shown(page: &Page, figure: &str) -> String {
    page.browser.text(&format!("#desk [data-figure=\"{figure}\"]"))
}

/// Clicks on a number, and waits for the passages behind it.
fn behind(page: &Page, selector: &str) {
    page.browser.click(selector);
    page.browser.wait_for("[data-testid=agree-passages] li");
}

fn close(page: &Page) {
    page.browser.press("Escape");
    page.browser.wait_until("!document.querySelector('[data-testid=agree-panel]')", PATIENCE);
}

/// Texts with labels of two people, who agree on some.
fn project(count: usize, labels: usize) -> Vec<u8> {
    const WORDS: [&str; 6] = ["القاهرة", "بيروت", "الوزير", "الحكومة", "اتفاق", "قرار"];
    let mut lines = vec![json!({ "wusum": 1, "kind": "project", "name": "news", "offsets": "code-points" })];
    for number in 0..count {
        let id = format!("d{number:03}");
        let words: Vec<String> = (0..labels.max(4)).map(|at| format!("{}{}", WORDS[(at + number) % WORDS.len()], at + number)).collect();
        let text = words.join(" ");
        lines.push(json!({ "kind": "document", "id": id, "title": format!("خبر {number}"), "text": text }));
        for (who, step) in [("سارة", 1), ("ليلى", 2)] {
            let span = |at: usize| {
                let (start, end) = place(&text, &words[at], 0);
                let label = if (at + number * step).is_multiple_of(5) { "Location" } else { "Actor" };
                json!({ "id": format!("s{at}"), "start": start, "end": end, "label": label, "text": words[at] })
            };
            let spans: Vec<Value> = (0..words.len()).filter(|at| at % (step + 1) != 0 || labels > 100).map(span).collect();
            lines.push(json!({ "kind": "layer", "document": id, "annotator": who, "status": "done", "spans": spans }));
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

#[test]
fn the_sample_has_the_figures_of_the_command_line() {
    each(TWO, |page| {
        go(page, "#/agreement");
        assert_eq!(page.browser.attribute("[data-testid=agree-empty]", "data-why").as_deref(), Some("nobody"), "{:?}", page.browser.engine);
        sampled(page);
        let wanted = [
            ("cohen_kappa.flat", "٠٫٧٢٩", "0.729"),
            ("token_f1", "٠٫٨٠٢", "0.802"),
            ("span_f1.exact", "٠٫٦٥٧", "0.657"),
            ("span_f1.clitic", "٠٫٧١٤", "0.714"),
            ("alpha_u", "٠٫٧٠٩", "0.709"),
            ("gamma", "٠٫٨١٢", "0.812"),
        ];
        for (figure, arabic, _) in wanted {
            assert_eq!(shown(page, figure), arabic, "{:?}: {figure}", page.browser.engine);
        }
        assert!(page.browser.text("[data-testid=agree-intervals]").contains("مستندان"), "one document has no intervals, and why is told");
        assert!(page.browser.text("[data-figure=\"relation_f1.exact\"]").chars().count() > 3);
        let json = page.download("[data-plot=figures] [data-save=json]");
        assert_eq!(String::from_utf8(json).unwrap(), by_program(&[]), "{:?}", page.browser.engine);
        in_english(page);
        for (figure, _, english) in wanted {
            assert_eq!(shown(page, figure), english, "{:?}: {figure}", page.browser.engine);
        }
        let csv = String::from_utf8(page.download("[data-plot=figures] [data-save=csv]")).unwrap();
        assert!(csv.starts_with("of,a,b,documents,figure,value,low,high,reason\npair,a,b,1,"), "{csv}");
        let report = by_program(&[]);
        let gamma = report.split("\"gamma\":").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
        assert!(csv.contains(&format!("\nall,,,1,gamma,{gamma},,,\n")), "{gamma}: {csv}");
        // Other tokens have other figures, again those of the command line.
        set(page, "[data-testid=agree-tokens]", "whitespace");
        page.browser.wait_until("document.querySelector('[data-testid=agreement]').dataset.state === 'busy'", PATIENCE);
        settled(page);
        let other: Value = serde_json::from_str(&by_program(&["--tokens", "whitespace"])).unwrap();
        let kappa = page.browser.attribute("#desk [data-figure=\"cohen_kappa.flat\"]", "data-value").unwrap();
        assert!((kappa.parse::<f64>().unwrap() - other["pairs"][0]["cohen_kappa"]["flat"].as_f64().unwrap()).abs() < 1e-12);
        page.browser.assert_no_errors();
    });
}

#[test]
fn a_number_leads_to_its_passages_and_they_to_the_review() {
    each(TWO, |page| {
        let browser = &page.browser;
        sampled(page);
        // By key as by click, and the focus comes back.
        browser.eval("document.querySelector('[data-figure=\"span_f1.exact\"]').focus();", &[]);
        browser.press("Enter");
        browser.wait_for("[data-testid=agree-passages] li");
        let counts = "[...document.querySelectorAll('[data-cell] .n')].map((n) => [...n.textContent].map((d) => d.charCodeAt(0) - 0x660).reduce((n, d) => 10 * n + d, 0))";
        let counts: Vec<f64> = serde_json::from_value(browser.value(counts)).unwrap();
        let f1 = 2.0 * counts[2] / (2.0 * counts[2] + counts[0] + counts[1]);
        assert_eq!(format!("{f1:.3}"), "0.657", "{:?}: {counts:?}", browser.engine);
        assert_eq!(browser.count("[data-passage]") as f64, counts[0]);
        let (start, end) = (browser.attribute("[data-passage]", "data-start").unwrap(), browser.attribute("[data-passage]", "data-end").unwrap());
        let quote = browser.text("[data-passage] mark");
        let article: Vec<char> = crate::work::ARTICLE.chars().collect();
        let at: usize = start.parse().unwrap();
        assert!(article[at..end.parse().unwrap()].iter().collect::<String>().starts_with(quote.split(" … ").next().unwrap()), "{quote}");
        assert!(browser.text("[data-passage] .agree-said").contains('a'), "who said what");
        close(page);
        browser.wait_until("document.activeElement?.dataset.figure === 'span_f1.exact'", PATIENCE);
        // What both have is another part of the same number.
        behind(page, "[data-figure=\"span_f1.exact\"]");
        browser.click("[data-cell=\"2\"]");
        browser.wait_until(&format!("document.querySelectorAll('[data-passage]').length === {}", counts[2].min(50.0)), PATIENCE);
        browser.click("[data-cell=\"0\"]");
        browser.wait_until(&format!("document.querySelectorAll('[data-passage]').length === {}", counts[0]), PATIENCE);
        browser.click("[data-passage] [data-way=review]");
        browser.wait_for("[data-testid=lanes]");
        browser.wait_until("location.hash === '#/review/article'", PATIENCE);
        let current = "document.querySelector('[data-testid=differences] [aria-current=true]')?.textContent ?? ''";
        let first: String = quote.split_whitespace().next().unwrap().to_owned();
        browser.wait_until(&format!("{current}.includes({})", json!(first)), PATIENCE);
        // Back from the review, and to the words themselves.
        browser.eval(
            "document.querySelector('[data-testid=show-people]')?.offsetParent && document.querySelector('[data-testid=show-people]').click()",
            &[],
        );
        browser.click("[data-testid=to-agreement]");
        browser.wait_until("location.hash === '#/agreement/article'", PATIENCE);
        browser.wait_for("[data-testid=agree-confusion]");
        settled(page);
        behind(page, "[data-testid=agree-confusion] tbody button");
        let at: usize = browser.attribute("[data-passage]", "data-start").unwrap().parse().unwrap();
        browser.click("[data-passage] [data-way=read]");
        browser.wait_until("location.hash === '#/read/article'", PATIENCE);
        browser.wait_for("[data-testid=reader]");
        browser.wait_until("CSS.highlights.get('wusum-selection')?.size", PATIENCE);
        assert!(at < article.len());
        browser.assert_no_errors();
    });
}

#[test]
fn an_agreed_passage_and_every_kind_of_number_open() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        sampled(page);
        let kinds = [
            "[data-figure=\"gamma\"]",
            "[data-figure=\"cohen_kappa.flat\"]",
            "[data-figure=\"cohen_kappa.Claim\"]",
            "[data-figure=\"krippendorff_alpha.Actor\"]",
            "[data-figure=\"token_f1\"]",
            "[data-figure=\"span_f1_by_label.Actor.exact\"]",
            "[data-plot=pairs] tbody button",
            "[data-plot=starts] [data-band=\"0\"] button",
            "[data-plot=ends] [data-band=\"0\"] button",
        ];
        for kind in kinds {
            browser.click(&format!("#desk {kind}"));
            browser.wait_until("document.querySelector('[data-testid=agree-panel] [data-testid=agree-passages]')", PATIENCE);
            close(page);
        }
        // Where all agree there is no difference to choose, and the words are shown all the same.
        behind(page, "[data-figure=\"span_f1.exact\"]");
        browser.click("[data-cell=\"2\"]");
        browser
            .wait_until("document.querySelector('[data-cell=\"2\"]').ariaPressed === 'true' && document.querySelector('[data-passage]')", PATIENCE);
        browser.click("[data-passage]:last-child [data-way=review]");
        browser.wait_for("[data-testid=review]");
        browser.wait_until("location.hash === '#/review/article'", PATIENCE);
    });
}

#[test]
fn plots_are_saved_as_they_are_read() {
    each(TWO, |page| {
        sampled(page);
        for name in ["pairs", "confusion", "starts", "ends", "course"] {
            let svg = String::from_utf8(page.download(&format!("[data-plot={name}] [data-save=svg]"))).unwrap();
            assert!(svg.starts_with("<svg ") && svg.contains("direction=\"rtl\"") && svg.ends_with("</svg>\n"), "{name}: {svg}");
        }
        in_english(page);
        let csv = |name: &str| String::from_utf8(page.download(&format!("[data-plot={name}] [data-save=csv]"))).unwrap();
        let report: Value = serde_json::from_str(&by_program(&[])).unwrap();
        let pair = &report["pairs"][0];
        let pairs = csv("pairs");
        assert!(pairs.lines().nth(1).is_some_and(|line| line.starts_with(&format!("\"a\",,{}", pair["span_f1"]["exact"]))), "{pairs}");
        let confusion = csv("confusion");
        let counts: Vec<Vec<u64>> =
            confusion.lines().skip(1).map(|line| line.split(',').skip(1).map(|count| count.parse().unwrap()).collect()).collect();
        assert_eq!(json!(counts), pair["confusion"]["counts"], "{confusion}");
        let all = |csv: &str| csv.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum::<u64>();
        let told: u64 = pair["boundary_differences"]["start"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!((all(&csv("starts")), all(&csv("ends"))), (told, told));
        let course = csv("course");
        assert!(course.lines().nth(1).is_some_and(|line| line.contains(",20") && line.contains(&pair["span_f1"]["exact"].to_string())), "{course}");
    });
}

#[test]
fn several_documents_have_intervals_and_a_course_and_can_be_chosen() {
    each(TWO, |page| {
        let browser = &page.browser;
        page.import("project.jsonl", &project(8, 6));
        page.close_notices();
        go(page, "#/agreement");
        browser.wait_for("[data-testid=agree-table]");
        assert!(browser.count(".agree-tile .agree-interval") >= 3, "{:?}", browser.engine);
        assert_eq!(browser.count("[data-plot=course] [data-document]"), 8);
        assert_eq!(browser.count("[data-plot=course] circle"), 8);
        assert!(browser.text("[data-testid=agree-state]").starts_with("٨ مستندات"), "{}", browser.text("[data-testid=agree-state]"));
        // One of them alone.
        browser.click("[data-plot=course] [data-document=d003] a");
        browser.wait_until("location.hash === '#/agreement/d003' && document.querySelector('.agree-one')", PATIENCE);
        settled(page);
        assert!(browser.text("[data-testid=agree-state]").starts_with("مستند مشترك واحد"));
        // Two of them.
        go(page, "#/agreement");
        browser.wait_for("[data-testid=agree-documents]");
        browser.click("[data-testid=agree-documents] summary");
        browser.click("[data-testid=agree-documents] [data-document=d001]");
        browser.click("[data-testid=agree-documents] [data-document=d002]");
        browser.wait_until("document.querySelector('[data-testid=agree-state]').textContent.startsWith('مستندان')", PATIENCE);
        // One against the other as the reference; then nobody beside her.
        set(page, "[data-testid=agree-reference]", "ليلى");
        settled(page);
        browser.wait_until("document.querySelector('[data-testid=agree-table] thead').textContent.includes('ليلى\u{2069} و\u{2068}سارة')", PATIENCE);
        browser.click("[data-testid=agree-people] [data-value='ليلى']");
        browser.wait_for("[data-testid=agree-empty][data-why=chosen]");
        browser.click("[data-testid=agree-empty] button");
        browser.wait_for("[data-testid=agree-table]");
    });
}

#[test]
fn long_work_is_stopped_and_begun_anew_and_never_holds_the_page() {
    each(TWO, |page| {
        let browser = &page.browser;
        page.import("project.jsonl", &project(12, 300));
        page.close_notices();
        browser.eval("location.hash = '#/agreement';", &[]);
        browser.wait_until("document.querySelector('[data-notice=\"notice.work\"] button')", PATIENCE);
        browser.click("[data-notice=\"notice.work\"] button");
        browser.wait_until("document.querySelector('[data-testid=agreement]')?.dataset.state === 'stopped'", PATIENCE);
        assert_eq!(browser.count("[data-testid=agree-table]"), 0, "{:?}", browser.engine);
        browser.eval(
            "window.longest = 0; if (PerformanceObserver.supportedEntryTypes.includes('longtask')) new PerformanceObserver((list) => { for (const e of list.getEntries()) window.longest = Math.max(window.longest, e.duration); }).observe({ type: 'longtask' });",
            &[],
        );
        browser.click("[data-testid=agree-again]");
        browser.wait_for("[data-testid=agree-table]");
        settled(page);
        // Twice the bound: the machine that tests is slow, and does other things.
        assert!(browser.value("window.longest").as_f64().unwrap() < 100.0, "{:?}: {}", browser.engine, browser.value("window.longest"));
    });
}

#[test]
fn blind_review_hides_others_from_the_figures() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        sampled(page);
        browser.eval("const key = 'wusum/1/news/settings', kept = JSON.parse(localStorage.getItem(key) ?? '{}'); localStorage.setItem(key, JSON.stringify({ ...kept, blind: true }));", &[]);
        browser.reload();
        browser.wait_for("[data-testid=agree-hidden]");
        settled(page);
        assert_eq!(browser.count("[data-testid=agree-table], [data-figure]"), 0);
        assert!(browser.text("[data-testid=agree-hidden]").contains("مستند واحد"));
    });
}

#[test]
fn the_keyboard_reaches_every_control_and_names_are_said() {
    each(&[Engine::Chromium], |page| {
        let browser = &page.browser;
        sampled(page);
        browser.eval("document.querySelector('#desk h1').focus();", &[]);
        let mut reached = BTreeSet::new();
        for _ in 0..120 {
            browser.press("Tab");
            let at = browser.value("(() => { const e = document.activeElement; return [e.dataset.testid ?? e.dataset.figure ?? e.dataset.save ?? e.dataset.value ?? e.tagName, e.closest('#desk') ? getComputedStyle(e).outlineStyle : 'solid']; })()");
            assert_ne!(at[1], "none", "the focus is seen: {at}");
            reached.insert(at[0].as_str().unwrap_or_default().to_owned());
        }
        for one in ["agree-reference", "agree-tokens", "all", "gamma", "cohen_kappa.flat", "span_f1.clitic", "svg", "csv", "json"] {
            assert!(reached.contains(one), "{one} is not reached: {reached:?}");
        }
        let unnamed = browser.value("[...document.querySelectorAll('#desk :is(button, input, select, a)')].filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim())).length");
        assert_eq!(unnamed, json!(0));
        assert!(browser.attribute("[data-figure=gamma]", "aria-label").unwrap().contains("٠٫٨١٢"), "a number says what it is");
    });
}

#[test]
fn it_fits_a_telephone() {
    if !Engine::Chromium.or_skip() {
        return;
    }
    let page = Page { site: Site::built(), browser: Browser::telephone() };
    page.browser.goto(&page.site.url());
    page.ready();
    sampled(&page);
    let over = "[...document.querySelectorAll('#desk *')].filter((e) => !e.closest('.build-scroll, svg, .unseen, .agree-title, .plot-name') && !e.matches('.unseen')).filter((e) => { const r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1); }).map((e) => e.className || e.tagName)";
    assert_eq!(page.browser.value(over), json!([]), "nothing runs out of a narrow page");
    behind(&page, "[data-figure=\"span_f1.exact\"]");
    assert_eq!(page.browser.value(over), json!([]), "nor out of the panel");
    page.done();
}

#[test]
fn webkit_shows_it_too() {
    each(&[Engine::WebKit], |page| {
        sampled(page);
        assert_eq!(shown(page, "gamma"), "٠٫٨١٢");
        behind(page, "[data-figure=\"span_f1.exact\"]");
    });
}
