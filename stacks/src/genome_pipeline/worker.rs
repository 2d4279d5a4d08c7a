//! Instances that work on genomes too large for functions.

use genome_pipeline::contract::WorkerEnv;
use stackgen::contract::Environment;
use stackgen::prelude::*;

use super::ncbi::Ncbi;
use super::settings::Settings;
use super::store::Store;

/// What it takes to start an instance.
#[derive(Debug)]
pub(super) struct Worker {
    template: LaunchTemplateHandle,
    network: VpcHandle,
    /// Name of the parameter that holds the id of the image.
    image: String,
    environment: Expression,
}

impl Worker {
    /// Adds network, log, role and launch template.
    ///
    /// The image is known by the name of its parameter, which EC2 reads whenever an instance starts: a new image needs no
    /// deployment here, and this stack can be deployed before there is one.
    pub(super) fn add_to(
        stack: &mut Scope<'_>,
        store: &Store,
        ncbi: &Ncbi,
        image: &AmiBuilderHandle,
        settings: &Settings,
    ) -> Self {
        let mut scope = stack.scope("Worker");
        let network = scope.add("Network", network());
        let group = SecurityGroup::new(&network, "workers of genome-pipeline: nothing comes in").egress(
            Ports::HTTPS,
            Peer::AnyIpv4,
            "files of NCBI, and services of AWS",
        );
        let group = scope.add("SecurityGroup", group);
        let log = scope.add("Log", LogGroup::new());
        let profile = scope.add("Profile", profile(store, &log));
        let template = LaunchTemplate::new(settings.instance_type.clone(), image.machine_image())
            .volume(EbsVolume::new("/dev/sda1", gib::<16>()))
            .profile(&profile)
            .security_group(&group)
            .on_shutdown(ShutdownBehavior::Terminate)
            .tag("Name", Expression::sub("${AWS::StackName}-worker"));
        let template = scope.add("Template", template);
        let environment = environment(store, &log, ncbi);
        Self { template, network, image: image.parameter_name().to_owned(), environment }
    }

    /// The id of the launch template.
    pub(super) fn template_id(&self) -> Value {
        self.template.template_id().into()
    }

    /// The ids of the subnets, with commas between them.
    pub(super) fn subnet_ids(&self) -> Expression {
        Expression::join(",", self.network.public_subnet_ids())
    }

    /// The name of the parameter that holds the id of the image.
    pub(super) fn image_parameter(&self) -> String {
        self.image.clone()
    }

    /// The environment variables of the program, one `NAME=value` a line.
    pub(super) fn environment(&self) -> Expression {
        self.environment.clone()
    }

    /// Access to start instances from the launch template, and to see whether there is an image.
    pub(super) fn launch(&self, scope: &mut Scope<'_>) -> Grant {
        let grant = self.template.launch(self.network.public_subnets());
        match ParameterName::try_from(self.image.clone()) {
            Ok(name) => grant.and(SsmParameter::from_name(name).read()),
            Err(error) => {
                scope.report(Problem::error(error.to_string()));
                grant
            }
        }
    }
}

/// Subnets whose instances reach NCBI by the internet, and buckets and tables without it.
fn network() -> Vpc {
    Vpc::new(ipv4_block!("10.0.0.0/20")).gateway_endpoint(GatewayService::S3).gateway_endpoint(GatewayService::DynamoDb)
}

/// The role of the worker, which does all that functions do for smaller genomes.
fn profile(store: &Store, log: &LogGroupHandle) -> InstanceProfile {
    let mut profile = InstanceProfile::new()
        .allow(store.bucket.grant_on_objects(["s3:GetObject", "s3:PutObject"]))
        .allow(log.write());
    for table in [&store.jobs, &store.tasks, &store.targets, &store.genomes] {
        profile = profile.allow(table.grant(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]));
    }
    profile
}

fn environment(store: &Store, log: &LogGroupHandle, ncbi: &Ncbi) -> Expression {
    let environment = WorkerEnv {
        jobs: store.jobs.name(),
        tasks: store.tasks.name(),
        targets: store.targets.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
        log_group: log.name(),
        ncbi_api: &ncbi.api,
        ncbi_files: &ncbi.files,
    };
    let variables: Vec<(&str, Value)> = environment.variables();
    let lines = variables.into_iter().map(|(name, value)| Expression::join("=", [Value::from(name), value]));
    Expression::join("\n", lines)
}
