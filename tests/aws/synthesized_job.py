"""A Glue job as the stack gives it, with names and ARNs in the place of references."""

from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tests.aws.glue_runtime import REGION
from tests.aws.recorded_aws import Asked

_PSEUDO = {"AWS::Region": REGION, "AWS::Partition": "aws", "AWS::AccountId": "123456789012"}


class Statement(NamedTuple):
    """What a role may do: actions, on resources whose ARNs may hold `*`."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def allows(self, asked: Asked) -> bool:
        """Whether this is one of them."""
        return asked.action in self.actions and any(fnmatchcase(asked.resource, known) for known in self.resources)


class SynthesizedJob:
    """A job of a template.

    Attributes:
        script: the name of its script.
        arguments: what Glue gives it.
        spark: Spark's settings among these.
        statements: what its role may do.
    """

    def __init__(self, template: dict[str, Any], name: str) -> None:
        self._resources = template["Resources"]
        [job] = [
            resource["Properties"]
            for resource in self._resources.values()
            if resource["Type"] == "AWS::Glue::Job" and resource["Properties"]["Name"] == name
        ]
        self.script = self._resolved(job["Command"]["ScriptLocation"]).rpartition("/")[2]
        self.arguments = {key: self._resolved(value) for key, value in job["DefaultArguments"].items()}
        self.spark = dict(setting.split("=", 1) for setting in self.arguments["--conf"].split(" --conf "))
        role = self._resources[job["Role"]["Fn::GetAtt"][0]]["Properties"]
        self.statements = tuple(
            Statement(tuple(_listed(statement["Action"])), tuple(map(self._resource, _listed(statement["Resource"]))))
            for policy in role["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        )

    def _resource(self, value: Any) -> str:
        """An ARN without region and account, as the emulated AWS names what it is asked for."""
        parts = self._resolved(value).split(":", 5)
        return ":".join((*parts[:3], "", "", parts[5])) if len(parts) == 6 else parts[0]

    def _resolved(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        [(function, given)] = value.items()
        if function == "Fn::Join":
            return str(given[0]).join(map(self._resolved, given[1]))
        if function == "Ref":
            return _PSEUDO.get(given) or given.lower()
        assert function == "Fn::GetAtt", value
        kind = self._resources[given[0]]["Type"]
        prefix = {
            "AWS::S3::Bucket": "arn:aws:s3:::",
            "AWS::DynamoDB::GlobalTable": "arn:aws:dynamodb:::table/",
            "AWS::Logs::LogGroup": "arn:aws:logs:::",
        }[kind]
        return prefix + str(given[0]).lower()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
