"""What Glue's jobs say of arguments that do not go together, before they begin anything."""

from pathlib import Path

import pytest

from footfall.errors import FootfallError
from glue_jobs import check, etl, upkeep

FROM, TO = ("--replay-from", "2026-01-02"), ("--replay-to", "2026-01-03")
WRONG = {
    "a replay without an end": (FROM, "both --replay-from and --replay-to"),
    "a replay without a beginning": (TO, "both --replay-from and --replay-to"),
    "a replay that ends before it begins": ((*FROM, "--replay-to", "2026-01-01"), "nothing lies between"),
    "a replay and a rebuild": ((*FROM, *TO, "--rebuild"), "leave --replay-from and --replay-to out"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_the_etl_says_what_to_do_about_arguments_that_do_not_go_together(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(FootfallError, match=said):
        etl.main(["--raw", str(tmp_path), "--tenants", str(tmp_path / "tenants.toml"), *arguments])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fail-on", "fresh,frseh"), "there is no check frseh; there are taken_in, fresh,"),
        (("--days", "-1"), "0 for all"),
    ],
)
def test_the_check_says_which_arguments_it_does_not_know(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(FootfallError, match=said):
        check.main(["--raw", str(tmp_path), "--tenants", str(tmp_path / "tenants.toml"), *arguments])


def test_upkeep_wants_raw_and_the_tenants_or_neither(tmp_path: Path) -> None:
    with pytest.raises(FootfallError, match="needs both --raw and --tenants"):
        upkeep.main(["--raw", str(tmp_path)])
