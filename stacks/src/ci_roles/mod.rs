//! ci-roles: what GitHub's workflows act under in an account. A person deploys it once:
//!
//! ```text
//! stackgen -c ci=true deploy ci-roles --parameters ci-roles:organization=ORG --parameters ci-roles:repository=REPO
//! ```
//!
//! GitHub proves by a token of OpenID Connect which repository a job is of, so no key is kept anywhere. Two roles trust it:
//!
//! | role | who takes it on | what it may do |
//! | --- | --- | --- |
//! | `DiffRole` | pull requests of the repository | read the templates of the stacks, and whether an asset is there |
//! | `DeployRole` | jobs of the environment `production` | plan and make changes of the stacks, and upload assets |
//!
//! What CloudFormation does to resources it does as `DeployRole`, and only then: the role itself cannot. Roles that the stacks
//! make are the limit of this: whoever may change the templates decides what those are allowed. The rules of the
//! environment (who reviews, which branch) are therefore part of the protection.

mod access;

use stackgen::assets::AssetLocation;
use stackgen::prelude::*;
use stackgen::resources::iam::OIDCProvider;

use access::Place;

/// The name of the stack.
pub const STACK: &str = "ci-roles";

/// The context value that adds the stack to the app: `-c ci=true`. An account without workflows does not need it.
pub const SWITCH: &str = "ci";

/// The environment of GitHub whose jobs deploy.
pub const ENVIRONMENT: &str = "production";

/// The stacks that the roles are for: all others of the app.
pub const STACKS: [&str; 7] = [
    "data-review",
    "etl-backend",
    "etl-frontend",
    "bus-observatory",
    "weather-ingest",
    "genome-ami",
    "genome-pipeline",
];

/// Who says which repository a job is of.
const ISSUER: &str = "token.actions.githubusercontent.com";

/// Whom the tokens are for.
const AUDIENCE: &str = "sts.amazonaws.com";

/// Adds the stack.
pub fn ci_roles(app: &mut App) {
    let mut stack = app.stack(STACK);
    stack.description(
        "The roles under which GitHub's workflows compare and deploy the stacks of this app, without keys",
    );

    let names = |purpose: &'static str, pattern: &'static str| {
        Parameter::new(ParameterType::STRING).description(purpose).allowed_pattern(pattern)
    };
    let organization = stack.parameter("organization", names("The owner of the repository", "[A-Za-z0-9-]{1,39}"));
    let repository = stack.parameter("repository", names("The name of the repository", "[A-Za-z0-9._-]{1,100}"));
    let makes_provider = stack.parameter(
        "makeProvider",
        Parameter::new(ParameterType::STRING)
            .description("No where the account has GitHub's identity provider already: there is one an account")
            .allowed_values(["Yes", "No"])
            .default("Yes"),
    );
    let is_made = stack.condition("ProviderIsMade", Expression::equals(&makes_provider, "Yes"));
    let provider = OIDCProvider::new().url(format!("https://{ISSUER}")).client_id_list([AUDIENCE]);
    let provider = stack.add("Provider", provider.with(Attributes::new().condition(&is_made)));
    let existing = Expression::sub(format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{ISSUER}"));
    let provider = Value::from(is_made.choose(provider.arn(), existing));

    let role = |job: String| {
        let subject = Expression::join(
            "",
            [Value::from("repo:"), (&organization).into(), "/".into(), (&repository).into(), job.into()],
        );
        let trust =
            Statement::allow(["sts:AssumeRoleWithWebIdentity"]).principal(Principal::Federated(provider.clone()));
        Role::with_trust(trust).when("StringEquals", "token.actions.githubusercontent.com:aud", AUDIENCE).when(
            "StringEquals",
            "token.actions.githubusercontent.com:sub",
            subject,
        )
    };
    let diff = role(":pull_request".to_owned()).description("Compares the stacks with a pull request").allow(reads());
    let diff = stack.add("DiffRole", diff);
    let deploy = role(format!(":environment:{ENVIRONMENT}")).description("Deploys the stacks");
    let deploy = stack.add("DeployRole", deploy.allow(deploys()));
    for grant in access::through_cloudformation(&STACKS) {
        stack.allow(&deploy, grant);
    }

    stack.output("DiffRoleArn", diff.arn());
    stack.output("DeployRoleArn", deploy.arn());
}

/// The ARNs of the stacks, each with the id that it gets when it is made.
fn stacks() -> Vec<Value> {
    Place::OfStack("cloudformation:${AWS::Region}:${AWS::AccountId}:stack/{stack}/*").arns(&STACKS)
}

fn asset_bucket() -> String {
    format!("arn:${{AWS::Partition}}:s3:::{}", AssetLocation::BUCKET)
}

/// What a comparison with the deployed stacks reads.
fn reads() -> Grant {
    let read = Statement::allow([
        "cloudformation:DescribeStacks",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
        "cloudformation:GetTemplate",
    ]);
    Grant::of(
        [
            read.on_each(stacks()),
            Statement::allow(["s3:GetObject"]).on(Expression::sub(format!("{}/*", asset_bucket()))),
            Statement::allow(["s3:ListBucket"]).on(Expression::sub(asset_bucket())),
        ],
        "compare with what is deployed",
    )
}

/// What a deployment asks of CloudFormation, and of the bucket for assets.
fn deploys() -> Grant {
    let change = Statement::allow([
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:CreateChangeSet",
        "cloudformation:CreateStackRefactor",
        "cloudformation:DeleteChangeSet",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackRefactor",
        "cloudformation:DescribeStacks",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:ExecuteStackRefactor",
        "cloudformation:GetTemplate",
        "cloudformation:ListChangeSets",
        "cloudformation:SetStackPolicy",
        "cloudformation:TagResource",
        "cloudformation:UntagResource",
        "cloudformation:UpdateTerminationProtection",
    ]);
    let bucket = Statement::allow([
        "s3:CreateBucket",
        "s3:GetBucketPolicy",
        "s3:ListBucket",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
    ]);
    let objects = Statement::allow(["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]);
    Grant::of(
        [
            change.on_each(stacks()),
            bucket.on(Expression::sub(asset_bucket())),
            objects.on(Expression::sub(format!("{}/*", asset_bucket()))),
        ],
        "plan and make changes, and upload what the stacks ship",
    )
}
