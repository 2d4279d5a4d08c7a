//! A headless Chromium that shows a deployed page.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::Deployment;

/// How long a page may take for what it does at once.
const SECONDS: u32 = 20;

/// A browser. It ends with its input, and that with the test.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    answers: BufReader<ChildStdout>,
    pictures: PathBuf,
}

impl Browser {
    /// Opens one for the page of the stack `stack`, which has one distribution. Pictures go to a folder of that name among the
    /// temporary files of tests. Without Node.js or Chromium it says so and gives none.
    pub fn open(deployment: &Deployment, stack: &str) -> Option<Self> {
        if !has_programs() {
            #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
            {
                eprintln!("left out: Node.js and Chromium are needed; the latter may be named in CHROMIUM");
            }
            return None;
        }
        let pictures = std::env::current_exe().unwrap().parent().unwrap().join("../../tmp").join(stack);
        std::fs::create_dir_all(&pictures).unwrap();
        let id = deployment.resource_of_type(stack, "AWS::CloudFront::Distribution");
        let found = deployment.call("cloudfront", "get_distribution", json!({"Id": id}));
        let settings = json!({
            "endpoint": deployment.server.endpoint,
            "account": deployment.server.access_key().0,
            "authorization": deployment.server.authorization().1,
            "siteHost": found["Distribution"]["DomainName"],
            "routes": routes(&found["Distribution"]["DistributionConfig"]),
        });
        let mut child = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/browser.js"))
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Self { child, answers, pictures })
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

    /// Makes the window so large, in points.
    #[track_caller]
    pub fn size(&mut self, width: u32, height: u32) {
        self.tell("size", &json!([width, height]));
    }

    /// Loads a path of the page.
    #[track_caller]
    pub fn go_to(&mut self, path: &str) {
        self.tell("goTo", &json!(path));
    }

    /// Waits until the page is there and shows the element with this id.
    #[track_caller]
    pub fn shows(&mut self, id: &str) {
        self.wait_for(&format!(
            "document.readyState === 'complete' && document.getElementById('{id}')?.checkVisibility()"
        ));
    }

    /// Waits until an expression is true in the page.
    #[track_caller]
    pub fn wait_for(&mut self, expression: &str) {
        self.wait_for_so_long(expression, SECONDS);
    }

    /// Waits until an expression is true in the page, for so many seconds at most.
    #[track_caller]
    pub fn wait_for_so_long(&mut self, expression: &str, seconds: u32) {
        self.tell("waitFor", &json!([expression, seconds]));
    }

    /// Waits until the element that a selector finds has this text in it, for so many seconds at most.
    #[track_caller]
    pub fn wait_for_text(&mut self, selector: &str, part: &str, seconds: u32) {
        let text = format!("document.querySelector({})?.textContent", json!(selector));
        self.wait_for_so_long(&format!("{text}?.includes({})", json!(part)), seconds);
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        self.tell("evaluate", &json!(expression))
    }

    /// The texts of the elements that a selector finds.
    #[track_caller]
    pub fn texts(&mut self, selector: &str) -> Vec<String> {
        let found =
            self.evaluate(&format!("[...document.querySelectorAll({})].map((it) => it.textContent)", json!(selector)));
        found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    /// The text of the first element that a selector finds.
    #[track_caller]
    pub fn text(&mut self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_else(|| panic!("there is no {selector}"))
    }

    /// Presses a key, which has a name and a number.
    #[track_caller]
    pub fn press(&mut self, key: &str, code: u32) {
        self.tell("press", &json!([key, code]));
    }

    /// Clicks where the element is that a selector finds.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        self.tell("click", &json!(selector));
    }

    /// Types a text into a field, in place of what is there.
    #[track_caller]
    pub fn enter(&mut self, selector: &str, text: &str) {
        self.tell("type", &json!([selector, text]));
    }

    /// Chooses a value of a list.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, value: &str) {
        self.tell("choose", &json!([selector, value]));
    }

    /// Chooses a file in a field for files.
    #[track_caller]
    pub fn choose_file(&mut self, selector: &str, path: &Path) {
        self.tell("chooseFile", &json!([selector, path]));
    }

    /// The text of a file that the browser loaded down: waits until it is there.
    #[track_caller]
    pub fn downloaded(&mut self, name: &str) -> String {
        self.tell("download", &json!(name)).as_str().unwrap().to_owned()
    }

    /// Holds back the answers of APIs for so long.
    #[track_caller]
    pub fn delay(&mut self, milliseconds: u32) {
        self.tell("delay", &json!(milliseconds));
    }

    /// What the page wrote to its console as errors or warnings since it was opened.
    #[track_caller]
    pub fn complaints(&mut self) -> Vec<String> {
        let complaints = self.tell("complaints", &Value::Null);
        let texts = complaints.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        texts.filter(|text| !text.contains("favicon.ico")).collect()
    }

    /// Hosts that the page asked, other than its own.
    #[track_caller]
    pub fn asked(&mut self) -> Vec<String> {
        let asked = self.tell("asked", &Value::Null);
        asked.as_array().unwrap().iter().map(|host| host.as_str().unwrap().to_owned()).collect()
    }

    /// Keeps a picture of the page, for people to look at.
    #[track_caller]
    pub fn screenshot(&mut self, name: &str) {
        let file = self.pictures.join(name);
        self.tell("screenshot", &json!(file));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The paths that a distribution answers by an API: the pattern, the id of the API, and the methods.
fn routes(configuration: &Value) -> Vec<Value> {
    let items = |value: &Value| value["Items"].as_array().cloned().unwrap_or_default();
    let origins = items(&configuration["Origins"]);
    let route = |behavior: &Value| {
        let origin = origins.iter().find(|origin| origin["Id"] == behavior["TargetOriginId"])?;
        let (api, _) = origin["DomainName"].as_str()?.split_once(".execute-api.")?;
        let methods = &behavior["AllowedMethods"]["Items"];
        Some(json!({"pattern": behavior["PathPattern"], "api": api, "methods": methods}))
    };
    items(&configuration["CacheBehaviors"]).iter().filter_map(route).collect()
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
