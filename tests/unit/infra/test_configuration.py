"""The settings of an environment: read, refused, and documented."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from infra.configuration import Configuration, read_configuration
from infra.log_retention import log_retention

REPOSITORY = Path(__file__).resolve().parents[3]
ENVIRONMENTS = json.loads((REPOSITORY / "cdk.json").read_text())["context"]["footfall"]


def test_what_is_not_set_has_its_default() -> None:
    configuration = read_configuration({"small": {"search_nodes": 2}}, "small")
    assert configuration == Configuration(environment="small", search_nodes=2)
    assert configuration.prefix == "footfall-small"


@pytest.mark.parametrize(
    ("environments", "environment", "says"),
    [
        (None, "dev", "no environment 'dev'"),
        ({"prod": {}}, "dev", "context.footfall has prod"),
        ({"dev": {"nodes": 3}}, "dev", "dev.nodes is no setting"),
        ({"dev": {"search_nodes": "3"}}, "dev", "dev.search_nodes is '3'"),
        ({"dev": {"search_nodes": True}}, "dev", "dev.search_nodes is True"),
        ({"dev": {"environment": "x"}}, "dev", "dev.environment is no setting"),
        ({"Dev Two": {}}, "Dev Two", "lower-case"),
    ],
)
def test_a_configuration_that_is_wrong_is_refused_by_name(
    environments: dict[str, Any] | None, environment: str, says: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        read_configuration(environments, environment)


def test_logs_are_kept_for_days_that_cloudwatch_knows() -> None:
    assert log_retention(90).name == "THREE_MONTHS"
    with pytest.raises(ValueError, match="log_days is 91"):
        log_retention(91)


def test_every_setting_is_documented_with_its_default_and_its_value_in_each_environment() -> None:
    page = (REPOSITORY / "docs" / "deploy.md").read_text()
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in page.splitlines() if "|" in line]
    documented = {row[0]: row[1:] for row in rows if len(row) == 4 and row[0].islower()}
    documented.pop("setting")
    settings = {field.name: field.default for field in fields(Configuration) if field.name != "environment"}
    assert documented.keys() == settings.keys()
    for name, (default, dev, prod) in documented.items():
        value = settings[name]
        assert default == (json.dumps(value) if isinstance(value, bool) else str(value) or "nobody"), name
        for environment, cell in (("dev", dev), ("prod", prod)):
            value = ENVIRONMENTS[environment].get(name, "")
            assert cell == (json.dumps(value) if isinstance(value, bool) else str(value)), (name, environment)
