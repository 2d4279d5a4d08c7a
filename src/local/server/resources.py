"""Resource types that ministack's CloudFormation lacks, or that it makes less of than AWS does.

A handler is `create(logical_id, properties, stack_name) -> (physical_id, attributes)`,
`update(physical_id, old, new, stack_name) -> (physical_id, attributes)` and `delete(physical_id, properties)`.
A ValueError fails the resource, with its text as the reason.
"""

import hashlib
import re
from functools import partial

import ministack.services.athena as athena
import ministack.services.dynamodb as dynamodb
import ministack.services.ec2 as ec2
import ministack.services.s3 as s3
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services.cloudformation import provisioners
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as HANDLERS


def register():
    """Adds all handlers."""
    for name, (identify, attributes) in RECORDS.items():
        HANDLERS.setdefault(name, record(identify, attributes))
    HANDLERS["AWS::Athena::NamedQuery"] = {
        "create": create_named_query,
        "update": lambda physical_id, old, new, stack: create_named_query(physical_id, new, stack),
        "delete": lambda physical_id, properties: athena._named_queries.pop(physical_id, None),
    }
    HANDLERS["AWS::EC2::Instance"] = {
        "create": create_instance,
        "update": update_instance,
        "delete": delete_instance,
    }
    extend_names()
    extend_alarms()
    extend_apis()
    extend_buckets()
    extend_tables()
    extend_secrets()
    extend_event_sources()


# Types that are only written down: nothing of them can be seen to work, but stacks that hold them can be deployed.


def record(identify, attributes):
    """Handlers that give a resource its name and attributes, and keep nothing else."""

    def create(logical_id, properties, stack_name):
        physical_id = identify(logical_id, properties, stack_name)
        return physical_id, attributes(physical_id, properties)

    def update(physical_id, old, new, stack_name):
        return physical_id, attributes(physical_id, new)

    return {"create": create, "update": update, "delete": lambda physical_id, properties: None}


def arn(service, resource):
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def image_builder(kind, logical_id, properties, stack_name):
    """The ARN of a resource of EC2 Image Builder, which is also its reference."""
    name = re.sub(r"[^a-z0-9-]+", "-", str(properties.get("Name") or f"{stack_name}-{logical_id}").lower())
    version = properties.get("Version")
    suffix = f"/{version}/1" if version and kind == "component" else f"/{version}" if version else ""
    return arn("imagebuilder", f"{kind}/{name}{suffix}")


def image_builder_attributes(physical_id, properties):
    return {"Arn": physical_id, "Name": properties.get("Name", ""), "ImageId": "ami-00000000000000001"}


def generated(prefix, logical_id, properties, stack_name):
    """An id such as EC2 gives."""
    return f"{prefix}-{new_uuid().replace('-', '')[:17]}"


def joined(names, logical_id, properties, stack_name):
    """An id of several properties, as Lake Formation and Glue have."""
    return "|".join(str(properties.get(name, "")) for name in names)


def identity_provider(logical_id, properties, stack_name):
    """The ARN of an identity provider, which is named by its address."""
    address = str(properties.get("Url", "")).removeprefix("https://").rstrip("/")
    return f"arn:aws:iam::{get_account_id()}:oidc-provider/{address}"


def own_id(physical_id, properties, name="Id"):
    return {name: physical_id}


def no_attributes(physical_id, properties):
    return {}


RECORDS = {
    f"AWS::ImageBuilder::{kind}": (partial(image_builder, path), image_builder_attributes)
    for kind, path in {
        "Component": "component",
        "ContainerRecipe": "container-recipe",
        "DistributionConfiguration": "distribution-configuration",
        "Image": "image",
        "ImagePipeline": "image-pipeline",
        "ImageRecipe": "image-recipe",
        "InfrastructureConfiguration": "infrastructure-configuration",
        "LifecyclePolicy": "lifecycle-policy",
    }.items()
} | {
    "AWS::LakeFormation::DataLakeSettings": (partial(generated, "settings"), own_id),
    "AWS::LakeFormation::PrincipalPermissions": (
        partial(joined, ("Principal", "Resource")),
        lambda physical_id, properties: {"PrincipalIdentifier": physical_id, "ResourceIdentifier": physical_id},
    ),
    "AWS::LakeFormation::Resource": (partial(joined, ("ResourceArn",)), own_id),
    "AWS::IAM::OIDCProvider": (identity_provider, partial(own_id, name="Arn")),
    "AWS::Glue::TableOptimizer": (partial(joined, ("CatalogId", "DatabaseName", "TableName", "Type")), own_id),
    "AWS::EC2::FlowLog": (partial(generated, "fl"), own_id),
    "AWS::EC2::SecurityGroupEgress": (partial(generated, "sgr"), own_id),
    "AWS::EC2::SecurityGroupIngress": (partial(generated, "sgr"), own_id),
    "AWS::EC2::Volume": (partial(generated, "vol"), partial(own_id, name="VolumeId")),
    "AWS::EC2::VolumeAttachment": (partial(generated, "attachment"), no_attributes),
    "AWS::EC2::EIP": (
        partial(generated, "eipalloc"),
        lambda physical_id, properties: {"AllocationId": physical_id, "PublicIp": "192.0.2.1"},
    ),
    "AWS::EC2::NatGateway": (partial(generated, "nat"), partial(own_id, name="NatGatewayId")),
}


# Athena


def create_named_query(logical_id, properties, stack_name):
    names = ("Name", "Description", "Database", "QueryString", "WorkGroup")
    query = {name: properties[name] for name in names if name in properties}
    for name in ("Database", "QueryString"):
        if name not in query:
            raise ValueError(f"Property validation failure: [The property {{/{name}}} is required]")
    query_id = new_uuid()
    athena._named_queries[query_id] = {"Name": "", "Description": "", "WorkGroup": "primary", **query, "NamedQueryId": query_id}
    return query_id, {"NamedQueryId": query_id}


# EC2


def create_instance(logical_id, properties, stack_name):
    request = {"MinCount": ["1"], "MaxCount": ["1"]}
    for name in ("ImageId", "InstanceType", "KeyName", "SubnetId", "UserData", "PrivateIpAddress"):
        if properties.get(name):
            request[name] = [str(properties[name])]
    for number, group in enumerate(properties.get("SecurityGroupIds") or [], 1):
        request[f"SecurityGroupId.{number}"] = [str(group)]
    if properties.get("IamInstanceProfile"):
        request["IamInstanceProfile.Name"] = [str(properties["IamInstanceProfile"])]
    before = set(ec2._instances)
    status, _, body = ec2._run_instances(request)
    if status >= 300:
        raise ValueError(body.decode() if isinstance(body, bytes) else str(body))
    (instance_id,) = set(ec2._instances) - before
    ec2._tags[instance_id] = instance_tags(properties)
    return instance_id, instance_attributes(instance_id)


def update_instance(physical_id, old, new, stack_name):
    in_place = {"Tags", "SecurityGroupIds", "DisableApiTermination", "InstanceInitiatedShutdownBehavior", "Monitoring"}
    if any(old.get(name) != new.get(name) for name in (set(old) | set(new)) - in_place):
        return create_instance(physical_id, new, stack_name)
    ec2._tags[physical_id] = instance_tags(new)
    return physical_id, instance_attributes(physical_id)


def delete_instance(physical_id, properties):
    if physical_id in ec2._instances:
        ec2._terminate_instances({"InstanceId.1": [physical_id]})


def instance_tags(properties):
    return [{"Key": str(tag["Key"]), "Value": str(tag["Value"])} for tag in properties.get("Tags") or []]


def instance_attributes(instance_id):
    instance = ec2._instances[instance_id]
    return {
        "InstanceId": instance_id,
        "PrivateIp": instance.get("PrivateIpAddress", ""),
        "PublicIp": instance.get("PublicIpAddress") or "",
        "AvailabilityZone": (instance.get("Placement") or {}).get("AvailabilityZone", ""),
        "VpcId": instance.get("VpcId", ""),
    }


# Names that are made differ between accounts and regions: ministack ends the running handlers of all functions that have
# the name of one that is made or changed, wherever they are.


def extend_names():
    own = provisioners._physical_name

    def name(*arguments, lowercase=False, **named):
        text = own(*arguments, lowercase=lowercase, **named)
        begin, dash, suffix = text.rpartition("-")
        place = f"{get_account_id()} {get_region()} {suffix}"
        digest = hashlib.sha256(place.encode()).hexdigest()[: len(suffix)]
        return f"{begin}{dash}{digest if lowercase else digest.upper()}"

    provisioners._physical_name = name


# CloudWatch: an alarm on an expression is kept as one on the first of its metrics.


def extend_alarms():
    own = provisioners._cw_metric_alarm_record

    def record_of(name, properties):
        stats = [metric["MetricStat"] for metric in properties.get("Metrics") or [] if metric.get("MetricStat")]
        if stats:
            first = {**stats[0]["Metric"], "Period": stats[0]["Period"], "Statistic": stats[0]["Stat"]}
            properties = {**{key: value for key, value in properties.items() if key != "Metrics"}, **first}
        return own(name, properties)

    provisioners._cw_metric_alarm_record = record_of


# API Gateway: the cross-origin settings of an HTTP API are kept under the names that it looks for when it answers.


def extend_apis():
    own = HANDLERS["AWS::ApiGatewayV2::Api"]

    def named(properties):
        cors = properties.get("CorsConfiguration")
        if not cors:
            return properties
        return {**properties, "CorsConfiguration": {key[0].lower() + key[1:]: value for key, value in cors.items()}}

    def create(logical_id, properties, stack_name):
        return own["create"](logical_id, named(properties), stack_name)

    def update(physical_id, old, new, stack_name, **more):
        return own["update"](physical_id, named(old), named(new), stack_name, **more)

    HANDLERS["AWS::ApiGatewayV2::Api"] = {**own, "create": create, "update": update}


# S3: lifecycle rules and tags are kept, and a bucket with objects in it is not deleted.


def extend_buckets():
    own = HANDLERS["AWS::S3::Bucket"]
    own_create, own_update, own_delete = own["create"], own["update"], own["delete"]

    def create(logical_id, properties, stack_name):
        name, attributes = own_create(logical_id, properties, stack_name)
        configure_bucket(name, properties)
        return name, attributes

    def update(physical_id, old, new, stack_name):
        name, attributes = own_update(physical_id, old, new, stack_name)
        configure_bucket(name, new)
        return name, attributes

    def delete(physical_id, properties):
        bucket = s3._buckets.get(physical_id)
        if bucket and (bucket["objects"] or s3._bucket_has_versions(physical_id)):
            raise ValueError(
                f"The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Bucket: {physical_id})"
            )
        own_delete(physical_id, properties)

    HANDLERS["AWS::S3::Bucket"] = {**own, "create": create, "update": update, "delete": delete}


def configure_bucket(name, properties):
    tags = {str(tag["Key"]): str(tag["Value"]) for tag in properties.get("Tags") or []}
    put_or_remove(s3._bucket_tags, name, tags)
    rules = (properties.get("LifecycleConfiguration") or {}).get("Rules") or []
    put_or_remove(s3._bucket_lifecycle, name, [lifecycle_rule(rule) for rule in rules])


def lifecycle_rule(rule):
    """A rule of a template in the form that the service answers it in."""
    known = {"ID": rule.get("Id"), "Status": rule.get("Status", "Enabled"), "Filter": {"Prefix": rule.get("Prefix", "")}}
    expiration = {"Days": number(rule.get("ExpirationInDays")), "Date": rule.get("ExpirationDate")}
    if str(rule.get("ExpiredObjectDeleteMarker", "")).lower() == "true":
        expiration["ExpiredObjectDeleteMarker"] = True
    known["Expiration"] = without_none(expiration)
    old_versions = rule.get("NoncurrentVersionExpiration") or {}
    known["NoncurrentVersionExpiration"] = without_none(
        {
            "NoncurrentDays": number(old_versions.get("NoncurrentDays", rule.get("NoncurrentVersionExpirationInDays"))),
            "NewerNoncurrentVersions": number(old_versions.get("NewerNoncurrentVersions")),
        }
    )
    uploads = rule.get("AbortIncompleteMultipartUpload") or {}
    known["AbortIncompleteMultipartUpload"] = without_none({"DaysAfterInitiation": number(uploads.get("DaysAfterInitiation"))})
    known["Transitions"] = [
        without_none(
            {
                "Days": number(transition.get("TransitionInDays")),
                "Date": transition.get("TransitionDate"),
                "StorageClass": transition.get("StorageClass"),
            }
        )
        for transition in rule.get("Transitions") or []
    ]
    return {key: value for key, value in known.items() if value not in (None, {}, [])}


# DynamoDB: the attribute of expiry and recovery to a point in time are kept.


def extend_tables():
    own = HANDLERS["AWS::DynamoDB::Table"]

    def keep(handler, position):
        def call(*arguments, **named):
            name, attributes = handler(*arguments, **named)
            configure_table(name, arguments[position])
            return name, attributes

        return call

    extended = dict(own)
    extended["create"] = keep(own["create"], 1)
    if "update" in own:
        extended["update"] = keep(own["update"], 2)
    HANDLERS["AWS::DynamoDB::Table"] = extended


def configure_table(name, properties):
    expiry = properties.get("TimeToLiveSpecification") or {}
    if expiry:
        is_on = str(expiry.get("Enabled", "")).lower() == "true"
        settings = {"TimeToLiveStatus": "ENABLED" if is_on else "DISABLED", "AttributeName": expiry.get("AttributeName", "")}
        dynamodb._ttl_settings[name] = settings
    recovery = properties.get("PointInTimeRecoverySpecification") or {}
    if recovery:
        dynamodb._pitr_settings[name] = str(recovery.get("PointInTimeRecoveryEnabled", "")).lower() == "true"


# Secrets Manager: the reference of a secret is its ARN, so that policies can name it.


def extend_secrets():
    own = HANDLERS["AWS::SecretsManager::Secret"]

    def name_of(physical_id):
        """The name in an ARN, which ends with `-` and six characters."""
        return physical_id.rsplit(":", 1)[-1][:-7] if physical_id.startswith("arn:") else physical_id

    def create(logical_id, properties, stack_name):
        _, attributes = own["create"](logical_id, properties, stack_name)
        return attributes["Arn"], attributes

    def update(physical_id, old, new, stack_name, **named):
        _, attributes = own["update"](name_of(physical_id), old, new, stack_name, **named)
        return attributes.get("Arn", physical_id), attributes

    def delete(physical_id, properties):
        own["delete"](name_of(physical_id), properties)

    HANDLERS["AWS::SecretsManager::Secret"] = {**own, "create": create, "update": update, "delete": delete}


# Event source mappings: the value of a parameter is a text, and the number of batches at once is compared with numbers.


def extend_event_sources():
    own = HANDLERS["AWS::Lambda::EventSourceMapping"]

    def with_numbers(properties):
        scaling = properties.get("ScalingConfig")
        if not scaling:
            return properties
        most = number(scaling.get("MaximumConcurrency"))
        return {**properties, "ScalingConfig": without_none({**scaling, "MaximumConcurrency": most})}

    def create(logical_id, properties, stack_name):
        return own["create"](logical_id, with_numbers(properties), stack_name)

    def update(physical_id, old, new, stack_name, **named):
        return own["update"](physical_id, with_numbers(old), with_numbers(new), stack_name, **named)

    HANDLERS["AWS::Lambda::EventSourceMapping"] = {**own, "create": create, "update": update}


def number(value):
    return None if value is None else int(value)


def without_none(mapping):
    return {key: value for key, value in mapping.items() if value is not None}


def put_or_remove(store, name, value):
    if value:
        store[name] = value
    else:
        store.pop(name, None)
