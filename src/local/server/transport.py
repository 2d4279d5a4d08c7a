"""Requests count as sent over TLS.

The server speaks HTTP on loopback only, and buckets, queues and topics deny whoever does not use TLS, as they shall on AWS.
"""

import ministack.core.iam_evaluator as iam_evaluator

own_pin = iam_evaluator.pin_request_origin


def register():
    iam_evaluator.pin_request_origin = lambda source_ip, secure_transport: own_pin(source_ip, True)
