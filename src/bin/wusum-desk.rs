//! The page's desk: offers the page what it can do, once its module has been started.

fn main() {
    wusum::desk::offer();
}
