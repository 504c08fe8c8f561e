"""What the collector's own calls to AWS cost beside boto3, botocore, and botocore's signature over http.client.

Each client runs in a process of its own against the same local server: CPU to be ready (import and make the clients of
Firehose and S3), of the first call, and of each further call with a record of 8 KB.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOAL_READY, GOAL_CALL = 0.35, 0.5

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
    assert json.loads(connection.getresponse().read())["FailedPutCount"] == 0
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
ANSWER = json.dumps({"FailedPutCount": 0, "Encrypted": False, "RequestResponses": [{"RecordId": "r"}]}).encode()
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


class Server(BaseHTTPRequestHandler):
    """Takes every record."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer as Firehose does."""
        self.rfile.read(int(self.headers["content-length"]))
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(ANSWER) + ANSWER)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def measure(quick: bool) -> dict[str, dict[str, float]]:
    """The medians of each client, in alternating rounds."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in CLIENTS}
    for number in range(2 if quick else 7):
        print(f"collector_aws_client: round {number + 1}", file=sys.stderr)
        for name, code in CLIENTS.items():
            command = [sys.executable, "-c", MEASURED, url, "50" if quick else "500", code]
            done = subprocess.run(
                command, capture_output=True, text=True, env={**os.environ, **ENVIRONMENT}, check=True
            )
            rounds[name].append(json.loads(done.stdout))
    server.shutdown()
    return {
        name: {part: statistics.median(one[part] for one in found) for part in ("ready", "first", "call")}
        for name, found in rounds.items()
    }


def main() -> int:
    """Print the figures; 1 where ours misses a goal beside boto3."""
    quick = "--quick" in sys.argv[1:]
    found = measure(quick)
    met = True
    for name, costs in found.items():
        print(f"{name}: " + ", ".join(f"{part} {cost:.1f}" for part, cost in costs.items()), file=sys.stderr)
    for part, unit, goal in (("ready", "ms CPU", GOAL_READY), ("call", "us CPU", GOAL_CALL)):
        ours, theirs = found["ours"][part], found["boto3"][part]
        met = met and ours <= goal * theirs
        line = {"bench": "collector_aws_client", "figure": part, "ours": round(ours, 1), "theirs": round(theirs, 1)}
        line |= {"ratio": round(ours / theirs, 3), "unit": unit, "better": "lower", "goal": f"at most {goal}x"}
        line |= {
            "ok": ours <= goal * theirs,
            "quick": quick,
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        }
        print(json.dumps(line))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
