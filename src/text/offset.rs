//! The three units of position: code points (the core's own), UTF-16 units (the browser's) and bytes (Rust's).

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! position {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The start of the document.
            pub const ZERO: Self = Self(0);

            /// The position `value` units after the start of the document.
            #[must_use]
            pub const fn new(value: u32) -> Self {
                Self(value)
            }

            /// The number of units from the start of the document.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }

            /// The number of units from the start of the document, as an index.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// `count` units later; stays at the greatest position there is.
            #[must_use]
            pub const fn plus(self, count: u32) -> Self {
                Self(self.0.saturating_add(count))
            }

            /// `count` units earlier; stays at the start.
            #[must_use]
            pub const fn minus(self, count: u32) -> Self {
                Self(self.0.saturating_sub(count))
            }

            /// How many units this position lies after `earlier`; 0 where it lies before it.
            #[must_use]
            pub const fn since(self, earlier: Self) -> u32 {
                self.0.saturating_sub(earlier.0)
            }

            /// A position from an index; indices over 4,294,967,295 stay there.
            pub(crate) fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }
    };
}

position! {
    /// A position between characters, counted in Unicode code points from the start of the document.
    Offset
}

position! {
    /// A position counted in UTF-16 units, as the browser's selections and ranges count.
    Utf16Offset
}

position! {
    /// A position counted in bytes of UTF-8, as Rust's strings count.
    ByteOffset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stay_within_the_unit() {
        assert_eq!(Offset::new(3).minus(5), Offset::ZERO);
        assert_eq!(Offset::new(u32::MAX).plus(1).get(), u32::MAX);
        assert_eq!(Offset::new(7).since(Offset::new(5)), 2);
        assert_eq!(Offset::new(5).since(Offset::new(7)), 0);
    }

    #[test]
    fn an_offset_is_written_as_a_bare_number() {
        assert_eq!(serde_json::to_string(&Offset::new(12)).ok().as_deref(), Some("12"));
        assert_eq!(serde_json::from_str::<Offset>("12").ok(), Some(Offset::new(12)));
        assert_eq!(Offset::new(12).to_string(), "12");
    }
}
