//! The dashboard in a real browser, from the deployed distribution, with the deployed API.

use serde_json::{Value, json};
use system_tests::Browser;

use crate::api::some_days;
use crate::known::run_day;
use crate::world::{World, file, world};

/// A number as the page writes it.
fn shown(value: &Value) -> String {
    let Some(number) = value.as_i64() else { return "not reported".to_owned() };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("\u{2212}{text}") } else { text }
}

fn open(world: &World) -> Option<Browser> {
    Browser::open(&world.deployment, "etl-frontend")
}

/// Loads the page, and waits until it is in one of its states.
#[track_caller]
fn open_page(browser: &mut Browser, state: &str) {
    browser.go_to("/");
    browser.shows(state);
}

/// Figures of a hundred days.
fn load(world: &mut World) {
    let (nyt, jhu) = some_days(100);
    world.serve([file(nyt, "\"a\"")], [file(jhu, "\"b\"")]);
    assert_eq!(world.run()["added"], 100);
}

#[test]
fn the_figures_are_cards_charts_and_tables() {
    let world = &mut *world();
    let Some(mut browser) = open(world) else { return };
    load(world);
    open_page(&mut browser, "figures");
    let daily = world.rows("/daily");
    let last = daily.last().unwrap();
    let values = ["cases", "recoveries", "deaths"].map(|name| shown(&last[name]));
    assert_eq!(browser.texts("#cards h3"), ["New cases", "New recoveries", "New deaths"]);
    assert_eq!(browser.texts("#cards .value"), values);
    let changes = ["+20 from the day before", "no comparison with the day before", "the same as the day before"];
    assert_eq!(browser.texts("#cards .change"), changes);
    assert_eq!(browser.texts("#as-of"), ["Jun 5, 2020"]);

    // Tables are newest first, and have the figures of the API.
    for (section, path, count, columns) in
        [("daily", "/daily", 7, 4), ("weekly", "/weekly", 8, 4), ("monthly", "/monthly", 5, 4)]
    {
        let rows = world.rows(path);
        let cells = browser.texts(&format!("#{section}-table tbody td"));
        let expected: Vec<String> = rows
            .iter()
            .rev()
            .take(count)
            .flat_map(|row| ["cases", "recoveries", "deaths"].map(|name| shown(&row[name])))
            .collect();
        assert_eq!(cells, expected, "{section}");
        assert_eq!(browser.texts(&format!("#{section}-table thead th")).len(), columns);
    }
    let weeks = browser.texts("#weekly-table tbody th");
    assert_eq!(weeks[..2], ["Jun 1 – Jun 7, 2020 so far", "May 25 – May 31, 2020"]);
    assert_eq!(browser.texts("#monthly-table tbody th")[0], "June 2020 so far");

    // Each chart has something in each of the three colors; recoveries end where they are not reported any more.
    for section in ["cumulative", "daily", "weekly", "monthly"] {
        let drawn = browser.evaluate(&format!(
            "(() => {{
                const canvas = document.querySelector('#{section} canvas');
                const {{ data }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                const colors = [[0x12, 0x57, 0xb0], [0x1a, 0x74, 0x31], [0xb3, 0x26, 0x1e]];
                return colors.map((color) => data.some((_, at) => at % 4 === 0 && color.every((part, index) => data[at + index] === part)));
            }})()"
        ));
        assert_eq!(drawn, json!([true, true, true]), "{section}");
    }
    browser.screenshot("figures.png");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let api = format!("{}.execute-api.us-east-1.amazonaws.com", world.api_id);
    assert_eq!(browser.asked(), [&*api], "the page asks nobody but its API");

    // The distribution's policy holds.
    let elsewhere = "fetch('https://elsewhere.example/').then(() => 'sent', () => 'refused')";
    assert_eq!(browser.evaluate(elsewhere), "refused");
    assert_eq!(browser.asked(), [api]);
    assert!(
        browser.complaints().iter().any(|text| text.contains("Content Security Policy")),
        "{:?}",
        browser.complaints()
    );
}

#[test]
fn the_last_day_that_is_known() {
    let world = &mut *world();
    let Some(mut browser) = open(world) else { return };
    if run_day(world, "2021-03-16").is_none() {
        return;
    }
    open_page(&mut browser, "figures");
    assert_eq!(browser.texts("#cards .value"), ["55,764", "not reported", "740"]);
    assert_eq!(browser.texts("#cards .change")[0], "+17,542 from the day before");
    assert_eq!(browser.texts("#cards .change")[2], "+168 from the day before");
    assert_eq!(browser.texts("#as-of"), ["Mar 15, 2021"]);
    assert_eq!(browser.texts("#weekly-table tbody tr:first-child td"), ["55,764", "not reported", "740"]);
    assert_eq!(browser.texts("#monthly-table tbody tr:first-child td"), ["848,166", "not reported", "22,011"]);
    assert!(browser.texts("#monthly-table tbody th")[0].ends_with("so far"));
    browser.screenshot("known.png");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn loading_empty_and_broken_are_told_apart() {
    let world = &mut *world();
    let Some(mut browser) = open(world) else { return };
    browser.delay(3_000);
    browser.go_to("/");
    browser.shows("loading");
    browser.screenshot("loading.png");
    browser.delay(0);
    browser.shows("empty");
    assert!(browser.texts("#empty")[0].starts_with("No data yet"));
    browser.screenshot("empty.png");

    world.set_environment(&world.read, &[("TABLE", "no-such-table")]);
    open_page(&mut browser, "error");
    let told = browser.texts("#error-detail");
    browser.screenshot("error.png");
    world.set_environment(&world.read, &[("TABLE", &world.table)]);
    assert_eq!(told, ["The server answered with status 500."]);
    load(world);
    browser.evaluate("document.getElementById('retry').focus()");
    browser.press("Enter", 13);
    browser.shows("figures");
    assert_eq!(browser.texts("#as-of"), ["Jun 5, 2020"]);

    browser.go_to("/no/such/page");
    browser.wait_for("document.readyState === 'complete' && location.pathname === '/no/such/page'");
    assert_eq!(browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus"), 404);
    assert!(browser.evaluate("document.body.textContent").as_str().unwrap().to_lowercase().contains("not"));
    browser.screenshot("404.png");
}

#[test]
fn a_narrow_screen_and_the_keyboard_are_enough() {
    let world = &mut *world();
    let Some(mut browser) = open(world) else { return };
    load(world);
    browser.size(360, 740);
    open_page(&mut browser, "figures");
    browser.evaluate("document.querySelector('details').open = true");
    let widths = browser.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
    assert!(widths[0].as_u64() <= widths[1].as_u64(), "the page scrolls sideways: {widths}");
    let fits =
        "[...document.querySelectorAll('canvas')].every(({ clientWidth }) => clientWidth > 250 && clientWidth <= 360)";
    assert_eq!(browser.evaluate(fits), true);
    browser.screenshot("narrow.png");

    let mut reached = Vec::new();
    for _ in 0..20 {
        browser.press("Tab", 9);
        let place = "document.activeElement.tagName + ' ' + (document.activeElement.getAttribute('aria-label') ?? '')";
        reached.push(browser.evaluate(place).as_str().unwrap().to_owned());
        // Whatever has the focus shows it.
        let outline = browser.evaluate("getComputedStyle(document.activeElement).outlineStyle");
        assert!(outline != "none" || reached.last().unwrap().starts_with("BODY"), "{reached:?}");
    }
    for place in [
        "CANVAS Since the beginning",
        "SUMMARY",
        "CANVAS Past 7 days",
        "DIV Past 7 days, table",
        "CANVAS Past 6 months",
    ] {
        assert!(reached.iter().any(|found| found.starts_with(place)), "{place} is not in {reached:?}");
    }
    browser.evaluate("document.querySelector('#daily canvas').focus()");
    browser.press("End", 35);
    let live = browser.texts("#daily [aria-live]");
    assert_eq!(live, ["Jun 5, 2020: cases 1,970, recoveries not reported, deaths 3"]);
    browser.press("ArrowLeft", 37);
    assert!(browser.texts("#daily [aria-live]")[0].starts_with("Jun 4, 2020: "));
    browser.screenshot("keyboard.png");
}
