//! Agreement on items that each have one of a few values: observed, Cohen's κ, Fleiss' κ, Krippendorff's α.

use super::{Figure, Undefined};

/// How often one person said the row's value where the other said the column's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Square {
    side: usize,
    counts: Vec<u64>,
}

impl Square {
    /// Nothing counted yet, of so many values.
    #[must_use]
    pub fn new(side: usize) -> Self {
        Self { side, counts: vec![0; side * side] }
    }

    /// How many values there are.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// Counts items. A value that there is not is not counted.
    pub fn count(&mut self, row: usize, column: usize, items: u64) {
        if row < self.side
            && column < self.side
            && let Some(place) = self.counts.get_mut(row * self.side + column)
        {
            *place += items;
        }
    }

    /// What was counted of a row's and a column's value together.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> u64 {
        self.counts.get(row * self.side + column).copied().unwrap_or(0)
    }

    /// Adds what another of as many values counted, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs * times;
        }
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.counts.chunks(self.side.max(1))
    }

    /// All items.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Items on which both said the same.
    #[must_use]
    pub fn same(&self) -> u64 {
        (0..self.side).map(|value| self.get(value, value)).sum()
    }

    /// How many items have each value in the rows, and in the columns.
    #[must_use]
    pub fn margins(&self) -> (Vec<u64>, Vec<u64>) {
        let rows = (0..self.side).map(|row| (0..self.side).map(|column| self.get(row, column)).sum());
        let columns = (0..self.side).map(|column| (0..self.side).map(|row| self.get(row, column)).sum());
        (rows.collect(), columns.collect())
    }

    /// The share of items on which both said the same.
    ///
    /// # Errors
    /// Where there are no items.
    pub fn observed(&self) -> Figure {
        ratio(self.same() as f64, self.total() as f64, Undefined::NoLabels)
    }

    /// Cohen's κ: how far the observed agreement is above what both would reach by chance, each with their own habits
    /// (Cohen, *A coefficient of agreement for nominal scales*, 1960).
    ///
    /// # Errors
    /// Where there are no items, or both gave every item the same value.
    pub fn cohen(&self) -> Figure {
        let total = self.total() as f64;
        let (rows, columns) = self.margins();
        let by_chance: f64 = rows.iter().zip(&columns).map(|(row, column)| *row as f64 * *column as f64).sum();
        if total == 0.0 {
            return Err(Undefined::NoLabels);
        }
        // In whole numbers as long as it goes, so that full agreement is exactly 1.
        ratio(self.same() as f64 * total - by_chance, total * total - by_chance, Undefined::NoVariation)
    }
}

/// A quotient, unless it would be one by nothing.
///
/// # Errors
/// `why` where the divisor is 0.
pub fn ratio(dividend: f64, divisor: f64, why: Undefined) -> Figure {
    if divisor == 0.0 { Err(why) } else { Ok(dividend / divisor) }
}

/// What Fleiss' κ and Krippendorff's α are worked out from: items that several people gave a value each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ratings {
    /// Items that all people rated.
    items: u64,
    /// Agreeing ordered pairs of ratings over these items.
    agreeing: u64,
    /// Ratings of each value over these items.
    totals: Vec<u64>,
    /// Ratings of each value over the items that at least two rated.
    pairable: Vec<u64>,
    /// Disagreeing ordered pairs of ratings over those items, each item's divided by one less than its ratings.
    disagreeing: f64,
}

impl Ratings {
    /// Nothing rated yet, of so many values.
    #[must_use]
    pub fn new(values: usize) -> Self {
        Self { totals: vec![0; values], pairable: vec![0; values], ..Self::default() }
    }

    /// Counts items that have got these values, one of each person who rated them; `people` is how many there are in all.
    pub fn count(&mut self, values: &[usize], people: usize, items: u64) {
        if values.len() < 2 {
            return;
        }
        let same = |value: &usize| values.iter().filter(|other| *other == value).count() as u64;
        let agreeing: u64 = values.iter().map(|value| same(value) - 1).sum();
        let pairs = (values.len() * (values.len() - 1)) as u64;
        self.disagreeing += ((pairs - agreeing) * items) as f64 / (values.len() - 1) as f64;
        let is_whole = values.len() == people;
        if is_whole {
            self.items += items;
            self.agreeing += agreeing * items;
        }
        for value in values {
            if let Some(total) = self.pairable.get_mut(*value) {
                *total += items;
            }
            if let Some(total) = self.totals.get_mut(*value).filter(|_| is_whole) {
                *total += items;
            }
        }
    }

    /// Adds what was rated elsewhere, several times over.
    pub fn add(&mut self, other: &Self, times: u64) {
        self.items += other.items * times;
        self.agreeing += other.agreeing * times;
        self.disagreeing += other.disagreeing * times as f64;
        for (mine, theirs) in self.totals.iter_mut().zip(&other.totals).chain(self.pairable.iter_mut().zip(&other.pairable)) {
            *mine += theirs * times;
        }
    }

    /// Fleiss' κ over the items that all `people` rated (Fleiss, *Measuring nominal scale agreement among many raters*, 1971).
    ///
    /// # Errors
    /// Where there is no such item, or all have the same value.
    pub fn fleiss(&self, people: usize) -> Figure {
        if people < 2 {
            return Err(Undefined::OneAnnotator);
        }
        if self.items == 0 {
            return Err(Undefined::NoCommonDocument);
        }
        let observed = self.agreeing as f64 / (self.items as f64 * (people * (people - 1)) as f64);
        let ratings = self.items as f64 * people as f64;
        if self.totals.iter().filter(|total| **total > 0).count() < 2 {
            return Err(Undefined::NoVariation);
        }
        let by_chance: f64 = self.totals.iter().map(|total| (*total as f64 / ratings).powi(2)).sum();
        ratio(observed - by_chance, 1.0 - by_chance, Undefined::NoVariation)
    }

    /// Krippendorff's α for names, over all items that at least two rated (Krippendorff, *Computing Krippendorff's
    /// alpha-reliability*, 2011).
    ///
    /// # Errors
    /// Where there is no such item, or all have the same value.
    pub fn alpha(&self) -> Figure {
        let ratings: f64 = self.pairable.iter().map(|total| *total as f64).sum();
        if ratings == 0.0 {
            return Err(Undefined::NoCommonDocument);
        }
        let same: f64 = self.pairable.iter().map(|total| (*total as f64).powi(2)).sum();
        let expected = ratings * ratings - same;
        ratio(self.disagreeing * (ratings - 1.0), expected, Undefined::NoVariation).map(|part| 1.0 - part)
    }

    /// Ratings of a value over the items that at least two rated.
    #[must_use]
    pub fn of(&self, value: usize) -> u64 {
        self.pairable.get(value).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(rows: &[&[u64]]) -> Square {
        let mut square = Square::new(rows.len());
        for (row, counts) in rows.iter().enumerate() {
            for (column, count) in counts.iter().enumerate() {
                square.count(row, column, *count);
            }
        }
        square
    }

    fn near(figure: Figure, published: f64, within: f64) {
        let found = figure.expect("it is defined");
        assert!((found - published).abs() <= within, "{found} is not {published}");
    }

    #[test]
    fn cohens_own_example() {
        // Cohen 1960, table 1, as counts of 200: po = 0.70, pe = 0.41, κ = 0.29 / 0.59 = 0.492.
        let square = square(&[&[88, 14, 18], &[10, 40, 10], &[2, 6, 12]]);
        near(square.observed(), 0.70, 1e-12);
        near(square.cohen(), 0.492, 0.0005);
    }

    #[test]
    fn the_grant_example() {
        // Twenty of 50 taken by both, fifteen by neither: po = 0.7, pe = 0.5, κ = 0.4 (as in Wikipedia's "Cohen's kappa").
        near(square(&[&[20, 5], &[10, 15]]).cohen(), 0.4, 1e-12);
    }

    #[test]
    fn krippendorffs_units_in_digits() {
        // Krippendorff 1995, p. 57, A, place by place: κ = 0.385, α = 0.329; 6 of 24 places marked by both, 8 by one alone.
        near(square(&[&[10, 0], &[8, 6]]).cohen(), 0.385, 0.001);
        let mut ratings = Ratings::new(2);
        for (values, count) in [([1, 1], 6), ([1, 0], 8), ([0, 0], 10)] {
            ratings.count(&values, 2, count);
        }
        near(ratings.alpha(), 0.329, 0.001);
    }

    #[test]
    fn no_items_and_no_variation_are_undefined() {
        assert_eq!(Square::new(2).cohen(), Err(Undefined::NoLabels));
        assert_eq!(square(&[&[7, 0], &[0, 0]]).cohen(), Err(Undefined::NoVariation));
        assert_eq!(square(&[&[7, 0], &[0, 1]]).cohen(), Ok(1.0));
        assert_eq!(Ratings::new(2).fleiss(2), Err(Undefined::NoCommonDocument));
        assert_eq!(Ratings::new(2).fleiss(1), Err(Undefined::OneAnnotator));
        assert_eq!(Ratings::new(2).alpha(), Err(Undefined::NoCommonDocument));
    }

    #[test]
    fn fleiss_worked_example_of_fourteen_raters() {
        // Ten subjects, fourteen raters, five categories: P̄ = 0.378, P̄e = 0.213, κ = 0.210 (Wikipedia, "Fleiss' kappa").
        let table: [[usize; 5]; 10] = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ];
        let mut ratings = Ratings::new(5);
        for row in table {
            let values: Vec<usize> = row.iter().enumerate().flat_map(|(value, count)| std::iter::repeat_n(value, *count)).collect();
            ratings.count(&values, 14, 1);
        }
        near(ratings.fleiss(14), 0.210, 0.0005);
    }

    #[test]
    fn krippendorffs_example_with_missing_data() {
        // Krippendorff 2011, section C: four observers, twelve units, values 1 to 5, missing data; nominal α = 0.743.
        let missing = 0;
        let rows = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, missing, missing, missing],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, missing, 3],
            [missing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, missing],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, missing],
        ];
        let mut ratings = Ratings::new(6);
        for unit in 0..12 {
            let values: Vec<usize> = rows.iter().map(|row| row[unit]).filter(|value| *value != missing).collect();
            ratings.count(&values, 4, 1);
        }
        near(ratings.alpha(), 0.743, 0.0005);
    }

    #[test]
    fn krippendorffs_example_of_two_observers() {
        // Krippendorff 2011, section A: ten binary units of two observers; α = 0.095.
        let (a, b) = ([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]);
        let mut ratings = Ratings::new(2);
        a.iter().zip(&b).for_each(|(a, b)| ratings.count(&[*a, *b], 2, 1));
        near(ratings.alpha(), 0.095, 0.0005);
    }

    #[test]
    fn sums_are_as_good_as_counting_at_once() {
        let (mut once, mut twice, mut both) = (Ratings::new(3), Ratings::new(3), Ratings::new(3));
        once.count(&[0, 1, 1], 3, 4);
        once.count(&[2, 2], 3, 1);
        twice.add(&once, 2);
        both.count(&[0, 1, 1], 3, 8);
        both.count(&[2, 2], 3, 2);
        assert_eq!(twice, both);
    }
}
