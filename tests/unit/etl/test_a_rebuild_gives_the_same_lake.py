"""Promise 2: whatever the order, batching and lateness of what arrived, and wherever a run was killed.

25 histories here; `make soak PART=etl` lives through 1,000.
"""

from hypothesis import HealthCheck, given, settings

from tests.histories import History, check, histories


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_any_history_gives_the_tables_of_one_clean_run(history: History) -> None:
    check(history)
