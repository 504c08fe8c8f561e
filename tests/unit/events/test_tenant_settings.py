"""The settings of a tenant: what each takes, and that each is documented."""

from pathlib import Path
from typing import Any

import pytest

from footfall.errors import FootfallError
from footfall.events.tenant_settings import SETTINGS, change
from footfall.events.tenants import Tenant

TENANTS_PAGE = Path(__file__).resolve().parents[3] / "docs" / "tenants.md"
SHOP = Tenant("shop", "salt")


@pytest.mark.parametrize(
    ("assignment", "setting", "value"),
    [
        ("session_gap_seconds=600", "session_gap_seconds", 600),
        ("goal = order", "goal", "order"),
        ("time_zone=America/Sao_Paulo", "time_zone", "America/Sao_Paulo"),
        ("origins=https://a.example,http://localhost:3000", "origins", ("https://a.example", "http://localhost:3000")),
        ("origins=https://*.a.example", "origins", ("https://*.a.example",)),
        ("origins=", "origins", ()),
        ("event_names=page_view, purchase", "event_names", ("page_view", "purchase")),
        ("events_per_second=200", "events_per_second", 200),
        ("retention_days=90", "retention_days", 90),
        ("on_global_privacy_control=drop", "on_global_privacy_control", "drop"),
        ("on_do_not_track=store", "on_do_not_track", "store"),
        ("on_consent_denied=drop", "on_consent_denied", "drop"),
        ("on_consent_unknown=anonymous", "on_consent_unknown", "anonymous"),
        ("url_parameters=default,sku,ref_*", "url_parameters", ("default", "sku", "ref_*")),
        ("url_parameters=*", "url_parameters", ("*",)),
        ("visitor_cookie_days=30", "visitor_cookie_days", 30),
    ],
)
def test_a_setting_takes_its_values(assignment: str, setting: str, value: Any) -> None:
    assert getattr(change(SHOP, [assignment]), setting) == value


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("goal", "write name=value"),
        ("=x", "no setting ''"),
        ("colour=red", "no setting 'colour'"),
        ("salt=x", "no setting 'salt'"),
        ("keys=x", "no setting 'keys'"),
        ("session_gap_seconds=", "whole number"),
        ("session_gap_seconds=0", "1 to 86400"),
        ("session_gap_seconds=86401", "1 to 86400"),
        ("goal=", "1 to 128 characters"),
        ("time_zone=Mars/Base", "IANA"),
        ("time_zone=../etc/passwd", "IANA"),
        ("time_zone=", "IANA"),
        ("origins=shop.example", "https://shop.example"),
        ("origins=https://shop.example/", "without a path"),
        ("origins=https://Shop.example", "lower case"),
        ("origins=https://*", "origins"),
        ("event_names=" + "x" * 129, "128 characters"),
        ("events_per_second=1.5", "whole number"),
        ("events_per_second=-1", "whole number"),
        ("burst_events=5", "no quota"),
        ("retention_days=x", "whole number"),
        ("on_consent_denied=perhaps", "store, anonymous, drop"),
        ("url_parameters=a*b", "only at the end"),
        ("visitor_cookie=a b", "letters, digits"),
        ("visitor_cookie=visitor", "origins is empty"),
        ("visitor_cookie_days=0", "1 to 400"),
        ("visitor_cookie_days=401", "1 to 400"),
    ],
)
def test_a_value_that_a_setting_does_not_take_is_refused_in_one_line(assignment: str, says: str) -> None:
    with pytest.raises(FootfallError) as refused:
        change(SHOP, [assignment])
    assert says in str(refused.value)
    assert assignment.partition("=")[0].strip() in str(refused.value)
    assert "\n" not in str(refused.value)


def test_settings_that_need_each_other_are_judged_together() -> None:
    changed = change(
        SHOP, ["visitor_cookie=visitor", "origins=https://a.example", "burst_events=5", "events_per_second=1"]
    )
    assert (changed.visitor_cookie, changed.burst_events) == ("visitor", 5)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_documented(setting: str) -> None:
    assert f"| `{setting}` |" in TENANTS_PAGE.read_text("utf-8")
