"""AWS's standard chain of credentials; where the environment holds them, as in Lambda, without loading the SDK."""

import threading
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from footfall.collector.aws.errors import AwsError

_KEY, _SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
_EXPIRES = "AWS_CREDENTIAL_EXPIRATION"


class Credentials(Struct, frozen=True):
    """What a request is signed with. `token` is empty for credentials that do not expire."""

    key: str
    secret: str
    token: str = ""


class CredentialChain:
    """The credentials of this process. Safe to use from several threads.

    The environment comes first in the SDK's own chain too. What it does not hold, or holds with an end, is left to
    botocore: profiles, SSO, web identity, containers, instances, and their renewal.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Store where to look first; nothing is read yet."""
        self._environment = environment
        self._fixed: Credentials | None = None
        self._renewed: Any = None
        self._lock = threading.Lock()

    def current(self) -> Credentials:
        """The credentials to sign with now.

        Raises:
            AwsError: there are none (`NoCredentials`).
        """
        if self._fixed is not None:
            return self._fixed
        with self._lock:
            if self._renewed is None:
                self._fixed = self._from_environment()
                if self._fixed is not None:
                    return self._fixed
                self._renewed = _from_the_rest_of_the_chain()
            try:
                frozen = self._renewed.get_frozen_credentials()
            except Exception as error:
                raise AwsError("NoCredentials") from error
            return Credentials(frozen.access_key, frozen.secret_key, frozen.token or "")

    def _from_environment(self) -> Credentials | None:
        found = self._environment
        if not (found.get(_KEY) and found.get(_SECRET)) or found.get(_EXPIRES):
            return None
        token = next((found[name] for name in _TOKENS if found.get(name)), "")
        return Credentials(found[_KEY], found[_SECRET], token)


def _from_the_rest_of_the_chain() -> Any:
    import botocore.session

    try:
        credentials = botocore.session.get_session().get_credentials()
    except Exception as error:
        raise AwsError("NoCredentials") from error
    if credentials is None:
        raise AwsError("NoCredentials")
    return credentials
