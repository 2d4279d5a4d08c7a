//! The page, and the API behind it.

use genome_pipeline::contract::{self, CreateJobEnv, JobApiEnv, UploadUrlEnv, api, keys, site};
use stackgen::prelude::*;

use super::PACKAGE;
use super::settings::Settings;
use super::store::Store;

/// Adds functions, API and page, and says where the page is.
pub(super) fn add_to(stack: &mut Scope<'_>, store: &Store, settings: &Settings) {
    let create_job = stack.add("CreateJob", create_job(store, settings));
    let job_api = stack.add("JobApi", job_api(store));
    let mut api = HttpApi::new()
        .throttle(int::<20>(), int::<40>())
        .route(route_key(Method::Post, api::SUBMIT_ROUTE), &create_job);
    for path in api::JOB_ROUTES {
        api = api.route(route_key(Method::Get, path), &job_api);
    }
    if let Some(secret) = &settings.upload_token_secret {
        let upload_url = stack.add("UploadUrl", upload_url(store, &Secret::from_name(secret.clone())));
        api = api.route(route_key(Method::Post, api::UPLOAD_ROUTE), &upload_url);
    }
    let api = stack.add("Api", api);
    let page = stack.add("Site", page(&api, settings));
    store.accept_uploads_of(stack, &page);
    stack.add("SiteFiles", files(&page, settings));

    stack.output("SiteUrl", page.url());
    stack.output("ApiUrl", api.url());
}

fn route_key(method: Method, path: &str) -> RouteKey {
    let key = RouteKey::try_from(format!("{} {path}", method.as_str()));
    key.expect("the contract's paths are routes")
}

/// Takes jobs.
fn create_job(store: &Store, settings: &Settings) -> Function {
    let environment = CreateJobEnv {
        jobs: store.jobs.name(),
        tasks: store.tasks.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
        max_sequence: settings.max_sequence,
    };
    Function::rust(PACKAGE, contract::CREATE_JOB)
        .memory(mib::<256>())
        .timeout(seconds::<10>())
        .environment(environment)
        // A second request with the same key is answered with the job of the first.
        .allow(store.jobs.grant(["dynamodb:GetItem", "dynamodb:PutItem"]))
        .allow(store.tasks.grant(["dynamodb:PutItem"]))
        .allow(store.genomes.grant(["dynamodb:GetItem"]))
        .allow(store.bucket.list_prefix(keys::CUSTOM_PREFIX))
}

/// Tells of jobs, results and genomes.
fn job_api(store: &Store) -> Function {
    let environment = JobApiEnv {
        jobs: store.jobs.name(),
        tasks: store.tasks.name(),
        targets: store.targets.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
    };
    let mut function = Function::rust(PACKAGE, contract::JOB_API)
        .memory(mib::<512>())
        .timeout(seconds::<29>())
        .environment(environment)
        // The list of genomes is that of a table without an order among them.
        .allow(store.genomes.grant(["dynamodb:Scan"]))
        .allow(store.bucket.get_prefix(keys::RESULTS_PREFIX));
    for table in [&store.jobs, &store.tasks, &store.targets, &store.genomes] {
        function = function.allow(table.grant(["dynamodb:GetItem", "dynamodb:Query"]));
    }
    function
}

/// Signs uploads of genomes for those who have the token.
fn upload_url<R>(store: &Store, token: &SecretHandle<R>) -> Function {
    let environment =
        UploadUrlEnv { genomes: store.genomes.name(), bucket: store.bucket.name(), token_secret: token.identifier() };
    Function::rust(PACKAGE, contract::UPLOAD_URL)
        .memory(mib::<256>())
        .timeout(seconds::<10>())
        .environment(environment)
        .allow(token.read())
        .allow(store.bucket.put_prefix(keys::CUSTOM_PREFIX))
        .allow(store.genomes.grant(["dynamodb:GetItem"]))
}

/// The page. Its own address answers for the API too, so it needs to know no other, and no browser asks for permission.
fn page(api: &HttpApiHandle, settings: &Settings) -> Website {
    let mut policy = ContentSecurityPolicy::own_site_only();
    if settings.upload_token_secret.is_some() {
        // Any bucket of the region: the page cannot name the one that names it in its cross-origin settings.
        let buckets = Expression::sub("https://*.s3.${AWS::Region}.${AWS::URLSuffix}");
        policy = policy.allow("connect-src", buckets);
    }
    Website::new().route(site::API_PATHS, api).content_security_policy(policy)
}

/// The files of the page, and the one that tells it what the API takes.
fn files(page: &WebsiteHandle, settings: &Settings) -> WebsiteFiles {
    let config = Map::from_iter([
        (site::MAX_SEQUENCE.into(), settings.max_sequence.into()),
        (site::UPLOADS.into(), settings.upload_token_secret.is_some().into()),
    ]);
    WebsiteFiles::of(page).built(AssetSource::Folder("sites/genome/src".into())).json_file(site::CONFIG_FILE, config)
}
