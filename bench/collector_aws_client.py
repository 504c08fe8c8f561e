"""CPU of a call to Firehose by the collector's own client, beside boto3's, against the same local server.

Each client runs in a process of its own: CPU to be ready (import, and the clients of Firehose and S3), of the first
call, and of each further call with a record of 8 KB. botocore alone, and its signature over http.client, are told on
stderr.
"""

import base64
import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench._figures import Figure, at_most, run, say

LIMIT_CALL, LIMIT_READY = 0.5, 0.35

OURS = """
from footfall.collector.aws.connection import Address
from footfall.collector.aws.credentials import CredentialChain
from footfall.collector.aws.firehose import FirehoseStream
from footfall.collector.aws.s3 import S3Bucket
from footfall.collector.aws.service import Service
import os
chain = CredentialChain(os.environ)
S3Bucket("bucket", "eu-central-1", os.environ, chain)
stream = FirehoseStream(Service("firehose", "eu-central-1", Address(url), chain), "stream")
call = lambda: stream.put([record], 5.0)
"""
BOTO3 = """
import boto3
from botocore.config import Config
once = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
boto3.client("s3", region_name="eu-central-1", config=once)
client = boto3.client("firehose", region_name="eu-central-1", endpoint_url=url, config=once)
call = lambda: client.put_record_batch(DeliveryStreamName="stream", Records=[{"Data": record}])
"""
BOTOCORE = BOTO3.replace("import boto3", "import botocore.session\nboto3 = botocore.session.get_session()").replace(
    "boto3.client", "boto3.create_client"
)
SIGNED = """
import base64, http.client, json
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import EnvProvider
auth = SigV4Auth(EnvProvider().load(), "firehose", "eu-central-1")
connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
def call():
    data = json.dumps({"DeliveryStreamName": "stream", "Records": [{"Data": base64.b64encode(record).decode()}]})
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "Firehose_20150804.PutRecordBatch"}
    request = AWSRequest("POST", url + "/", headers, data)
    auth.add_auth(request)
    connection.request("POST", "/", data, dict(request.headers))
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["FailedPutCount"]) == (200, 0)
"""
CLIENTS = {"boto3": BOTO3, "botocore": BOTOCORE, "http.client + botocore.auth": SIGNED, "ours": OURS}
MEASURED = """
import json, sys, time
url, calls, record = sys.argv[1], int(sys.argv[2]), b"x" * 8_000
begin = time.process_time()
exec(sys.argv[3])
ready = time.process_time()
call()
first = time.process_time()
for _ in range(calls):
    call()
end = time.process_time()
print(json.dumps({"ready": 1e3 * (ready - begin), "first": 1e3 * (first - ready), "call": 1e6 * (end - first) / calls}))
"""
RECORD = b"x" * 8_000
SENT = {"DeliveryStreamName": "stream", "Records": [{"Data": base64.b64encode(RECORD).decode()}]}
ANSWER = json.dumps({"FailedPutCount": 0, "Encrypted": False, "RequestResponses": [{"RecordId": "r"}]}).encode()
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


class Server(BaseHTTPRequestHandler):
    """Takes what every client is to send, and nothing else."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer as Firehose does."""
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        signed = self.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=none/")
        status = b"200 OK" if sent == SENT and signed else b"400 Bad Request"
        self.wfile.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n" % (status, len(ANSWER)) + ANSWER)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    rounds, calls = (2, 50) if quick else (7, 500)
    spent: dict[str, list[dict[str, float]]] = {name: [] for name in CLIENTS}
    with _serving() as url:
        order = list(CLIENTS)
        for number in range(rounds):
            say(f"collector_aws_client: round {number + 1} of {rounds}")
            for name in order:
                spent[name].append(_measured(CLIENTS[name], url, calls))
            order = order[1:] + order[:1]
    costs = {
        name: {part: statistics.median(one[part] for one in found) for part in ("ready", "first", "call")}
        for name, found in spent.items()
    }
    for name, cost in costs.items():
        told = f"ready {cost['ready']:.0f} ms, first call {cost['first']:.1f} ms, each further {cost['call']:.0f} us"
        say(f"collector_aws_client: {name}: {told}")
    ours, theirs = costs["ours"], costs["boto3"]
    yield Figure(
        "a call to Firehose, beside boto3", ours["call"], theirs["call"], "CPU us", LIMIT_CALL, at_most(LIMIT_CALL)
    )
    yield Figure(
        "import and clients, beside boto3", ours["ready"], theirs["ready"], "CPU ms", LIMIT_READY, at_most(LIMIT_READY)
    )


@contextmanager
def _serving() -> Iterator[str]:
    """The address of a server that takes every record."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _measured(client: str, url: str, calls: int) -> dict[str, float]:
    """What a client costs in a fresh process: `ready` and `first` in ms, `call` in us."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, url, str(calls), client],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **ENVIRONMENT},
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(run("collector_aws_client", measure))
