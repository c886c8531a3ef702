//! What should be known before a data set is saved, with ways to the documents.

use crate::dataset::{Group, SplitProblem};
use crate::exchange::{BuildTold, Named, Trouble};
use crate::id::DocumentId;
use crate::web::panels::checks::kind_name;
use crate::web::panels::icons::{Icon, icon};
use crate::web::state::Route;
use crate::web::words::Words;
use yew::prelude::*;

/// The most documents that are shown of a kind before somebody asks for more.
const SHOWN: usize = 5;

/// Why there is no data set.
pub fn problem(told: &BuildTold, words: &Words) -> Html {
    let Some(trouble) = told.problem else { return Html::default() };
    let said = match trouble {
        Trouble::Nothing => words.get("desk.build.trouble.nothing"),
        Trouble::Plan => words.get("desk.build.trouble.plan"),
        Trouble::OnlyRead => words.get("desk.build.trouble.only-read"),
        Trouble::Split(SplitProblem::TooFew { documents, apart, splits }) => {
            let (documents, apart, splits) = (words.number(documents), words.number(apart), words.number(splits));
            words.with("desk.build.trouble.few", &[("documents", &documents), ("apart", &apart), ("splits", &splits)])
        }
    };
    html! { <p class="build-problem" role="alert" data-testid="build-problem">{ icon(Icon::Warning) }<span>{ said }</span></p> }
}

/// A way to a document.
pub fn link(told: &BuildTold, id: &DocumentId) -> Html {
    let title = told.titles.get(id).map_or_else(|| id.to_string(), Clone::clone);
    html! { <a href={Route::Read(id.clone()).fragment()} data-document={id.to_string()}><bdi>{ title }</bdi></a> }
}

/// Ways to documents, the first few at once.
pub fn links(told: &BuildTold, some: &[DocumentId], count: usize, words: &Words) -> Html {
    let line = |id: &DocumentId| html! { <li>{ link(told, id) }</li> };
    let first = some.iter().take(SHOWN).map(line);
    let rest: Vec<Html> = some.iter().skip(SHOWN).map(line).collect();
    let unnamed = count.saturating_sub(some.len());
    html! {
        <>
            <ul class="build-links">{ for first }</ul>
            if count > SHOWN.min(some.len()) {
                <details class="build-more"><summary>{ words.count("desk.build.more", count - SHOWN.min(some.len())) }</summary><ul class="build-links">{ for rest }</ul>
                    if unnamed > 0 { <p class="soft small">{ words.count("desk.build.unnamed", unnamed) }</p> }
                </details>
            }
        </>
    }
}

fn line(testid: &'static str, count: usize, said: String, inside: Html) -> Html {
    let sign = icon(if count > 0 { Icon::Warning } else { Icon::Check });
    html! { <li class={if count > 0 { "some" } else { "none" }} data-testid={testid} data-count={count.to_string()}>{ sign }<div><p>{ said }</p>{ inside }</div></li> }
}

fn named(testid: &'static str, told: &BuildTold, named: &Named, said: String, words: &Words) -> Html {
    let inside = if named.count > 0 { links(told, &named.some, named.count, words) } else { Html::default() };
    line(testid, named.count, said, inside)
}

fn group(told: &BuildTold, group: &Group, words: &Words) -> Html {
    let links = group.links.iter().map(|link| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
        let percent = words.number((link.similarity * 100.0).floor() as usize);
        let alike = words.with("desk.build.alike", &[("n", &percent)]);
        html! { <li>{ self::link(told, &link.a) }<span class="soft small">{ alike }</span>{ self::link(told, &link.b) }<q class="soft" lang="ar" dir="auto"><bdi>{ &link.passage }</bdi></q></li> }
    });
    html! { <ul class="build-pairs">{ for links }</ul> }
}

fn near(told: &BuildTold, words: &Words) -> Html {
    let count = told.groups.len();
    let groups: Vec<Html> = told.groups.iter().map(|one| group(told, one, words)).collect();
    let inside = html! { if count > 0 { <p class="soft small">{ words.get("desk.build.near.one-side") }</p>{ for groups } } };
    line("build-near", count, words.count("desk.build.near.found", count), inside)
}

fn open(told: &BuildTold, words: &Words) -> Html {
    let count: usize = told.open.iter().map(|(_, count)| count).sum();
    let kinds = told
        .open
        .iter()
        .map(|(kind, count)| html! { <li class="chip">{ kind_name(words, *kind) }<span class="n">{ words.number(*count) }</span></li> });
    let inside = html! { if count > 0 { <ul class="chips">{ for kinds }</ul>{ links(told, &told.open_in.some, told.open_in.count, words) } } };
    line("build-open", count, words.count("desk.build.open", count), inside)
}

fn shared(told: &BuildTold, words: &Words) -> Html {
    let pairs = told.pairs.iter().map(|(one, other, count)| {
        html! { <li class="chip"><bdi>{ one.as_str().to_owned() }</bdi>{ " × " }<bdi>{ other.as_str().to_owned() }</bdi><span class="n">{ words.number(*count) }</span></li> }
    });
    let inside = html! { if told.shared.count > 0 { <p class="soft small">{ words.get("desk.build.shared.how") }{ " " }<a href={Route::Agreement(None).fragment()}>{ words.get("desk.build.shared.agreement") }</a></p><ul class="chips">{ for pairs }</ul>{ links(told, &told.shared.some, told.shared.count, words) } } };
    line("build-shared", told.shared.count, words.count("desk.build.shared", told.shared.count), inside)
}

/// The list of them.
pub fn list(told: &BuildTold, is_near: bool, words: &Words) -> Html {
    html! {
        <section class="card" aria-labelledby="build-before"><h3 id="build-before">{ words.get("desk.build.before") }</h3>
            <ul class="build-before">
                { open(told, words) }
                { if is_near { near(told, words) } else { line("build-near", 1, words.get("desk.build.near.off"), Html::default()) } }
                { named("build-unlabelled", told, &told.unlabelled, words.count("desk.build.unlabelled", told.unlabelled.count), words) }
                { shared(told, words) }
            </ul>
        </section>
    }
}
