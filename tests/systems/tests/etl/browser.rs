//! A headless Chromium that shows the deployed page.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::world::{World, resource};

/// A browser. It ends with its input, and that with the test.
pub(crate) struct Browser {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Browser {
    /// Opens one for the deployed page. Without Node.js or Chromium it says so and gives none.
    pub(crate) fn open(world: &World) -> Option<Self> {
        if !has_programs() {
            #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
            {
                eprintln!("left out: Node.js and Chromium are needed; the latter may be named in CHROMIUM");
            }
            return None;
        }
        let distribution = resource(&world.deployment, "etl-frontend", "AWS::CloudFront::Distribution");
        let found = world.deployment.call("cloudfront", "get_distribution", json!({"Id": distribution}));
        let settings = json!({
            "endpoint": world.deployment.server.endpoint,
            "authorization": world.deployment.server.authorization().1,
            "siteHost": found["Distribution"]["DomainName"],
            "apiHost": format!("{}.execute-api.us-east-1.amazonaws.com", world.api_id),
            "apiId": world.api_id,
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/etl/browser.js");
        let mut child = Command::new("node")
            .arg(script)
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut browser = Self { child, answers };
        browser.size(1_000, 800);
        Some(browser)
    }

    #[track_caller]
    fn tell(&mut self, command: &str, argument: &Value) -> Value {
        writeln!(self.child.stdin.as_mut().unwrap(), "{}", json!([command, argument])).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{command}: `{line}`"));
        assert!(answer.get("error").is_none(), "{command} {argument}: {answer}");
        answer["value"].take()
    }

    pub(crate) fn size(&mut self, width: u32, height: u32) {
        self.tell("size", &json!([width, height]));
    }

    /// Opens a path of the site, and waits until the page is in one of its states.
    #[track_caller]
    pub(crate) fn open_page(&mut self, state: &str) {
        self.tell("goTo", &json!("/"));
        self.shows(state);
    }

    pub(crate) fn go_to(&mut self, path: &str) {
        self.tell("goTo", &json!(path));
    }

    /// Waits until the page is in one of its states.
    #[track_caller]
    pub(crate) fn shows(&mut self, state: &str) {
        let ready = "document.readyState === 'complete'";
        self.wait_for(&format!("{ready} && document.getElementById('{state}')?.hidden === false"));
    }

    #[track_caller]
    pub(crate) fn wait_for(&mut self, expression: &str) {
        self.tell("waitFor", &json!(expression));
    }

    #[track_caller]
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        self.tell("evaluate", &json!(expression))
    }

    /// The texts of the elements that a selector finds.
    #[track_caller]
    pub(crate) fn texts(&mut self, selector: &str) -> Vec<String> {
        let found =
            self.evaluate(&format!("[...document.querySelectorAll({})].map((it) => it.textContent)", json!(selector)));
        found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn press(&mut self, key: &str, code: u32) {
        self.tell("press", &json!([key, code]));
    }

    /// Holds back the answers of the API for so long.
    pub(crate) fn delay(&mut self, milliseconds: u32) {
        self.tell("delay", &json!(milliseconds));
    }

    /// What the page wrote to its console as errors or warnings since it was opened.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        let complaints = self.tell("complaints", &Value::Null);
        let texts = complaints.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        texts.filter(|text| !text.contains("favicon.ico")).collect()
    }

    /// Hosts that were asked, other than those of the page and of the API.
    pub(crate) fn strangers(&mut self) -> Value {
        self.tell("strangers", &Value::Null)
    }

    /// Keeps a picture of the page, for people to look at.
    pub(crate) fn screenshot(&mut self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("etl-page");
        std::fs::create_dir_all(&folder).unwrap();
        self.tell("screenshot", &json!(folder.join(name)));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn has_programs() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has = |names: &[&str]| {
        let mut places =
            std::env::split_paths(&path).flat_map(|folder| names.iter().map(move |name| folder.join(name)));
        places.any(|place| place.exists())
    };
    let chromium = std::env::var_os("CHROMIUM").map(PathBuf::from).is_some_and(|program| program.exists());
    has(&["node"]) && (chromium || has(&["chromium", "chromium-browser", "google-chrome"]))
}
