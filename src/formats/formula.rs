//! Cells of tables that a table program would take for formulas.

/// Whether a cell would be taken for a formula once its guards are off.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell that no table program takes for a formula: such a one gets an apostrophe in front, and so does one that is guarded.
pub(crate) fn guard(cell: String) -> String {
    if is_formula(&cell) { format!("'{cell}") } else { cell }
}

/// The cell as it was before [`guard`].
#[cfg(feature = "datasets")]
pub(super) fn unguard(cell: &str) -> String {
    cell.strip_prefix('\'').filter(|_| is_formula(cell)).unwrap_or(cell).to_owned()
}
