//! What a resource is to someone who looks at a drawing.

/// What a resource is to someone who looks at a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keeps data: buckets, tables, databases.
    Storage,
    /// Passes messages on: queues, topics, streams, buses.
    Channel,
    /// Works: functions, instances, builds.
    Compute,
    /// Starts others: schedules, rules, state machines.
    Trigger,
    /// Is reached from outside: APIs, distributions.
    Entrance,
    /// Watches: alarms, dashboards.
    Watch,
    /// Anything else.
    Other,
    /// Is not drawn: permissions, policies, networks and other parts that hold no data and pass none on.
    Hidden,
}

/// Types that are not drawn, by what their names begin with.
const HIDDEN: [&str; 62] = [
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CDK::Metadata",
    "AWS::CertificateManager::",
    "AWS::CloudFormation::",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::CloudFrontOriginAccessIdentity",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::KeyGroup",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::PublicKey",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::Events::EventBusPolicy",
    "AWS::Glue::Database",
    "AWS::Glue::TableOptimizer",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::LakeFormation::",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Lambda::Version",
    "AWS::Logs::",
    "AWS::RDS::DBSubnetGroup",
    "AWS::Route53::",
    "AWS::S3::AccessPoint",
    "AWS::S3::BucketPolicy",
    "AWS::S3Express::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicInlinePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueueInlinePolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::StepFunctions::StateMachineAlias",
    "AWS::StepFunctions::StateMachineVersion",
    "Custom::",
];

impl Kind {
    /// What resources of a type are.
    pub(super) fn of_type(type_name: &str) -> Self {
        if HIDDEN.iter().any(|hidden| type_name.starts_with(hidden)) {
            return Self::Hidden;
        }
        let mut parts = type_name.split("::").skip(1);
        let (service, resource) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match (service, resource) {
            (
                "S3" | "S3Tables" | "S3Express" | "DynamoDB" | "RDS" | "EFS" | "Glue" | "SecretsManager" | "SSM"
                | "ElastiCache" | "OpenSearchService" | "Redshift" | "DocDB" | "Neptune" | "ECR" | "Athena",
                _,
            ) => Self::Storage,
            ("SQS" | "SNS" | "Kinesis" | "KinesisFirehose" | "MSK" | "AmazonMQ", _) | ("Events", "EventBus") => {
                Self::Channel
            }
            ("Lambda" | "ECS" | "Batch" | "ImageBuilder" | "CodeBuild" | "SageMaker", _)
            | ("EC2", "Instance" | "LaunchTemplate" | "SpotFleet")
            | ("AutoScaling", "AutoScalingGroup") => Self::Compute,
            ("Events" | "Scheduler" | "StepFunctions" | "Pipes", _) => Self::Trigger,
            ("ApiGateway" | "ApiGatewayV2" | "CloudFront" | "ElasticLoadBalancingV2" | "AppSync" | "Cognito", _) => {
                Self::Entrance
            }
            ("CloudWatch" | "Budgets", _) => Self::Watch,
            _ => Self::Other,
        }
    }

    /// Which property of a hidden type names the resource that it is a part of: a reference to the part is one to it.
    pub(super) fn owner_property(type_name: &str) -> Option<&'static str> {
        match type_name {
            "AWS::Lambda::Url" => Some("TargetFunctionArn"),
            "AWS::Lambda::Alias" | "AWS::Lambda::Version" => Some("FunctionName"),
            "AWS::StepFunctions::StateMachineAlias" | "AWS::StepFunctions::StateMachineVersion" => {
                Some("StateMachineRevisionArn")
            }
            "AWS::ApiGatewayV2::Integration"
            | "AWS::ApiGatewayV2::Route"
            | "AWS::ApiGatewayV2::Stage"
            | "AWS::ApiGatewayV2::Deployment" => Some("ApiId"),
            "AWS::ApiGateway::Method" | "AWS::ApiGateway::Stage" | "AWS::ApiGateway::Deployment" => Some("RestApiId"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_not_taken_for_the_shorter() {
        assert_eq!(Kind::of_type("AWS::S3::Bucket"), Kind::Storage);
        assert_eq!(Kind::of_type("AWS::S3::BucketPolicy"), Kind::Hidden);
        assert_eq!(Kind::of_type("AWS::Lambda::Function"), Kind::Compute);
        assert_eq!(Kind::of_type("Custom::Thing"), Kind::Hidden);
        assert_eq!(Kind::of_type("Nonsense"), Kind::Other);
    }
}
