"""AWS Signature Version 4 in headers, as the AWS General Reference describes it; tests hold it to botocore's."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from footfall.collector.aws.credentials import Credentials


class Signer:
    """Signs the requests to one service in one region."""

    def __init__(self, service: str, region: str) -> None:
        """Store the names as AWS signs them, such as `firehose` and `eu-central-1`."""
        self._service = service
        self._region = region
        self._key: tuple[str, str, bytes] = ("", "", b"")

    def sign(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, credentials: Credentials, now: float
    ) -> dict[str, str]:
        """All headers to send.

        Args:
            method: such as `POST`.
            path: percent-encoded as it is sent, without a query.
            headers: names in lower case, `host` among them; all of them are signed.
            body: what is sent.
            credentials: who signs.
            now: seconds since 1970; AWS refuses what is more than 15 minutes off (S3) or 5 (others).
        """
        time = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        content = hashlib.sha256(body).hexdigest()
        signed = {**headers, "x-amz-date": time, "x-amz-content-sha256": content}
        if credentials.token:
            signed["x-amz-security-token"] = credentials.token
        names = sorted(signed)
        lines = "".join(f"{name}:{' '.join(signed[name].split())}\n" for name in names)
        listed = ";".join(names)
        canonical = f"{method}\n{path}\n\n{lines}\n{listed}\n{content}"
        scope = f"{time[:8]}/{self._region}/{self._service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._key_of(credentials.secret, time[:8]), text.encode(), "sha256").hex()
        signed["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credentials.key}/{scope}, SignedHeaders={listed}, Signature={signature}"
        )
        return signed

    def _key_of(self, secret: str, day: str) -> bytes:
        """The day's signing key; the last one made is kept."""
        known = self._key
        if known[:2] == (secret, day):
            return known[2]
        key = f"AWS4{secret}".encode()
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        self._key = (secret, day, key)
        return key
