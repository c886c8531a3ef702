//! What somebody asked for of a data set, and what the worker told of it.

use crate::dataset::Described;
use crate::dataset::split::NEAR;
use crate::exchange::{BuildAsked, BuildTold, ExportAsked};
use crate::schema::Schema;
use crate::web::words::Language;
use serde::{Deserialize, Serialize};

/// Where what is asked for outlives a reload.
const KEPT: &str = "wusum/desk/dataset";

/// What somebody asks for besides what is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The shares of train, dev and test.
    pub shares: [u32; 3],
    /// What the order of documents begins with.
    pub seed: u64,
    /// Whether near duplicates are looked for.
    pub is_near: bool,
    /// From how many hundredths on documents are near duplicates.
    pub near: u32,
    /// What somebody said of it.
    pub described: Described,
    /// The languages as they are being written.
    pub languages: String,
}

impl Default for Form {
    fn default() -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
        let near = (NEAR * 100.0).round() as u32;
        Self { shares: [80, 10, 10], seed: 1, is_near: true, near, described: Described::default(), languages: "ar".to_owned() }
    }
}

impl Form {
    /// The form as it was kept, or a new one.
    pub fn recall() -> Self {
        let store = gloo::utils::window().local_storage().ok().flatten();
        let raw = store.and_then(|store| store.get_item(KEPT).ok().flatten());
        raw.and_then(|raw| crate::json::parse(&raw).ok()).unwrap_or_default()
    }

    /// Keeps the form for another visit; where that is not possible it lives as long as the screen.
    pub fn keep(&self) {
        let Ok(Some(store)) = gloo::utils::window().local_storage() else { return };
        if let Ok(kept) = serde_json::to_string(self) {
            let _ = store.set_item(KEPT, &kept);
        }
    }

    /// What of all a share is, in whole hundredths.
    pub fn hundredths(&self, share: u32) -> u32 {
        let all: u64 = self.shares.iter().map(|share| u64::from(*share)).sum();
        u32::try_from((u64::from(share) * 100 + all / 2).checked_div(all).unwrap_or(0)).unwrap_or(0)
    }
}

/// Everything that is shown.
#[derive(Default)]
pub struct Model {
    /// The language of the interface.
    pub language: Language,
    /// What may be labelled.
    pub schema: Schema,
    /// What is chosen on the page; none until the page has told it.
    pub chosen: Option<ExportAsked>,
    /// Tells one state of the library from another.
    pub library: u64,
    /// What somebody asks for.
    pub form: Form,
    /// What the worker told, and of what.
    pub told: Option<(Looked, BuildTold)>,
    /// Whether the worker is at work.
    pub busy: bool,
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    asked: BuildAsked,
    library: u64,
}

/// How what was told goes with what is asked for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing was told yet.
    Nothing,
    /// It was told of something else.
    Stale,
    /// Only the description is another.
    Redescribed,
    /// It is as it was told.
    Fresh,
}

impl Model {
    /// What is asked of the worker; nothing until it is known what is chosen.
    pub fn asked(&self) -> Option<BuildAsked> {
        let form = &self.form;
        let mut described = form.described.clone();
        described.languages = form.languages.split([',', '،', ' ']).map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect();
        Some(BuildAsked {
            export: self.chosen.clone()?,
            seed: form.seed,
            shares: form.shares.to_vec(),
            near: form.is_near.then(|| f64::from(form.near) / 100.0),
            described,
            save: false,
        })
    }

    /// What would be looked at now.
    pub fn looked(&self) -> Option<Looked> {
        Some(Looked { asked: self.asked()?, library: self.library })
    }

    /// How what was told goes with what is asked for now.
    pub fn freshness(&self) -> Freshness {
        let (Some((looked, _)), Some(now)) = (&self.told, self.looked()) else { return Freshness::Nothing };
        if *looked == now {
            return Freshness::Fresh;
        }
        let mut as_before = now;
        as_before.asked.described = looked.asked.described.clone();
        if *looked == as_before { Freshness::Redescribed } else { Freshness::Stale }
    }
}
