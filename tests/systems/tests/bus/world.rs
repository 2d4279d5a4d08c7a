//! The stack with feeds on loopback, deployed once for all tests.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use bus_observatory::aws::{Missing, S3};
use bus_observatory::feeds::{Configuration, Feed, FeedType};
use bus_observatory::grab::grab;
use bus_observatory::simulate::{Fault, Fleet};
use jiff::Timestamp;
use serde_json::{Value, json};
use system_tests::{Answer, Deployment, Loopback, Reply, Request, Setting, workspace};

/// Name of the stack.
pub(crate) const STACK: &str = "bus-observatory";
/// What stands for the time of a schedule in its input.
const SCHEDULED_TIME: &str = "<aws.scheduler.scheduled-time>";
/// The vehicles of most feeds: those of three routes.
pub(crate) const VEHICLES: u64 = 36;
/// The key of all feeds, until a test changes that of one. It is looked for in all that must not tell it.
pub(crate) const KEY: &str = "PL4NTED/key+of=feeds&more";

/// Feeds of tests beside those that are shipped, each of one test: name, format, and the kind of its key.
const OWN_FEEDS: [(&str, FeedType, &str); 12] = [
    ("down", FeedType::Gtfsrt, "query"),
    ("faulty_gtfsrt", FeedType::Gtfsrt, "header"),
    ("faulty_siri", FeedType::Siri, "query"),
    ("keyless", FeedType::Siri, "missing"),
    ("rotated", FeedType::Gtfsrt, "rotated"),
    ("in_parameter", FeedType::Njxml, "ssm"),
    ("hours", FeedType::Gtfsrt, "none"),
    ("killed", FeedType::Gtfsrt, "none"),
    ("busy", FeedType::Gtfsrt, "none"),
    ("spoilt", FeedType::Gtfsrt, "none"),
    ("large", FeedType::Gtfsrt, "none"),
    ("tables", FeedType::Siri, "none"),
];

/// How the server of a feed behaves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behaviour {
    /// The time that it shows, in seconds since 1970; else the time of the request.
    pub(crate) time: Option<i64>,
    /// What it does wrong.
    pub(crate) faults: Vec<Fault>,
    /// What it answers instead of rows.
    pub(crate) body: Option<Vec<u8>>,
    /// The key that it wants, else [`KEY`].
    pub(crate) key: Option<String>,
}

type Behaviours = Arc<Mutex<HashMap<String, Behaviour>>>;

/// What is deployed.
pub(crate) struct World {
    pub(crate) deployment: Deployment,
    pub(crate) feeds: Vec<Feed>,
    pub(crate) lake: String,
    server: Loopback,
    behaviours: Behaviours,
    inputs: HashMap<String, Value>,
}

pub(crate) static WORLD: LazyLock<World> = LazyLock::new(World::deploy);

impl World {
    fn deploy() -> Self {
        let behaviours = Behaviours::default();
        let known = Arc::clone(&behaviours);
        let server = Loopback::start(move |request| respond(&known, request));
        let local = system_tests::Server::start();
        let path = local.folder.join("feeds.json");
        let text = feeds_file(&server.url);
        fs::write(&path, &text).unwrap();
        let feeds = Configuration::read(&text, "feeds.json").unwrap().feeds;
        let setting = Setting::default().context("feeds", path.display().to_string());
        let deployment = Deployment::on(local, &[STACK], &setting);
        for name in ["tfnsw", "mta", "wmata", "511", "own", "rotated"] {
            let arguments = json!({"Name": format!("bus-observatory/{name}"), "SecretString": KEY});
            deployment.call("secretsmanager", "create_secret", arguments);
        }
        let parameter = json!({"Name": "/bus-observatory/own", "Value": KEY, "Type": "SecureString"});
        deployment.call("ssm", "put_parameter", parameter);
        allow_listing_parameters(&deployment);
        let lake = deployment.output(STACK, "LakeBucket").to_owned();
        let inputs = inputs(&deployment);
        Self { deployment, feeds, lake, server, behaviours, inputs }
    }

    pub(crate) fn feed(&self, id: &str) -> &Feed {
        self.feeds.iter().find(|feed| feed.system_id == id).unwrap()
    }

    /// Lets the server of a feed behave so from now on.
    pub(crate) fn set(&self, id: &str, behaviour: Behaviour) {
        self.behaviours.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), behaviour);
    }

    /// How often a feed was asked for.
    pub(crate) fn requests(&self, id: &str) -> usize {
        let path = format!("/{id}");
        let of = |request: &&Request| request.path.split('?').next() == Some(&path);
        self.server.requests().iter().filter(of).count()
    }

    /// The input of the schedule that grabs a feed, for a time.
    pub(crate) fn event(&self, id: &str, scheduled: Timestamp) -> Value {
        let mut event = self.inputs[id].clone();
        assert_eq!(event["scheduled_time"], SCHEDULED_TIME, "{event}");
        event["scheduled_time"] = scheduled.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into();
        event
    }

    /// Grabs a feed as its schedule does.
    pub(crate) fn grab(&self, id: &str) -> Answer {
        self.grab_at(id, Timestamp::now())
    }

    pub(crate) fn grab_at(&self, id: &str, scheduled: Timestamp) -> Answer {
        self.deployment.invoke(self.deployment.output(STACK, "Grabber"), &self.event(id, scheduled))
    }

    /// Merges hours of a feed, from the one of a time to the one of another.
    pub(crate) fn compact(&self, id: &str, from: Timestamp, to: Timestamp) -> Value {
        let event = json!({"system_id": id, "from": from.to_string(), "to": to.to_string()});
        let answer = self.deployment.invoke(self.deployment.output(STACK, "Compactor"), &event);
        assert!(!answer.is_error, "{}", answer.payload);
        answer.payload
    }

    /// The keys of a feed in the lake.
    pub(crate) fn keys(&self, id: &str) -> Vec<String> {
        self.deployment.keys(&self.lake, &format!("lake/feed={id}/"))
    }

    /// GET from the deployed API: status, headers and body.
    pub(crate) fn get(&self, path: &str) -> Response {
        self.get_as(path, None)
    }

    pub(crate) fn get_as(&self, path: &str, accept: Option<&str>) -> Response {
        let url = self.deployment.output(STACK, "ApiUrl").trim_end_matches('/');
        let id = url.split("//").nth(1).unwrap().split('.').next().unwrap();
        let url = format!("{}/_aws/execute-api/{id}/$default{path}", self.deployment.server.endpoint);
        let (name, value) = self.deployment.server.authorization();
        let accept = accept.map(|accept| ("accept", accept.to_owned()));
        let response = fetch(&url, &accept.into_iter().chain([(name, value)]).collect::<Vec<_>>());
        if response.status >= 500 {
            let functions = self.deployment.functions(STACK);
            let lines = self.deployment.logs(&functions["ApiFunction"]);
            panic!("{path}: {} {:?}", response.text(), lines.iter().rev().find(|line| line.contains("ERROR")));
        }
        response
    }

    /// The rows of a route-hour through the API: `year/month/day/hour`.
    pub(crate) fn rows(&self, id: &str, route: &str, hour: &str) -> Vec<Value> {
        let mut answer = self.get(&format!("/buses/bulk/{id}/{route}/{hour}")).json();
        match answer["result"].take() {
            Value::Array(rows) => rows,
            other => panic!("{id} {route} {hour}: {other} {answer}"),
        }
    }

    /// Runs a step of the library on a thread for blocking work, with the lake bucket as its store and the rights of root.
    pub(crate) fn with_lake<T: Send + 'static>(&self, step: impl FnOnce(&S3) -> T + Send + 'static) -> T {
        let (account, secret) = self.deployment.server.access_key();
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.deployment.server.endpoint)
            .credentials_provider(Credentials::new(account, secret, None, None, "test"))
            .force_path_style(true)
            .build();
        let bucket = self.lake.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let lake = S3::new(aws_sdk_s3::Client::from_conf(config), bucket, Missing::NotFound);
            tokio::task::spawn_blocking(move || step(&lake)).await.unwrap()
        })
    }

    /// Writes grabs of a feed at some times in seconds since 1970, as if they had been fetched then.
    pub(crate) fn write_grabs(&self, id: &str, vehicles: u64, times: Vec<i64>) -> u64 {
        let feed = self.feed(id).clone();
        self.with_lake(move |lake| {
            let fleet = Fleet::new(1, vehicles);
            times
                .into_iter()
                .map(|time| {
                    let body = fleet.body(feed.feed_type, time, &[]);
                    let time = Timestamp::from_second(time).unwrap();
                    grab(lake, &feed, time, time, &body).unwrap().rows
                })
                .sum()
        })
    }
}

/// An answer over HTTP.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }
}

pub(crate) fn fetch(url: &str, headers: &[(&str, String)]) -> Response {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
    let mut request = agent.get(url);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let mut answer = request.call().unwrap();
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
    Response { status: answer.status().as_u16(), headers, body }
}

/// The feeds that are shipped, all of them enabled, and those of the tests; each on loopback.
fn feeds_file(url: &str) -> String {
    let mut file: Value = serde_json::from_slice(&fs::read(workspace().join("feeds.json")).unwrap()).unwrap();
    let feeds = file["feeds"].as_array_mut().unwrap();
    assert_eq!(feeds.len(), 7);
    for (id, feed_type, key) in OWN_FEEDS {
        let like = feeds.iter().find(|feed| feed["feed_type"] == feed_type.name()).unwrap();
        let mut feed = like.clone();
        let secret = |store: &str, name: &str| json!({"store": store, "name": name});
        feed["system_id"] = id.into();
        feed["auth"] = match key {
            "none" => json!({"type": "none"}),
            "header" => json!({"type": "header", "secret": secret("secretsmanager", "bus-observatory/own"),
                               "header": "X-Key", "template": "key {key}"}),
            "missing" => json!({"type": "query", "secret": secret("secretsmanager", "bus-observatory/missing")}),
            "rotated" => json!({"type": "query", "secret": secret("secretsmanager", "bus-observatory/rotated")}),
            "ssm" => json!({"type": "query", "secret": secret("ssm", "/bus-observatory/own")}),
            _ => json!({"type": "query", "secret": secret("secretsmanager", "bus-observatory/own")}),
        };
        feed["tz"] = if id == "hours" { "America/New_York" } else { "Australia/Sydney" }.into();
        feeds.push(feed);
    }
    for feed in feeds {
        let query = if feed["auth"]["type"] == "query" { "?key={key}" } else { "" };
        feed["url"] = format!("{url}/{}{query}", feed["system_id"].as_str().unwrap()).into();
        feed["enabled"] = true.into();
        // Not while the tests run.
        feed["rate"] = "rate(60 minutes)".into();
    }
    file.to_string()
}

/// The local AWS asks whether the API may list the parameters of every path; AWS asks for the path, which the stack grants.
fn allow_listing_parameters(deployment: &Deployment) {
    let function = &deployment.functions(STACK)["ApiFunction"];
    let configuration = deployment.call("lambda", "get_function_configuration", json!({"FunctionName": function}));
    let role = configuration["Role"].as_str().unwrap().rsplit('/').next().unwrap();
    let statement = json!({"Effect": "Allow", "Action": "ssm:GetParametersByPath", "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let arguments = json!({"RoleName": role, "PolicyName": "local", "PolicyDocument": policy});
    deployment.call("iam", "put_role_policy", arguments);
}

/// What the schedules give to the grabber, by feed.
fn inputs(deployment: &Deployment) -> HashMap<String, Value> {
    let mut inputs = HashMap::new();
    let mut after: Option<String> = None;
    loop {
        let mut arguments = json!({"StackName": STACK});
        if let Some(token) = &after {
            arguments["NextToken"] = token.as_str().into();
        }
        let page = deployment.call("cloudformation", "list_stack_resources", arguments);
        for resource in page["StackResourceSummaries"].as_array().unwrap() {
            if resource["ResourceType"] != "AWS::Scheduler::Schedule" {
                continue;
            }
            let name = resource["PhysicalResourceId"].as_str().unwrap();
            let name = name.rsplit('|').next().unwrap().rsplit('/').next().unwrap();
            let schedule = deployment.call("scheduler", "get_schedule", json!({"Name": name}));
            let input: Value = serde_json::from_str(schedule["Target"]["Input"].as_str().unwrap()).unwrap();
            if let Some(id) = input["feed"]["system_id"].as_str() {
                assert_eq!(schedule["ScheduleExpression"], "rate(1 hour)");
                inputs.insert(id.to_owned(), input);
            } else {
                assert_eq!(schedule["ScheduleExpression"], "cron(12 * * * ? *)");
            }
        }
        after = page["NextToken"].as_str().map(str::to_owned);
        if after.is_none() {
            return inputs;
        }
    }
}

/// The servers of all feeds: the path is the id of one.
fn respond(behaviours: &Behaviours, request: &Request) -> Reply {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let id = path.trim_start_matches('/');
    let behaviour = behaviours.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned().unwrap_or_default();
    let key = behaviour.key.as_deref().unwrap_or(KEY);
    let escaped = key.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D").replace('&', "%26");
    let header = ["authorization", "api_key", "x-key"].iter().find_map(|name| request.header(name));
    let is_open = ["njtransit_bus", "mbta_all"].contains(&id)
        || OWN_FEEDS.iter().any(|(own, _, kind)| *own == id && *kind == "none");
    let is_known = query == format!("key={escaped}") || header.is_some_and(|header| header.ends_with(key));
    if !is_open && !is_known {
        // As some servers do: the answer repeats what was asked.
        return Reply::new(401, format!("no such key: {} {header:?}", request.path));
    }
    if let Some(body) = behaviour.body {
        return Reply::new(200, body);
    }
    if behaviour.faults.contains(&Fault::Error) {
        return Reply::new(500, format!("<html>sorry, {}</html>", request.path));
    }
    let time = behaviour.time.unwrap_or_else(|| Timestamp::now().as_second());
    Reply::new(200, Fleet::new(id.len() as u64, VEHICLES).body(feed_type(id), time, &behaviour.faults))
}

fn feed_type(id: &str) -> FeedType {
    let own = OWN_FEEDS.iter().find(|(own, _, _)| *own == id).map(|(_, feed_type, _)| *feed_type);
    own.unwrap_or(match id {
        "nyct_mta_bus_siri" => FeedType::Siri,
        "njtransit_bus" => FeedType::Njxml,
        _ => FeedType::Gtfsrt,
    })
}
