"""An emulated AWS that remembers what it was asked, as IAM names it: an action, and the resource it is for."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

_DELETED = re.compile(rb"<Key>([^<]*)</Key>(<VersionId>)?")


class Asked(NamedTuple):
    """A right that a request needs: `s3:GetObject` on `arn:aws:s3:::bucket/key`."""

    action: str
    resource: str


class RecordedAws:
    """A server on 127.0.0.1 with S3, DynamoDB, Glue and whatever else is emulated.

    Attributes:
        url: its address.
        asked: what it was asked so far, in order.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        emulated = DomainDispatcherApplication(create_backend_app)

        def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            body = environ["wsgi.input"].read(length) if length else b""
            if length:
                environ["wsgi.input"] = io.BytesIO(body)
            self.asked.extend(rights(environ, body))
            answer: Iterable[bytes] = emulated(environ, start)
            return answer

        self._server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
        self._thread = Thread(target=self._server.serve_forever, name="aws", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "RecordedAws":
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def recording(self) -> Iterator[set[Asked]]:
        """Gives, once the block has ended, what was asked in it."""
        found: set[Asked] = set()
        before = len(self.asked)
        yield found
        found.update(self.asked[before:])

    def age(self, bucket: str, by: timedelta) -> None:
        """Make all that lies in a bucket so much older, which no request can."""
        keys = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys
        for name in list(keys):
            for version in keys.getlist(name):
                version.last_modified -= by


class _Quiet(MotoRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing of each request."""


def rights(environ: dict[str, Any], body: bytes) -> Iterator[Asked]:
    """What a request must be allowed to do."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target.startswith("DynamoDB_"):
        yield Asked(
            f"dynamodb:{target.rpartition('.')[2]}", f"arn:aws:dynamodb:::table/{json.loads(body)['TableName']}"
        )
    elif target.startswith("AWSGlue."):
        yield from _glue(f"glue:{target.rpartition('.')[2]}", json.loads(body))
    else:
        yield from _s3(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", ""), body)


def _glue(action: str, request: dict[str, Any]) -> Iterator[Asked]:
    database = request.get("DatabaseName") or request.get("Name") or request["DatabaseInput"]["Name"]
    table = request.get("TableInput", {}).get("Name") or (request.get("Name") if "DatabaseName" in request else None)
    yield Asked(action, "arn:aws:glue:::catalog")
    yield Asked(action, f"arn:aws:glue:::database/{database}")
    if table:
        yield Asked(action, f"arn:aws:glue:::table/{database}/{table}")


def _s3(method: str, path: str, query: str, body: bytes) -> Iterator[Asked]:
    bucket, _, key = path.lstrip("/").partition("/")
    asked = parse_qs(query, keep_blank_values=True)
    arn = f"arn:aws:s3:::{bucket}"
    version = "Version" if "versionId" in asked else ""
    if not key:
        if "delete" in asked:
            for name, of_version in _DELETED.findall(body):
                yield Asked(f"s3:DeleteObject{'Version' if of_version else ''}", f"{arn}/{name.decode()}")
        elif "versions" in asked:
            yield Asked("s3:ListBucketVersions", arn)
        else:
            yield Asked("s3:GetBucketLocation" if "location" in asked else "s3:ListBucket", arn)
    elif method == "DELETE":
        yield Asked("s3:AbortMultipartUpload" if "uploadId" in asked else f"s3:DeleteObject{version}", f"{arn}/{key}")
    else:
        yield Asked(f"s3:GetObject{version}" if method in ("GET", "HEAD") else "s3:PutObject", f"{arn}/{key}")
