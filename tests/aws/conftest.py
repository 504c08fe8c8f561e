"""The stacks, synthesized once for all tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

import app as entry

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Synthesized:
    """The templates of an environment by stack (Lake, Ingest, Query, Profiles), and what the checks found in them."""

    folder: Path
    templates: dict[str, dict[str, Any]]
    findings: tuple[tuple[str, str], ...]

    def resources(self, kind: str, stack: str = "") -> list[dict[str, Any]]:
        """The resources of a type such as `AWS::S3::Bucket`, in one stack or in all."""
        return [
            resource
            for name, template in self.templates.items()
            if stack in ("", name)
            for resource in template["Resources"].values()
            if resource["Type"] == kind
        ]

    def properties(self, kind: str, stack: str = "") -> list[dict[str, Any]]:
        """Their properties."""
        return [resource["Properties"] for resource in self.resources(kind, stack)]


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """The environment `prod` of cdk.json, with the checks of cdk-nag and of CloudFormation's own rules."""
    folder = tmp_path_factory.mktemp("cdk")
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=str(folder), context={**context, "environment": "prod"})
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    stacks = entry.build(app)
    try:
        app.synth()
    except RuntimeError as error:  # there are findings: test_checks.py judges them
        if "validation-report.json" not in str(error):
            raise
    report = json.loads((folder / "validation-report.json").read_text())
    findings = {
        (violation["ruleName"], construct["constructPath"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }
    templates = {
        stack.stack_name.rpartition("-")[2]: json.loads((folder / stack.template_file).read_text()) for stack in stacks
    }
    return Synthesized(folder, templates, tuple(sorted(findings)))
