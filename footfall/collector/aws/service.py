"""A service of AWS: its address, and its calls, signed."""

import re
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from footfall.collector.aws.connection import Address, Answer
from footfall.collector.aws.credentials import CredentialChain
from footfall.collector.aws.errors import AwsError
from footfall.collector.aws.signature import Signer

_XML_CODE = re.compile(rb"<Code>([A-Za-z0-9.]+)</Code>")


class Service:
    """Sends signed requests to a service. Safe to use from several threads."""

    def __init__(self, name: str, region: str, address: Address, credentials: CredentialChain) -> None:
        """Store the parts; nothing is opened yet. `name` is as AWS signs it, such as `firehose`."""
        self.address = address
        self._signer = Signer(name, region)
        self._credentials = credentials

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
        """The answer to a signed request, within so many seconds.

        Raises:
            AwsError: it is not one of success, or there was none.
        """
        path = self.address.path + path
        signed = self._signer.sign(
            method, path, {**headers, "host": self.address.host}, body, self._credentials.current(), time.time()
        )
        answer = self.address.request(method, path, signed, body, seconds)
        if not 200 <= answer.status < 300:
            raise AwsError(_code(answer), answer.status)
        return answer

    def call(self, target: str, version: str, document: object, seconds: float) -> bytes:
        """The body of the answer to a call of AWS's JSON protocol, such as `Firehose_20150804.PutRecordBatch`.

        Raises:
            AwsError: as of `send`.
        """
        headers = {"content-type": f"application/x-amz-json-{version}", "x-amz-target": target}
        return self.send("POST", "/", headers, msgspec.json.encode(document), seconds).body


def endpoint(service: str, region: str, environment: Mapping[str, str]) -> str:
    """The URL of a service: the environment's (AWS_ENDPOINT_URL_FIREHOSE, AWS_ENDPOINT_URL), else AWS's own."""
    given = environment.get(f"AWS_ENDPOINT_URL_{service.upper()}") or environment.get("AWS_ENDPOINT_URL")
    return given or f"https://{service}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _code(answer: Answer) -> str:
    """AWS's error code: in a header or in JSON, with other text around it; in S3's XML."""
    said = answer.headers.get("x-amzn-errortype", "")
    if not said:
        try:
            document: Any = msgspec.json.decode(answer.body)
            said = str(document.get("__type", "")) if isinstance(document, dict) else ""
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = _XML_CODE.search(answer.body)
            said = found[1].decode() if found else ""
    return said.split(":")[0].rpartition("#")[2] or f"Http{answer.status}"
