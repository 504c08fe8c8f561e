"""Where credentials come from: the environment first, then whatever the SDK's own chain finds."""

from pathlib import Path

import pytest

from footfall.collector.aws.credentials import CredentialChain, Credentials
from footfall.collector.aws.errors import AwsError

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in (*KEYS, "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


@pytest.mark.parametrize(
    ("more", "token"),
    [
        ({}, ""),
        ({"AWS_SESSION_TOKEN": "t"}, "t"),
        ({"AWS_SESSION_TOKEN": "t", "AWS_SECURITY_TOKEN": "older"}, "older"),
    ],
)
def test_those_of_a_lambda_come_from_its_environment(more: dict[str, str], token: str) -> None:
    assert CredentialChain(KEYS | more).current() == Credentials("key", "secret", token)


def test_without_them_the_sdks_chain_is_asked(nothing_else: Path) -> None:
    (nothing_else / "credentials").write_text(
        "[default]\naws_access_key_id = filed\naws_secret_access_key = away\naws_session_token = t\n"
    )
    chain = CredentialChain({})
    assert chain.current() == chain.current() == Credentials("filed", "away", "t")


def test_none_at_all_are_said_to_be_missing_each_time() -> None:
    chain = CredentialChain({})
    for _ in range(2):
        with pytest.raises(AwsError, match="NoCredentials"):
            chain.current()
