"""Which relations Spark computes once."""

import pytest

from footfall.etl.models import model
from footfall.lake.engines.costly import is_costly


@pytest.mark.parametrize(
    ("sql", "costly"),
    [
        ("select a, b from t where a = 1", False),
        ("select a from t union all select a from u", False),
        ("select t.a, u.b from t left join u on t.a = u.a", False),
        ("-- what is grouped by, distinct or over (all) is elsewhere\nselect a from t", False),
        ("select a from t union select a from u", True),
        ("select a from t except select a from u", True),
        ("select distinct a from t", True),
        ("select a, count(*) from t GROUP  BY a", True),
        ("select row_number() over (order by a) from t", True),
        ("select t.a from t inner join u on t.a = u.a", True),
        ("select p from t lateral view explode(t.a) e as p", True),
    ],
)
def test_a_select_that_sorts_groups_or_looks_for_rows_is_costly(sql: str, costly: bool) -> None:
    assert is_costly(sql) == costly


@pytest.mark.parametrize(
    ("name", "costly"),
    [("candidates", False), ("quarantine", False), ("page_views", True), ("visits", True), ("event_copies", True)],
)
def test_of_the_wide_relations_only_those_that_are_sorted_are_kept(name: str, costly: bool) -> None:
    assert is_costly(model(name)) == costly
