//! Nothing acknowledged is lost: kills, full and blocked stores, strange records, two tabs, backup, bin.
