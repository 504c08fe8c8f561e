"""API Gateway's events to and from the collector."""

import base64
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from footfall.collector.api_gateway import respond
from footfall.collector.handler import Collector
from footfall.collector.messages import Request, Response

REPOSITORY = Path(__file__).resolve().parents[3]
NOW = 1_767_225_600_000
BODY = json.dumps(
    {
        "write_key": "key-shop",
        "sent_at": NOW,
        "visitor": "v-é",
        "events": [{"id": "e-1", "name": "a", "level": "low", "time": NOW}],
    },
    ensure_ascii=False,
)


def _event(**changes: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": "/v1/events",
        "headers": {"user-agent": "Browser/1.0"},
        "requestContext": {
            "http": {"method": "POST", "path": "/v1/events", "sourceIp": "203.0.113.77"},
            "requestId": "request-7",
        },
        "body": BODY,
        "isBase64Encoded": False,
    } | changes


@pytest.mark.parametrize(
    "changes", [{}, {"body": base64.b64encode(BODY.encode()).decode(), "isBase64Encoded": True}], ids=["text", "base64"]
)
def test_a_batch_is_taken_in_as_text_and_as_base64(collector: Collector, sink: Any, changes: dict[str, Any]) -> None:
    answer = respond(collector, _event(**changes))
    assert (answer["statusCode"], json.loads(answer["body"])["accepted"]) == (200, 1)
    (line,) = sink.lines
    assert (line.request_id, line.ip, line.user_agent, line.visitor) == (
        "request-7",
        "203.0.113.0",
        "Browser/1.0",
        "v-é",
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"body": "%%%", "isBase64Encoded": True}, 400),
        ({"body": "é", "isBase64Encoded": True}, 400),
        ({"body": "\ud800"}, 400),
        ({"body": None}, 400),
        ({"headers": None}, 200),
        ({"rawPath": "/nowhere"}, 404),
    ],
)
def test_an_odd_event_gets_an_answer(collector: Collector, changes: dict[str, Any], status: int) -> None:
    answer = respond(collector, _event(**changes))
    assert answer["statusCode"] == status
    assert isinstance(answer["body"], str)


class Echo:
    """Answers with what it was asked, in bytes that are no text, and with two cookies."""

    def handle(self, request: Request) -> Response:
        asked = f"{request.query} {request.headers.get('cookie')} ".encode()
        return Response(200, {"content-type": "image/gif"}, asked + b"\xff", ("a=1", "b=2"))


def test_a_query_string_cookies_and_bytes_go_through() -> None:
    event = _event(rawQueryString="e=pv&url=%C3%A9", cookies=["v=1", "w=2"])
    answer = respond(Echo(), event)  # type: ignore[arg-type]
    assert answer["isBase64Encoded"] is True
    assert base64.b64decode(answer["body"]) == b"e=pv&url=%C3%A9 v=1; w=2 \xff"
    assert answer["cookies"] == ["a=1", "b=2"]


def test_importing_the_lambda_reads_no_environment_and_opens_no_client() -> None:
    program = (
        "import sys, runpy; runpy.run_path('lambdas/collector/handler.py'); "
        "print(sorted({'boto3', 'duckdb', 'pyarrow', 'uvicorn', 'typer'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "[]\n"


def test_the_lambda_needs_its_environment_at_its_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STREAM_NAME", "TENANTS_TABLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    spec = importlib.util.spec_from_file_location("collector_lambda", REPOSITORY / "lambdas/collector/handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(KeyError, match="TENANTS_TABLE"):
        module.handler(_event(), None)
