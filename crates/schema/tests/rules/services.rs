//! Codes SG4001–SG4301 and SG4501: policies, queues, tables, schedules, runtimes.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (Code::PolicyShape, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Actoin: 's3:GetObject', Action: 's3:GetObject', Resource: '*'}]}}}}
", "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: {Sid: A, Effect: Allow, Action: ['s3:Get*', '*'], Resource: '*', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}, 'ForAnyValue:StringLikeIfExists': {a: [b]}}}}}}}
"),
    (Code::PolicyShape, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2021-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}}}}
", "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}}}}
"),
    (Code::PolicyShape, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEqual: {a: b}}}]}}}}
", "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, NotAction: 'iam:*', NotResource: 'arn:aws:s3:::b'}]}}}}
"),
    (Code::PolicyAction, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObjects', Resource: '*'}]}}}}
", "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: ['s3:GetObject*', 's3:*', '*', 'S3:getobject', 's3:Get?bject'], Resource: '*'}]}}}}
"),
    (Code::PolicyAction, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'dynamo:GetItem', Resource: '*'}]}}}}
", "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*'}]}}}}
"),
    (Code::PolicyPrincipal, "
Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sts:AssumeRole'}]}}}}
", "
Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com, AWS: [!Ref AWS::AccountId, '123456789012', !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root']}}]}}}}
"),
    (Code::PolicyPrincipal, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*', Principal: '*'}]}}}}
", "
Resources: {B: {Type: AWS::S3::Bucket}, P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${B.Arn}/*', Principal: '*'}]}}}}
"),
    (Code::PolicyResource, "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'bucket/*'}]}}}}
", "
Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: ['arn:aws:s3:::bucket/*', '*', !Sub 'arn:${AWS::Partition}:s3:::b']}]}}}}
"),
    (Code::FifoName, "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, QueueName: jobs}}}
", "
Resources: {Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, QueueName: !Sub '${AWS::StackName}-jobs.fifo'}}, R: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}}
"),
    (Code::FifoName, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: jobs.fifo}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: jobs.fifo, FifoTopic: 'true'}}}
"),
    (Code::DeadLetterKind, "
Resources:
  D: {Type: AWS::SQS::Queue}
  Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}
", "
Resources:
  D: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Q: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}
"),
    (Code::VisibilityTimeout, "
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: i.h, Runtime: nodejs22.x, Timeout: 61, Code: {S3Bucket: bucket, S3Key: k}}}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}
", "
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: i.h, Runtime: nodejs22.x, Timeout: 60, Code: {S3Bucket: bucket, S3Key: k}}}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !GetAtt F.Arn}}
"),
    // Neither says how long: 30 seconds of the queue, and 40 of the function.
    (Code::VisibilityTimeout, "
Resources:
  Q: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: i.h, Runtime: nodejs22.x, Timeout: 40, Code: {S3Bucket: bucket, S3Key: k}}}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}
", "
Resources:
  Q: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: i.h, Runtime: nodejs22.x, Code: {S3Bucket: bucket, S3Key: k}}}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}
"),
    (Code::KeyAttributes, "
Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: []}}}
", "
Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]}}}
"),
    (Code::KeyAttributes, "
Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: age, AttributeType: N}]}}}
", "
Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: age, AttributeType: N}], GlobalSecondaryIndexes: [{IndexName: by-age, KeySchema: [{AttributeName: age, KeyType: HASH}], Projection: {ProjectionType: ALL}}]}}}
"),
    (Code::Schedule, "
Resources: {R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(5 minute)}}}
", "
Resources: {R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(5 minutes)}}, S: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: !Sub 'rate(${AWS::Region})'}}}
"),
    (Code::Schedule, "
Resources: {S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: '0 12 * * ? *', FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: 'arn:aws:lambda:us-east-1:123456789012:function:f', RoleArn: 'arn:aws:iam::123456789012:role/r'}}}}
", "
Resources: {S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: 'at(2026-11-21T12:00:00)', FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: 'arn:aws:lambda:us-east-1:123456789012:function:f', RoleArn: 'arn:aws:iam::123456789012:role/r'}}}}
"),
    (Code::Runtime, "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: i.h, Runtime: python3.7, Code: {S3Bucket: bucket, S3Key: k}}}}
", "
Resources: {F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/r', Handler: bootstrap, Runtime: provided.al2023, Code: {S3Bucket: bucket, S3Key: k}}}}
"),
    (Code::Runtime, "
Transform: AWS::Serverless-2016-10-31
Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: i.h, Runtime: python3.7, CodeUri: src}}}
", "
Transform: AWS::Serverless-2016-10-31
Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: i.h, Runtime: python3.13, CodeUri: src}}}
"),
];
