//! The command line as people see it: what is printed to which stream, and the exit codes.
//!
//! `TRYCMD=overwrite cargo test --test cli` writes what is printed now into the files that are compared.

#[test]
fn commands_print_what_they_printed() {
    trycmd::TestCases::new()
        .register_bin("cli-app", trycmd::cargo::compile_example("cli-app", ["--package=stackgen"]))
        .env("NO_COLOR", "1")
        .case("tests/cli/*.trycmd");
}
