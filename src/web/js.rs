//! Bindings to what the browser has and `web-sys` does not offer as stable: highlights, carets from points, locks.
#![expect(missing_docs, reason = "the macro's own functions have no place for them")]

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A set of ranges painted alike.
    #[derive(Clone)]
    pub type Highlight;

    #[wasm_bindgen(constructor)]
    pub fn new() -> Highlight;

    #[wasm_bindgen(method)]
    pub fn add(this: &Highlight, range: &web_sys::Range);

    #[wasm_bindgen(method)]
    pub fn delete(this: &Highlight, range: &web_sys::Range) -> bool;

    #[wasm_bindgen(method)]
    pub fn clear(this: &Highlight);

    #[wasm_bindgen(method, setter)]
    pub fn set_priority(this: &Highlight, priority: i32);

    /// The page's highlights by name.
    pub type HighlightRegistry;

    #[wasm_bindgen(method, js_name = set)]
    pub fn set_highlight(this: &HighlightRegistry, name: &str, highlight: &Highlight);

    #[wasm_bindgen(method, js_name = delete)]
    pub fn delete_highlight(this: &HighlightRegistry, name: &str) -> bool;

    #[wasm_bindgen(thread_local_v2, js_namespace = CSS, js_name = highlights)]
    static HIGHLIGHTS: Option<HighlightRegistry>;

    /// A place in a text node, as both ways of asking for it answer.
    type CaretHit;

    #[wasm_bindgen(method, getter, js_name = offsetNode)]
    fn offset_node(this: &CaretHit) -> Option<web_sys::Node>;

    #[wasm_bindgen(method, getter, js_name = offset)]
    fn hit_offset(this: &CaretHit) -> u32;

    /// Has the rest of this module fetched, unless it is there: 1 at once, 0 when there is time. The functions of the rest call
    /// it themselves: see `scripts/split`, which knows it by its name.
    #[wasm_bindgen(js_name = wusumDeferred)]
    pub fn have_rest(now: u32);

    /// What makes digests; only in a secure context.
    type Subtle;

    #[wasm_bindgen(method, catch)]
    fn digest(this: &Subtle, name: &str, data: &js_sys::Uint8Array) -> Result<js_sys::Promise, JsValue>;

    /// The document, with the calls that not all browsers have.
    type CaretDocument;

    #[wasm_bindgen(method, getter, js_name = caretPositionFromPoint)]
    fn has_position_from_point(this: &CaretDocument) -> Option<js_sys::Function>;

    #[wasm_bindgen(method, js_name = caretPositionFromPoint)]
    fn position_from_point(this: &CaretDocument, x: f64, y: f64) -> Option<CaretHit>;

    #[wasm_bindgen(method, getter, js_name = caretRangeFromPoint)]
    fn has_range_from_point(this: &CaretDocument) -> Option<js_sys::Function>;

    #[wasm_bindgen(method, js_name = caretRangeFromPoint)]
    fn range_from_point(this: &CaretDocument, x: f64, y: f64) -> Option<web_sys::Range>;
}

/// The page's highlights; `None` in a browser that has none.
#[must_use]
pub fn highlights<T>(with: impl FnOnce(&HighlightRegistry) -> T) -> Option<T> {
    HIGHLIGHTS.with(|registry| registry.as_ref().map(with))
}

/// The text node and the UTF-16 offset in it that lie nearest to a point of the viewport, in CSS pixels.
#[must_use]
pub fn caret_from_point(x: f64, y: f64) -> Option<(web_sys::Node, u32)> {
    let document: CaretDocument = gloo::utils::document().unchecked_into();
    if document.has_position_from_point().is_some() {
        let hit = document.position_from_point(x, y)?;
        return Some((hit.offset_node()?, hit.hit_offset()));
    }
    document.has_range_from_point()?;
    let range = document.range_from_point(x, y)?;
    Some((range.start_container().ok()?, range.start_offset().ok()?))
}

/// SHA-256 of the UTF-8 bytes, in lower-case hexadecimal, made by the browser; `None` where it makes none.
pub async fn sha256(text: &str) -> Option<String> {
    let crypto = gloo::utils::window().crypto().ok()?;
    let subtle = js_sys::Reflect::get(&crypto, &"subtle".into()).ok().filter(|subtle| !subtle.is_undefined())?;
    let bytes = js_sys::Uint8Array::from(text.as_bytes());
    let promise = subtle.unchecked_ref::<Subtle>().digest("SHA-256", &bytes).ok()?;
    let digest = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?;
    let digest = js_sys::Uint8Array::new(&digest).to_vec();
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Milliseconds since 1970, by the browser's clock.
#[must_use]
pub fn now() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the clock is after 1970 and before the year 285,000,000")]
    {
        js_sys::Date::now() as u64
    }
}

/// Random bytes of a name.
const NAME: usize = 12;
/// Names for which bytes are fetched at once: each call of the system costs a key press more than all else about a name.
const STOCK: usize = 20;

thread_local! {
    static NAMES: std::cell::RefCell<Vec<[u8; NAME]>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// A name for a new record that no other browser will give: `prefix` and twelve random letters and digits.
#[must_use]
pub fn new_id(prefix: &str) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes = NAMES.with_borrow_mut(|names| {
        if names.is_empty() {
            names.extend(random::<{ NAME * STOCK }>().as_chunks::<NAME>().0);
        }
        names.pop()
    });
    let letters = bytes.unwrap_or_else(random).map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
    prefix.chars().chain(letters).collect()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    let crypto = gloo::utils::window().crypto();
    if crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)).is_err() {
        for byte in &mut bytes {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a random number below 256")]
            {
                *byte = (js_sys::Math::random() * 256.0) as u8;
            }
        }
    }
    bytes
}
