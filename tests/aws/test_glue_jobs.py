"""The Glue jobs as they are deployed: their packed code, by the arguments and Spark settings of the stack, on Spark 3.5
with Iceberg's Glue catalog, S3 and DynamoDB of an emulated AWS, beside the embedded engine over the same raw objects.

Athena itself is emulated by nothing here: that it can read the tables is shown by what it would read, the columns in
the Glue catalog and the files in S3, by awswrangler.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from footfall.lake.tables import Table
from tests.aws.glue_runtime import CREDENTIALS, REGION
from tests.aws.glue_story import DERIVED, SIMULATED, STRAYS, Story, buckets, play, said_of_users
from tests.aws.recorded_aws import Asked, RecordedAws
from tests.aws.synthesized_job import SynthesizedJob

# One runtime for the module; a machine that is shared may need minutes for its ten runs.
pytestmark = [pytest.mark.glue, pytest.mark.spark, pytest.mark.timeout(3_600)]

NAMES = ("etl", "upkeep", "erase", "check")


@pytest.fixture(scope="module")
def jobs(prod: Any) -> dict[str, SynthesizedJob]:
    return {name: SynthesizedJob(prod.templates["Lake"], f"footfall-prod-{name}") for name in NAMES}


@pytest.fixture(scope="module")
def aws() -> Iterator[RecordedAws]:
    with pytest.MonkeyPatch.context() as patch, RecordedAws() as server:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in {**CREDENTIALS, "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": server.url}.items():
            patch.setenv(name, value)
        yield server


@pytest.fixture(scope="module")
def story(aws: RecordedAws, jobs: dict[str, SynthesizedJob], tmp_path_factory: pytest.TempPathFactory) -> Story:
    return play(aws, jobs, tmp_path_factory.mktemp("glue"))


def test_the_job_takes_in_what_the_collector_wrote_spill_objects_too(story: Story) -> None:
    assert story.first["objects"] == 4
    assert story.first["events"] > SIMULATED / 2
    assert story.first["rejected"] > 0


def test_a_second_run_commits_nothing(story: Story) -> None:
    assert story.second["objects"] == 0
    assert story.metadata[0] == story.metadata[1]


def test_a_late_object_is_taken_in_and_a_window_replayed_in_one_run(story: Story) -> None:
    # Of the objects that were there, those of today; the others lie before the window.
    assert story.late["objects"] == 3
    assert 0 < story.late["new_events"] < story.late["events"]


def test_every_table_holds_the_rows_that_the_embedded_engine_makes_of_the_same_raw(story: Story) -> None:
    assert {name for name, rows in story.embedded.items() if rows} == {*story.embedded}
    for name, rows in story.embedded_by_pyiceberg.items():
        assert story.pyiceberg[name] == rows, name


def test_awswrangler_reads_the_same_rows_from_the_files_to_the_last_null(story: Story) -> None:
    for name, rows in story.embedded.items():
        assert story.awswrangler[name] == rows, name


@pytest.mark.parametrize("table", DERIVED, ids=[table.name for table in DERIVED])
def test_the_glue_catalog_has_the_declared_columns_in_athenas_types(story: Story, table: Table) -> None:
    athena = {column.name: column.type.replace("long", "bigint") for column in table.columns}
    assert story.types[table.name] == athena


def test_upkeep_takes_out_what_is_too_old_as_the_embedded_engine_does_and_changes_no_other_row(story: Story) -> None:
    assert story.upkeep["retention"] == {"events": 1, "quarantined": 1, "objects": 1}
    assert not any("stream-0" in key for key in story.raw_after_upkeep)
    assert any(key.startswith("raw/actions/") for key in story.raw_after_upkeep)
    assert story.after_upkeep == story.embedded_after_upkeep
    assert len(story.after_upkeep["events"]) == len(story.pyiceberg["events"]) - 1


def test_upkeep_removes_a_file_that_no_snapshot_names_once_it_is_days_old(story: Story) -> None:
    assert story.upkeep["orphans"]["files"] == 1
    assert story.strays_after_upkeep == [STRAYS[1]]


def test_the_check_proves_the_books_of_the_last_days(story: Story) -> None:
    told = json.loads(story.checked.printed)
    lately = [day.told() for day in story.books if day.day >= "2026"]
    assert told["days"] == lately != [day.told() for day in story.books]
    assert (told["balanced"], told["gaps"]) == (True, [])


def test_the_check_fails_on_a_tenant_that_sends_nothing_any_more(story: Story) -> None:
    told = json.loads(story.checked.printed)
    assert ("blog", "fresh") in {(found["tenant"], found["check"]) for found in told["findings"]}
    assert story.checked.code == 2
    assert "footfall: blog: fresh: " in story.checked_because


def test_a_rebuild_takes_in_all_of_raw_again_and_comes_to_the_same_tables(story: Story) -> None:
    assert story.rebuilt["objects"] == story.first["objects"] - 1 + 1, "one is too old by now, and one came late"
    assert story.rebuilt["new_events"] == len(story.after_upkeep["events"])
    assert story.after_rebuild == story.after_upkeep
    assert story.branches == {"main"}


def test_an_erasure_leaves_no_byte_of_a_person_in_any_version_of_any_object(
    story: Story, jobs: dict[str, SynthesizedJob]
) -> None:
    raw, warehouse, results = buckets(jobs["erase"])
    assert {f"{raw}/raw/2025/10/09/12/stream-9.json.gz", f"{results}/run.csv"} < story.before_erasure
    assert any(name.startswith(f"{warehouse}/") for name in story.before_erasure)
    assert story.still_there == set()


def test_an_erasure_that_was_killed_between_two_tables_is_completed_by_the_next_run(story: Story) -> None:
    assert len(story.half_erased["events"]) < len(story.after_rebuild["events"])
    assert (
        story.half_erased["visitor_days"] == story.after_rebuild["visitor_days"] != story.after_erasure["visitor_days"]
    )


def test_an_erasure_leaves_the_tables_that_the_embedded_engine_leaves(story: Story) -> None:
    assert len(story.after_erasure["events"]) == len(story.after_upkeep["events"]) - len(said_of_users())
    assert story.after_erasure == story.embedded_after_erasure


def test_its_receipt_has_a_line_for_each_store_and_names_nobody(story: Story) -> None:
    (receipt,) = story.erased
    lines = {name: line.state for name, line in receipt.stores.items()}
    assert lines.pop("versions") == lines.pop("results") == "done"
    # Spark removes no orphan that is younger than a day.
    assert lines.pop("orphans") == "pending"
    assert lines == {
        name: line.state for name, line in story.embedded_erased.stores.items() if name not in ("files", "orphans")
    }
    counted = ("raw", "events", "sessions", "identities")
    assert all(receipt.stores[name].removed == story.embedded_erased.stores[name].removed for name in counted)
    assert story.left_in_erasures == [f"erasures/{receipt.id}.receipt.json"]


def test_a_receipt_is_complete_once_what_no_snapshot_names_was_a_day_old_and_is_gone(story: Story) -> None:
    (receipt,) = story.completed
    assert receipt.complete
    assert receipt.stores["orphans"].state == "done"
    assert receipt.stores["orphans"].removed["files"] >= 1
    assert not story.erased[0].complete
    assert story.strays_after_erasure == []


def test_a_run_holds_the_lease_and_gives_it_back(story: Story, jobs: dict[str, SynthesizedJob]) -> None:
    table = f"arn:aws:dynamodb:::table/{jobs['etl'].arguments['--lease']}"
    for name, asked in story.asked.items():
        assert name == "check" or {Asked("dynamodb:PutItem", table), Asked("dynamodb:DeleteItem", table)} <= asked
    assert story.left_in_lease == 0


def test_a_run_that_may_not_wait_for_another_ends_with_one_line_that_names_it(story: Story) -> None:
    assert story.refused.code == 2
    assert story.refused_because.startswith("footfall: the lake is held by the run jr_other of upkeep")


@pytest.mark.parametrize("name", NAMES)
def test_a_job_asks_aws_for_nothing_that_its_role_may_not_do(
    story: Story, jobs: dict[str, SynthesizedJob], name: str
) -> None:
    refused = [
        asked
        for asked in sorted(story.asked[name])
        if not any(statement.allows(asked) for statement in jobs[name].statements)
    ]
    assert refused == []
