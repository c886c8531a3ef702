//! Panels, sheets and small parts of the screens.

pub mod answers;
pub mod checks;
pub mod detail;
pub mod dialogs;
pub mod find;
pub mod guide;
pub mod icons;
pub mod labels;
pub mod notices;
pub mod palette;
pub mod rows;
pub mod settings;
pub mod sheet;
pub mod spans;
pub mod ties;
