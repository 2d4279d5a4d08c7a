use stackgen::prelude::*;

fn main() {
    // A key says its type: there is no second list of attributes to forget it in.
    let _ = Table::new("pk");
    let _ = Index::global("by-date", "date");
}
