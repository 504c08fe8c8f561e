"""The findings of cdk-nag's AWS solutions checks and of CloudFormation's rules: each is mended, or accepted here."""

import re
from typing import Any

IAM5 = r"AwsSolutions-IAM5\[Resource::"
CDK_FUNCTION = r"/Custom::CDKBucketDeployment"
ACCEPTED = (
    (
        IAM5 + r".*(Arn>|Arn\w{8})(/raw|/raw/actions|/erasures|/etl|/temporary|/failed)?/\*\]",
        r"/(Etl|Upkeep|Erase|Check|Delivery)/Role/",
        "objects of our buckets",
    ),
    (IAM5 + r".*Arn\w{8}/raw/spill/\*\]", r"/Collector/Role/", "spill objects, each of its own name, below one prefix"),
    (IAM5 + r".*:table/footfall/\*\]", r"/(Etl|Upkeep|Erase|Check)/Role/", "jobs make the tables of their database"),
    (
        IAM5 + r"\*\]",
        r"/(Etl|Upkeep|Erase|Check)/Role/",
        "cloudwatch:PutMetricData knows no resources; it is bound to a namespace",
    ),
    (r"AwsSolutions-IAM[45]\[.*\]", CDK_FUNCTION, "the CDK's own function, which copies the code at a deployment"),
    (r"AwsSolutions-L1", CDK_FUNCTION, "the CDK chooses the runtime of its function"),
    (r"AwsSolutions-L1", r"/Collector/Function/", "Python 3.13, for which the packages are pinned"),
    (
        r"AwsSolutions-GL[13]",
        r"/(Etl|Upkeep|Erase|Check)/Job",
        "logs that say nothing of people are encrypted by CloudWatch; no bookmarks",
    ),
    (r"AwsSolutions-APIG4", r"/FrontDoor/Api/", "browsers have no credentials: the collector checks the write key"),
    (r"AwsSolutions-OS[13]", r"/Profiles/Domain", "only requests signed by one role are answered"),
    (r"AwsSolutions-OS4", r"/Profiles/Domain", "profiles can be loaded again; three data nodes elect a leader"),
)
"""(rule, construct, why it is accepted); the first two are regular expressions."""


def reason(rule: str, construct: str) -> str | None:
    return next((why for r, c, why in ACCEPTED if re.fullmatch(r, rule) and re.search(c, construct)), None)


def test_each_finding_is_accepted_with_a_reason(prod: Any) -> None:
    assert [finding for finding in prod.findings if reason(*finding) is None] == []


def test_no_acceptance_is_left_over(prod: Any) -> None:
    used = {reason(*finding) for finding in prod.findings}
    assert [why for _, _, why in ACCEPTED if why not in used] == []
