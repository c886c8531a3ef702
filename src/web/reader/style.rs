//! A style sheet of the page's own, beside those of the site: the colours of the schema.

use wasm_bindgen::JsCast;

/// A style sheet of the page's own, taken away on drop.
pub struct StyleSheet(Option<web_sys::CssStyleSheet>);

impl StyleSheet {
    /// Adds rules to the page.
    pub fn adopt(rules: &str) -> Self {
        let Ok(sheet) = web_sys::CssStyleSheet::new() else { return Self(None) };
        let document = gloo::utils::document();
        let adopted = js_sys::Reflect::get(&document, &"adoptedStyleSheets".into()).unwrap_or_default();
        let all = js_sys::Array::from(&adopted);
        all.push(&sheet);
        // Both calls are refused only by browsers without highlights, which the start script turns away.
        let _ = js_sys::Reflect::get(&sheet, &"replaceSync".into()).map(|replace| {
            let replace: js_sys::Function = replace.unchecked_into();
            replace.call1(&sheet, &rules.into())
        });
        let _ = js_sys::Reflect::set(&document, &"adoptedStyleSheets".into(), &all);
        Self(Some(sheet))
    }
}

impl Drop for StyleSheet {
    fn drop(&mut self) {
        let Some(sheet) = &self.0 else { return };
        let document = gloo::utils::document();
        let adopted = js_sys::Reflect::get(&document, &"adoptedStyleSheets".into()).unwrap_or_default();
        let kept: js_sys::Array =
            js_sys::Array::from(&adopted).iter().filter(|other| other != AsRef::<wasm_bindgen::JsValue>::as_ref(sheet)).collect();
        let _ = js_sys::Reflect::set(&document, &"adoptedStyleSheets".into(), &kept);
    }
}
