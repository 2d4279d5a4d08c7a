//! A module for a private type, as `cargo xtask import-type` writes it, compiles outside the crate and works.

#[rustfmt::skip]
#[path = "../../../xtask/fixtures/acme_depot_crate.rs"]
mod depot;

use depot::crate_::{CrateType, ResultProperty, Shelf, ShelfMode};
use stackgen_resources::typed::{Handle as _, Resource, ResourceId, Tag, Value, int, literal};
use stackgen_template::StackId;

#[test]
fn a_private_type_is_declared_like_any_other() {
    let parent = depot::CrateRef::from(ResourceId::new(StackId(0), "Parent"));
    let declared = depot::Crate::new()
        .owner_role_arn(literal("arn:aws:iam::123456789012:role/depot"))
        .weight(int::<30>())
        .type_(CrateType::WoodenBox)
        .parent_name(parent.reference())
        .shelves([Shelf::new().id("top").mode(ShelfMode::Open)])
        .result(ResultProperty::new().default_("none").raw("Newer", true))
        .tags([Tag::new("depot", "north")]);
    let properties = declared.into_properties();
    assert_eq!(
        <depot::Crate<stackgen_resources::typed::Set, stackgen_resources::typed::Set> as Resource>::TYPE,
        "Acme::Depot::Crate"
    );
    assert_eq!(properties.get("Weight"), Some(&Value::from(30)));
    assert_eq!(properties.get("Type"), Some(&Value::from("WOODEN_BOX")));
    assert_eq!(properties.get("Result").and_then(|result| result.get("Newer")), Some(&Value::from(true)));
    assert_eq!(properties.get("ParentName"), Some(&parent.reference().into()));
    assert_eq!(parent.id().logical_id(), "Parent");
}
