//! What drives the page in the tests, for the bench and the pictures: the same files, named once.

#[path = "../tests/e2e/browser.rs"]
pub mod browser;
#[path = "../tests/e2e/hands.rs"]
pub mod hands;
#[path = "../tests/e2e/machine.rs"]
pub mod machine;
#[path = "../tests/e2e/page.rs"]
pub mod page;
#[path = "../tests/e2e/site.rs"]
pub mod site;
#[path = "../tests/e2e/wire.rs"]
pub mod wire;
#[path = "../tests/e2e/work.rs"]
pub mod work;
