//! The page: events become commands, the session becomes a screen.
//!
//! - [`state`], [`store`]: what is shown, as a value; who follows it
//! - [`act`], [`keys`]: what can be asked for, and by which keys; [`search`], [`occurrences`], [`checks`]
//! - [`reader`]: the text, its labels, the caret
//! - [`storage`]: both stores, tabs, opening, the library
//! - [`notice`]: messages that stay; [`place`]: an address that names a place in a document
//! - [`app`], [`bar`], [`panels`], [`screens`]: components
//! - [`words`]: both languages; [`js`], [`timing`], [`slices`]: the browser
//!
//! Invariant: no rule about what may be labelled lives here.

pub mod act;
pub mod app;
pub mod bar;
pub mod checks;
pub mod js;
pub mod keys;
pub mod notice;
pub mod occurrences;
pub mod panels;
pub mod place;
pub mod reader;
pub mod review;
pub mod route;
pub mod screens;
pub mod search;
pub mod selection;
pub mod slices;
pub mod state;
pub mod storage;
pub mod store;
pub mod timing;
pub mod words;
