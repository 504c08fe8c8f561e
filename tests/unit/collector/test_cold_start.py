"""What a fresh Lambda loads before its first request: an SDK alone would take longer than all the rest."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
SETTINGS = {"AWS_REGION": "eu-central-1", "STREAM_NAME": "stream", "TENANTS_TABLE": "tenants", "RAW_BUCKET": "raw"}
PROGRAM = """
import sys
from lambdas.collector.handler import collector
collector()
loaded = {name.partition(".")[0] for name in sys.modules}
print(" ".join(sorted(loaded & {"boto3", "botocore", "urllib3", "jsonschema_rs", "asyncio", "pydantic"})))
"""


def test_the_collector_is_ready_without_an_sdk() -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **SETTINGS}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
