"""Clients of many services, watched without a contract while moto answers."""

from __future__ import annotations

import io
import json
import logging
import os
import threading
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from shapespec import boto3 as watching
from shapespec.boto3 import Event, ResponseRefused, unwatch, watch
from shapespec.importers.botocore.body import read_body
from tests.support.moto_jobs import CREDENTIALS

ROLE = "arn:aws:iam::123456789012:role/tides"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
MACHINE = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})


@pytest.fixture
def session() -> Iterator[Any]:
    """A session of boto3 whose calls moto answers."""
    import boto3
    from moto import mock_aws

    with patch.dict("os.environ", CREDENTIALS), mock_aws():
        yield boto3.Session()


class Watched:
    """Makes watched clients, and remembers what was called and found."""

    def __init__(self, session: Any) -> None:
        """Make clients of a session."""
        self.session = session
        self.found: list[Event] = []
        self.called: set[tuple[str, str]] = set()

    def __call__(self, service: str) -> Any:
        client = self.session.client(service)
        watch(client, self.found.append)

        def called(*, model: Any, **_: object) -> None:
            self.called.add((service, str(model.name)))

        client.meta.events.register("after-call", called)
        return client

    def told(self, severity: str = "error") -> list[str]:
        return [str(one) for one in self.found if one.severity == severity]


@pytest.fixture
def watched(session: Any) -> Watched:
    """Watched clients."""
    return Watched(session)


def compute(watched: Watched) -> None:
    ec2 = watched("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
    ec2.describe_vpcs()
    ec2.describe_instances()
    ec2.describe_regions()
    watched("elbv2").describe_load_balancers()
    watched("autoscaling").describe_auto_scaling_groups()
    eks = watched("eks")
    eks.create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={})
    eks.describe_cluster(name="c")
    ecs = watched("ecs")
    ecs.create_cluster(clusterName="tides")
    ecs.describe_clusters()
    function = watched("lambda")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("tides.py", "def handler(event, context): return 1")
    roles(watched)
    function.create_function(
        FunctionName="f",
        Runtime="python3.11",
        Role=ROLE,
        Handler="tides.handler",
        Code={"ZipFile": code.getvalue()},
    )
    function.get_function(FunctionName="f")
    function.list_functions()
    emr = watched("emr")
    flow = emr.run_job_flow(
        Name="n",
        Instances={"InstanceCount": 1, "MasterInstanceType": "m5.xlarge"},
    )
    emr.describe_cluster(ClusterId=flow["JobFlowId"])


def roles(watched: Watched) -> None:
    iam = watched("iam")
    iam.create_role(RoleName="tides", AssumeRolePolicyDocument=POLICY)
    iam.get_role(RoleName="tides")
    iam.list_roles()
    iam.create_user(UserName="ada")
    sts = watched("sts")
    sts.get_caller_identity()
    sts.assume_role(RoleArn=ROLE, RoleSessionName="tides")


def storage(watched: Watched) -> None:
    s3 = watched("s3")
    s3.create_bucket(
        Bucket="tides", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_object(Bucket="tides", Key="k", Body=b"x", Metadata={"a": "b"})
    assert s3.get_object(Bucket="tides", Key="k")["Body"].read() == b"x"
    s3.head_object(Bucket="tides", Key="k")
    s3.list_objects_v2(Bucket="tides")
    s3.list_buckets()
    s3.get_bucket_location(Bucket="tides")
    dynamodb = watched("dynamodb")
    dynamodb.create_table(
        TableName="tides",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.describe_table(TableName="tides")
    item = {"a": {"S": "1"}, "n": {"N": "2"}}
    dynamodb.batch_write_item(RequestItems={"tides": [{"PutRequest": {"Item": item}}]})
    dynamodb.batch_get_item(RequestItems={"tides": {"Keys": [{"a": {"S": "1"}}]}})
    dynamodb.scan(TableName="tides")
    rds = watched("rds")
    rds.describe_db_instances()
    machines = watched("stepfunctions")
    machines.create_state_machine(name="m", definition=MACHINE, roleArn=ROLE)
    machines.list_state_machines()


def messages(watched: Watched) -> None:
    sqs = watched("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "b"}])
    sqs.receive_message(QueueUrl=url)
    sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    sns = watched("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.publish(TopicArn=topic, Message="m")
    sns.list_topics()
    kinesis = watched("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    kinesis.describe_stream(StreamName="s")
    kinesis.put_records(StreamName="s", Records=[{"Data": b"x", "PartitionKey": "p"}])
    events = watched("events")
    events.put_rule(Name="r", ScheduleExpression="rate(1 day)")
    events.list_rules()
    watched("firehose").list_delivery_streams()


def management(watched: Watched) -> None:
    ssm = watched("ssm")
    ssm.put_parameter(Name="p", Value="v", Type="String")
    ssm.get_parameters(Names=["p", "x"])
    ssm.describe_parameters()
    watched("cloudtrail").describe_trails()
    files = watched("efs")
    files.create_file_system(CreationToken="t")
    files.describe_file_systems()
    watched("redshift").describe_clusters()
    cloudwatch = watched("cloudwatch")
    cloudwatch.put_metric_data(
        Namespace="n", MetricData=[{"MetricName": "m", "Value": 1.0}]
    )
    cloudwatch.list_metrics()
    logs = watched("logs")
    logs.create_log_group(logGroupName="g")
    logs.describe_log_groups()
    kms = watched("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.describe_key(KeyId=key)
    secrets = watched("secretsmanager")
    secrets.create_secret(Name="s", SecretString="x")
    secrets.get_secret_value(SecretId="s")
    secrets.list_secrets()
    dns = watched("route53")
    zone = dns.create_hosted_zone(Name="e.com", CallerReference="x")["HostedZone"]
    dns.list_resource_record_sets(HostedZoneId=zone["Id"])
    acm = watched("acm")
    certificate = acm.request_certificate(DomainName="e.com")["CertificateArn"]
    acm.describe_certificate(CertificateArn=certificate)


MOTO = (
    'SecretListEntry has no member "VersionIdsToStages"',
    'Rule has no member "CreatedBy"',
    'FileSystemDescription has no member "FileSystemPolicy"',
    'FileSystemDescription has no member "LifecyclePolicies"',
)
"""Members that moto sends and AWS does not: slips of its own, in the body alone."""


def test_healthy_responses_of_many_services_have_no_error(watched: Watched) -> None:
    """Everyday calls through boto3 have no error; unknown members are moto's own."""
    for calls in (compute, storage, messages, management):
        calls(watched)

    unknown = [one for one in watched.found if one.rule == "unknown-member"]
    assert [] == watched.told("error")
    assert {*MOTO} == {one.message.partition(";")[0] for one in unknown}
    assert 60 <= len(watched.called)
    assert 25 <= len({service for service, _ in watched.called})


# --- corruptions of the wire ----------------------------------------------------------


def corrupted(client: Any, old: bytes, new: bytes) -> None:
    """Change what a client receives, before anybody sees it."""

    def change(*, response_dict: dict[str, Any], **_: object) -> None:
        body = response_dict["body"]
        assert old in body
        response_dict["body"] = body.replace(old, new)

    client.meta.events.register("before-parse", change)


class Corruption(NamedTuple):
    """A change of what a service sends, and what is found.

    Attributes:
        call: The operation that is called, as the method of a client.
        old: What the body holds.
        new: What it holds instead.
        expected: The severity, rule and pointer of each finding.
    """

    service: str
    call: str
    old: bytes
    new: bytes
    expected: list[tuple[str, str, str]]


CORRUPTIONS = {
    "JSON: a member that the parser drops": Corruption(
        "dynamodb",
        "list_tables",
        b'{"TableNames"',
        b'{"Bogus": 1, "TableNames"',
        [("warning", "unknown-member", "/Bogus")],
    ),
    "JSON: an object in the place of a list": Corruption(
        "dynamodb",
        "list_tables",
        b'"TableNames": []',
        b'"TableNames": {}',
        [("error", "type", "/TableNames")],
    ),
    "query: an element that the parser drops": Corruption(
        "sns",
        "list_topics",
        b"<Topics/>",
        b"<Bogus>1</Bogus><Topics/>",
        [("warning", "unknown-member", "/Bogus")],
    ),
    "EC2: text that the parser takes for false": Corruption(
        "ec2",
        "describe_vpcs",
        b"<isDefault>true</isDefault>",
        b"<isDefault>yes</isDefault>",
        [("error", "type", "/Vpcs/0/IsDefault")],
    ),
    "EC2: an unknown value that the parser keeps": Corruption(
        "ec2",
        "describe_vpcs",
        b"<state>available</state>",
        b"<state>drifting</state>",
        [("warning", "unknown-value", "/Vpcs/0/State")],
    ),
    "REST-XML: an element deep inside": Corruption(
        "s3",
        "list_buckets",
        b"<Buckets/>",
        b"<Buckets><Bucket><Name>b</Name><Bogus>1</Bogus></Bucket></Buckets>",
        [("warning", "unknown-member", "/Buckets/0/Bogus")],
    ),
    "REST-JSON: a wrong item and an unknown member": Corruption(
        "eks",
        "list_clusters",
        b'{"clusters": []',
        b'{"bogus": 1, "clusters": [1]',
        [
            ("error", "type", "/clusters/0"),
            ("warning", "unknown-member", "/bogus"),
        ],
    ),
}


@pytest.mark.parametrize("case", CORRUPTIONS.values(), ids=[*CORRUPTIONS])
def test_corruptions_of_the_wire_are_found_once(
    watched: Watched, case: Corruption
) -> None:
    """What the parser drops or bends is found in the body, and reported once."""
    client = watched(case.service)
    corrupted(client, case.old, case.new)

    getattr(client, case.call)()

    found = [(one.severity, one.rule, one.pointer) for one in watched.found]
    assert case.expected == found
    assert all(one.raw for one in watched.found)


def test_a_body_that_cannot_be_parsed_is_reported(watched: Watched) -> None:
    """Where botocore fails to parse, the findings tell what is wrong with the body."""
    client = watched("s3")
    client.create_bucket(
        Bucket="tides", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    corrupted(client, b"<KeyCount>0<", b"<KeyCount>none<")

    with pytest.raises(ValueError, match="invalid literal for int"):
        client.list_objects_v2(Bucket="tides")

    assert [("type", "/KeyCount")] == [(one.rule, one.pointer) for one in watched.found]


# --- what an event tells --------------------------------------------------------------


def test_an_event_tells_which_call_it_is_about(watched: Watched) -> None:
    """The event has all that a log or a metric needs."""
    client = watched("kinesis")
    client.create_stream(StreamName="s", ShardCount=1)
    client.put_records(StreamName="s", Records=[{"Data": b"x", "PartitionKey": "p"}])

    (event,) = (one for one in watched.found if one.operation == "PutRecords")

    assert ("kinesis", "eu-west-1") == (event.service, event.region)
    assert event.request_id
    assert event.time.tzinfo is not None
    assert event.finding.rule == event.rule == "range"
    assert "not confirmed by responses" in event.message


def test_log_records_carry_the_call(
    session: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A log record has the event's attributes as its own."""
    client = session.client("dynamodb")
    watch(client)
    corrupted(client, b'{"TableNames"', b'{"Bogus": 1, "TableNames"')

    client.list_tables()

    (record,) = caplog.records
    assert "dynamodb" == vars(record)["service"]
    assert "ListTables" == vars(record)["operation"]
    assert "/Bogus" == vars(record)["pointer"]
    assert vars(record)["request_id"]


def test_an_error_of_the_body_is_refused(session: Any) -> None:
    """With `raise_on`, what only the body shows is refused, too; claims are not."""
    client = session.client("ec2")
    watch(client, raise_on="error")
    client.describe_vpcs()
    corrupted(client, b"<isDefault>true</isDefault>", b"<isDefault>yes</isDefault>")

    with pytest.raises(ResponseRefused, match="IsDefault"):
        client.describe_vpcs()


def test_paginators_and_waiters_are_watched(watched: Watched) -> None:
    """Calls that boto3 makes for the user are validated like their own."""
    client = watched("dynamodb")
    corrupted(client, b'"Table', b'"Bogus": 1, "Table')

    for _ in client.get_paginator("list_tables").paginate():
        pass

    assert ["/Bogus"] == [one.pointer for one in watched.found]


def test_stubs_are_watched(session: Any) -> None:
    """A Stubber answers without a body; what it answers is validated."""
    from botocore.stub import Stubber

    client = session.client("sqs")
    found: list[Event] = []
    watch(client, found.append)

    with Stubber(client) as stubber:
        stubber.add_response("list_queues", {"QueueUrls": ["u"]})
        client.list_queues()

    assert [] == found


def test_items_of_a_resource_are_validated_as_sent(
    session: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A DynamoDB resource makes Python values of items: a note, and no error."""
    caplog.set_level(logging.INFO, "shapespec.boto3")
    tables = session.resource("dynamodb")
    table = tables.create_table(
        TableName="tides",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table.put_item(Item={"a": "1", "n": 2})
    found: list[Event] = []
    watch(tables.meta.client, found.append)

    item = tables.Table("tides").get_item(Key={"a": "1"})["Item"]

    assert "1" == item["a"]
    assert [] == [one for one in found if one.severity == "error"]
    assert "items are validated as they are sent" in caplog.text


def test_watching_twice_reports_once(session: Any) -> None:
    """A client that is watched anew, or no longer, has one watcher or none."""
    client = session.client("dynamodb")
    found: list[Event] = []
    watch(client, found.append)
    watch(client, found.append)
    corrupted(client, b'{"TableNames"', b'{"Bogus": 1, "TableNames"')

    client.list_tables()
    unwatch(client)
    client.list_tables()

    assert 1 == len(found)


def test_contracts_in_memory_are_bounded(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least used contract makes room, and is made again when it is needed."""
    monkeypatch.setattr(watching, "MOST_CONTRACTS", 1)
    client = watched("sqs")

    for _ in range(2):
        client.list_queues()
        client.create_queue(QueueName="q")

    assert 1 == len(watching._made)  # noqa: SLF001 - the bound is what is tested
    assert [] == watched.found


def test_a_contract_is_made_while_the_response_is_waited_for(
    session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there when the service answers, and findings come before the call ends."""
    monkeypatch.setattr(watching, "_made", OrderedDict())
    client = session.client("dynamodb")
    found: list[Event] = []
    watch(client, found.append)
    corrupted(client, b'{"TableNames"', b'{"Bogus": 1, "TableNames"')
    made: list[str] = []

    def answering(**_: object) -> None:
        for thread in threading.enumerate():
            if thread.name == "shapespec-contract":
                thread.join()
        made.extend(operation for *_, operation in watching._made)  # noqa: SLF001

    client.meta.events.register_first("before-send", answering)

    client.list_tables()

    assert ["ListTables"] == made
    assert ["/Bogus"] == [one.pointer for one in found]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_waits_for_nobody() -> None:
    """A contract that the parent was making when it forked is made by the child."""
    with watching._locks.making, warnings.catch_warnings():  # noqa: SLF001
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
        if child == 0:
            free = watching._locks.making.acquire(blocking=False)  # noqa: SLF001
            os._exit(0 if free else 1)

    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_cbor_is_read() -> None:
    """A body in CBOR has its members, and those that are unknown."""
    from botocore.model import DenormalizedStructureBuilder

    shape = (
        DenormalizedStructureBuilder()
        .with_members({"Count": {"type": "integer"}})
        .build_model()
    )
    body = bytes.fromhex("a2 65 436f756e74 0a 65 426f677573 f5")

    found = read_body(body, shape, "smithy-rpc-v2-cbor")

    assert {"Count": 10, "Bogus": True} == found
