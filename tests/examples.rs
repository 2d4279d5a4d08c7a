//! What the examples synthesize.
//!
//! `TRYCMD=overwrite cargo test --test examples` writes what is printed now into the files that are compared.

#[test]
fn examples_synthesize_what_they_synthesized() {
    let cases = trycmd::TestCases::new();
    for name in ["first_stack", "any_resource", "small", "scaled"] {
        cases.register_bin(name, trycmd::cargo::compile_example(name, ["--package=stackgen"]));
    }
    cases.env("NO_COLOR", "1").case("tests/examples/*.trycmd");
}
