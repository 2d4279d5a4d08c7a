//! Codes SG3101–SG3117: properties against the schema of their type.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (Code::UnknownProperty, "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeuot: 30}}}
", "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}}
"),
    (Code::UnknownProperty, "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {Algorithm: AES256, SSEAlgorithm: AES256}}]}}}}
", "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}}}}
"),
    (Code::MissingProperty, "
Resources: {S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs}}}
", "
Resources: {T: {Type: AWS::SNS::Topic}, S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref T}}}
"),
    // In one of two cases the property is missing.
    (Code::MissingProperty, "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {T: {Type: AWS::SNS::Topic}, S: {Type: AWS::SNS::Subscription, Properties: {Protocol: !If [Is, sqs, !Ref AWS::NoValue], TopicArn: !Ref T}}}
", "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {T: {Type: AWS::SNS::Topic}, S: {Type: AWS::SNS::Subscription, Condition: Is, Properties: {Protocol: !If [Is, sqs, !Ref AWS::NoValue], TopicArn: !Ref T}}}
"),
    (Code::WrongType, "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {Tags: {Key: a, Value: b}}}}
", "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: a, Value: b}], DelaySeconds: '5', FifoQueue: 'false'}}}
"),
    (Code::WrongType, "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: five}}}
", "
Parameters: {Delay: {Type: Number}}
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}}
"),
    (Code::UnknownEnum, "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enable}}}}
", "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}}
"),
    (Code::Pattern, "
Resources: {R: {Type: AWS::ECR::Repository, Properties: {RepositoryName: My_Repository}}}
", "
Resources: {R: {Type: AWS::ECR::Repository, Properties: {RepositoryName: my_repository}}}
"),
    (Code::Range, "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 901}}}
", "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 900}}}
"),
    (Code::Length, "
Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: ''}}}
", "
Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: a}}}
"),
    (Code::Count, "
Resources: {P: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [a, b]}}}
", "
Resources: {P: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [a]}}}
"),
    (Code::Duplicate, "
Resources: {G: {Type: AWS::IAM::Group, Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/A']}}}
", "
Resources: {G: {Type: AWS::IAM::Group, Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B']}}}
"),
    (Code::Exclusive, "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: index.h, Runtime: nodejs22.x, Code: {ZipFile: x, S3Bucket: bucket, S3Key: k}}}}
", "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: index.h, Runtime: nodejs22.x, Code: {ZipFile: x}}}}
"),
    (Code::Dependent, "
Resources: {C: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, MasterUserPassword: '{{resolve:ssm-secure:/p}}'}}}
", "
Resources: {C: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, MasterUsername: admin, MasterUserPassword: '{{resolve:ssm-secure:/p}}'}}}
"),
    (Code::Exclusive, "
Resources: {D: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: s, MasterUserPassword: '{{resolve:ssm-secure:/p}}'}}}
", "
Resources: {D: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: s, DBInstanceClass: db.t3.micro}}}
"),
    (Code::Dependent, "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: index.h, Runtime: nodejs22.x, Code: {S3Bucket: bucket}}}}
", "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: index.h, Runtime: nodejs22.x, Code: {S3Bucket: bucket, S3Key: k}}}}
"),
    (Code::OneOf, "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: index.h, Runtime: nodejs22.x, Code: {}}}}
", "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: index.h, Runtime: nodejs22.x, Code: {S3Bucket: bucket, S3Key: k}}}}
"),
    (Code::Combination, "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}}
", "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead, OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}}}
"),
    (Code::Constant, "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {AnalyticsConfigurations: [{Id: a, StorageClassAnalysis: {DataExport: {Destination: {BucketArn: 'arn:aws:s3:::b', Format: CSV}, OutputSchemaVersion: V_2}}}]}}}
", "
Resources: {B: {Type: AWS::S3::Bucket, Properties: {AnalyticsConfigurations: [{Id: a, StorageClassAnalysis: {DataExport: {Destination: {BucketArn: 'arn:aws:s3:::b', Format: CSV}, OutputSchemaVersion: V_1}}}]}}}
"),
    (Code::Format, "
Resources: {I: {Type: AWS::EC2::Instance, Properties: {ImageId: ubuntu}}}
", "
Resources: {I: {Type: AWS::EC2::Instance, Properties: {ImageId: '{{resolve:ssm:/aws/service/ami}}'}}}
"),
    (Code::ReadOnly, "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {Arn: 'arn:aws:sqs:us-east-1:123456789012:q'}}}
", "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}}
"),
    (Code::Deprecated, "
Resources: {T: {Type: AWS::ECS::TaskDefinition, Properties: {InferenceAccelerators: []}}}
", "
Resources: {T: {Type: AWS::ECS::TaskDefinition, Properties: {Family: f}}}
"),
];
