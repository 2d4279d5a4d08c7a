"""Calls services of the local AWS for tests, with a client that is not the tested one.

A JSON request a line comes in, an answer a line goes out: `{"answer": ...}`, or `{"error": CODE, "message": TEXT}`.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

clients = {}


def client(endpoint, account, service):
    key = (account, service)
    if key not in clients:
        clients[key] = boto3.client(
            service,
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )
    return clients[key]


def as_text(value):
    return value.read().decode() if hasattr(value, "read") else str(value)


for line in sys.stdin:
    request = json.loads(line)
    try:
        call = getattr(client(sys.argv[1], request["account"], request["service"]), request["operation"])
        reply = {"answer": call(**request["arguments"])}
    except ClientError as error:
        reply = {"error": error.response["Error"]["Code"], "message": str(error)}
    except Exception as error:
        reply = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(reply, default=as_text), flush=True)
