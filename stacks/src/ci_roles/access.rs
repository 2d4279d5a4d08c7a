//! What CloudFormation needs for the resources of the stacks, a service at a time.
//!
//! The actions are those that the handlers of the app's resource types name in the registry's schemas, without those of
//! properties that no stack of the app sets. Resources that CloudFormation names begin with the name of their stack; where
//! names are of another form, or the service has none in its ARNs, the access is to all of the account and region.

use stackgen::prelude::*;

/// Which resources an access is to. What follows `arn:PARTITION:`, as `Fn::Sub` takes it.
pub(super) enum Place {
    /// The same for each stack, whose name stands in place of `{stack}`.
    OfStack(&'static str),
    /// One for all stacks.
    Shared(&'static str),
    /// All: the service knows no others for these actions.
    Everything,
}

impl Place {
    /// The ARNs, for the stacks called `stacks`.
    pub(super) fn arns(&self, stacks: &[&str]) -> Vec<Value> {
        let arn = |text: &str| Value::from(Expression::sub(format!("arn:${{AWS::Partition}}:{text}")));
        match self {
            Self::OfStack(text) => stacks.iter().map(|stack| arn(&text.replace("{stack}", stack))).collect(),
            Self::Shared(text) => vec![arn(text)],
            Self::Everything => vec!["*".into()],
        }
    }
}

/// Access that CloudFormation uses on behalf of whoever deploys.
struct Access {
    service: &'static str,
    actions: &'static [&'static str],
    places: &'static [Place],
}

/// The roles of the stacks, which are passed to the services that act under them.
const PASSED_TO: [&str; 6] = [
    "ec2.amazonaws.com",
    "events.amazonaws.com",
    "imagebuilder.amazonaws.com",
    "lambda.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
];

/// The roles that the stacks make.
const ROLES: Place = Place::OfStack("iam::${AWS::AccountId}:role/{stack}-*");

/// The grants. Each holds only for what CloudFormation does when it is asked to.
pub(super) fn through_cloudformation(stacks: &[&str]) -> Vec<Grant> {
    let mut grants: Vec<Grant> = ACCESS
        .iter()
        .map(|access| {
            let actions = access.actions.iter().map(|action| format!("{}:{action}", access.service));
            let resources = access.places.iter().flat_map(|place| place.arns(stacks));
            Grant::new(actions, resources, "what CloudFormation does for the stacks").when(
                "ForAnyValue:StringEquals",
                "aws:CalledVia",
                Value::from(vec![Value::from("cloudformation.amazonaws.com")]),
            )
        })
        .collect();
    let services: Vec<Value> = PASSED_TO.iter().map(|service| Value::from(*service)).collect();
    let pass = Grant::new(["iam:PassRole"], ROLES.arns(stacks), "services act under the roles of the stacks");
    grants.push(pass.when("StringEquals", "iam:PassedToService", Value::from(services)));
    grants
}

/// A service's access, as it stands in [`ACCESS`].
macro_rules! access {
    ($service:literal on [$($place:expr),* $(,)?] $($action:ident)*) => {
        Access { service: $service, actions: &[$(stringify!($action)),*], places: &[$($place),*] }
    };
}

use Place::{Everything, OfStack, Shared};

const ACCESS: &[Access] = &[
    access!("apigateway" on [
        Shared("apigateway:${AWS::Region}::/apis"), Shared("apigateway:${AWS::Region}::/apis/*"),
        Shared("apigateway:${AWS::Region}::/tags/*"),
    ] DELETE GET PATCH POST PUT),
    access!("athena" on [OfStack("athena:${AWS::Region}:${AWS::AccountId}:workgroup/{stack}-*")]
        CreateWorkGroup DeleteWorkGroup GetWorkGroup ListTagsForResource TagResource UntagResource UpdateWorkGroup),
    access!("cloudfront" on [Shared("cloudfront::${AWS::AccountId}:*")]
        CreateDistribution CreateOriginAccessControl CreateResponseHeadersPolicy DeleteDistribution
        DeleteOriginAccessControl DeleteResponseHeadersPolicy GetDistribution GetDistributionConfig
        GetOriginAccessControl GetResponseHeadersPolicy ListTagsForResource TagResource UntagResource UpdateDistribution
        UpdateOriginAccessControl UpdateResponseHeadersPolicy),
    access!("cloudwatch" on [OfStack("cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:{stack}-*")]
        DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource),
    access!("dynamodb" on [OfStack("dynamodb:${AWS::Region}:${AWS::AccountId}:table/{stack}-*")]
        CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights
        DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource
        TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive),
    access!("ec2" on [Everything]
        AssociateRouteTable AttachInternetGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress
        CreateInternetGateway CreateLaunchTemplate CreateLaunchTemplateVersion CreateRoute CreateRouteTable
        CreateSecurityGroup CreateSubnet CreateTags CreateVpc CreateVpcEndpoint DeleteInternetGateway
        DeleteLaunchTemplate DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc
        DeleteVpcEndpoints DescribeImages DescribeInternetGateways DescribeLaunchTemplates
        DescribeLaunchTemplateVersions DescribeNetworkAcls DescribeNetworkInterfaces DescribeRouteTables
        DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints
        DescribeVpcs DetachInternetGateway DisassociateRouteTable ModifyLaunchTemplate ModifySubnetAttribute
        ModifyVpcAttribute ModifyVpcEndpoint ReplaceRoute ReplaceRouteTableAssociation RevokeSecurityGroupEgress
        RevokeSecurityGroupIngress UpdateSecurityGroupRuleDescriptionsEgress
        UpdateSecurityGroupRuleDescriptionsIngress),
    access!("events" on [OfStack("events:${AWS::Region}:${AWS::AccountId}:rule/{stack}-*")]
        DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource
        UntagResource),
    access!("glue" on [
        Shared("glue:${AWS::Region}:${AWS::AccountId}:catalog"),
        Shared("glue:${AWS::Region}:${AWS::AccountId}:database/*"),
        Shared("glue:${AWS::Region}:${AWS::AccountId}:table/*"),
    ] CreateDatabase CreateTable DeleteDatabase DeleteTable GetDatabase GetTable UpdateDatabase UpdateTable),
    access!("iam" on [ROLES, OfStack("iam::${AWS::AccountId}:instance-profile/{stack}-*")]
        AddRoleToInstanceProfile CreateInstanceProfile CreateRole DeleteInstanceProfile DeleteRole DeleteRolePolicy
        GetInstanceProfile GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies
        PutRolePolicy RemoveRoleFromInstanceProfile TagInstanceProfile TagRole UntagInstanceProfile UntagRole
        UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription),
    // The role of the service itself, which the first image of an account makes.
    access!("iam" on [Shared("iam::${AWS::AccountId}:role/aws-service-role/imagebuilder.amazonaws.com/*")]
        CreateServiceLinkedRole),
    access!("imagebuilder" on [Shared("imagebuilder:${AWS::Region}:${AWS::AccountId}:*")]
        CancelImageCreation CreateComponent CreateDistributionConfiguration CreateImage CreateImagePipeline
        CreateImageRecipe CreateInfrastructureConfiguration DeleteComponent DeleteDistributionConfiguration DeleteImage
        DeleteImagePipeline DeleteImageRecipe DeleteInfrastructureConfiguration GetComponent
        GetDistributionConfiguration GetImage GetImagePipeline GetImageRecipe GetInfrastructureConfiguration TagResource
        UntagResource UpdateDistributionConfiguration UpdateImagePipeline UpdateInfrastructureConfiguration),
    access!("lambda" on [OfStack("lambda:${AWS::Region}:${AWS::AccountId}:function:{stack}-*")]
        AddPermission CreateFunction DeleteFunction DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig
        GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration GetFunctionEventInvokeConfig
        GetFunctionRecursionConfig GetPolicy GetRuntimeManagementConfig InvokeFunction ListTags
        PutFunctionConcurrency PutFunctionEventInvokeConfig PutFunctionRecursionConfig RemovePermission TagResource
        UntagResource UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig),
    // The ids of event source mappings are random, and the creation of one names no resource.
    access!("lambda" on [Everything]
        CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping),
    access!("logs" on [OfStack("logs:${AWS::Region}:${AWS::AccountId}:log-group:{stack}-*")]
        CreateLogGroup DeleteLogGroup DeleteRetentionPolicy GetDataProtectionPolicy ListTagsForResource
        PutRetentionPolicy TagResource UntagResource),
    // What API Gateway and Step Functions deliver their logs by belongs to no group.
    access!("logs" on [Everything]
        CreateLogDelivery DeleteLogDelivery DescribeIndexPolicies DescribeLogGroups DescribeResourcePolicies
        GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery),
    access!("s3" on [OfStack("s3:::{stack}-*")]
        CreateBucket DeleteBucket DeleteBucketPolicy GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketCORS
        GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls
        GetBucketPolicy GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetBucketWebsite
        GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration
        GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket PutBucketCORS
        PutBucketNotification PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging
        PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration),
    access!("scheduler" on [OfStack("scheduler:${AWS::Region}:${AWS::AccountId}:schedule/default/{stack}-*")]
        CreateSchedule DeleteSchedule GetSchedule UpdateSchedule),
    access!("sns" on [OfStack("sns:${AWS::Region}:${AWS::AccountId}:{stack}-*")]
        CreateTopic DeleteTopic GetDataProtectionPolicy GetSubscriptionAttributes GetTopicAttributes
        ListSubscriptionsByTopic ListTagsForResource SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource
        Unsubscribe UntagResource),
    access!("sqs" on [OfStack("sqs:${AWS::Region}:${AWS::AccountId}:{stack}-*")]
        CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue),
    access!("ssm" on [OfStack("ssm:${AWS::Region}:${AWS::AccountId}:parameter/{stack}/*")]
        AddTagsToResource DeleteParameter GetParameter GetParameters ListTagsForResource PutParameter
        RemoveTagsFromResource),
    // A machine is named after its construct, not after its stack.
    access!("states" on [Shared("states:${AWS::Region}:${AWS::AccountId}:stateMachine:*")]
        CreateStateMachine DeleteStateMachine DescribeStateMachine ListTagsForResource TagResource UntagResource
        UpdateStateMachine),
];
