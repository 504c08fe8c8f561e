"""The tenants of a local lake."""

import os
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.errors import FootfallError
from footfall.events import tenant_toml
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import EventSchema, RegistryUnavailable, Tenant, WriteKey

NOW = 1_767_225_600_000
DAY = 86_400_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tenants.toml"
    path.write_text("format = 1\n")
    return path


def test_an_added_tenant_is_known_by_its_key(path: Path) -> None:
    tenant, key = TenantFile(path).add("shop", NOW)
    assert TenantFile(path).by_write_key(key, NOW) == tenant
    assert TenantFile(path).by_write_key(key + "x", NOW) is None


def test_a_key_is_kept_nowhere(path: Path) -> None:
    _, key = TenantFile(path).add("shop", NOW)
    assert key.removeprefix("ffk_") not in path.read_text()


def test_salts_and_keys_differ_from_tenant_to_tenant(path: Path) -> None:
    registry = TenantFile(path)
    (first, first_key), (second, second_key) = registry.add("a", NOW), registry.add("b", NOW)
    assert first.salt != second.salt
    assert first_key != second_key
    assert [tenant.name for tenant in registry.all()] == ["a", "b"]


@pytest.mark.parametrize("name", ["", "Shop", "-shop", "shop_1", "sh op", "a" * 64, "shop\n", "ä"])
def test_a_name_that_is_malformed_is_refused(path: Path, name: str) -> None:
    with pytest.raises(FootfallError, match="cannot name a tenant"):
        TenantFile(path).add(name, NOW)


def test_a_name_that_is_taken_is_refused(path: Path) -> None:
    TenantFile(path).add("shop", NOW)
    with pytest.raises(FootfallError, match="rotate-key shop"):
        TenantFile(path).add("shop", NOW)


def test_after_a_rotation_the_old_key_works_until_the_overlap_ends(path: Path) -> None:
    registry = TenantFile(path)
    _, old = registry.add("shop", NOW)
    new = registry.rotate("shop", NOW)
    assert registry.by_write_key(new, NOW + 900 * DAY) is not None
    assert registry.by_write_key(old, NOW + DAY - 1) is not None
    assert registry.by_write_key(old, NOW + DAY) is None


def test_a_second_rotation_does_not_prolong_the_first_key(path: Path) -> None:
    registry = TenantFile(path)
    _, first = registry.add("shop", NOW)
    registry.rotate("shop", NOW, overlap_seconds=60)
    registry.rotate("shop", NOW + 30_000)
    assert registry.by_write_key(first, NOW + 59_999) is not None
    assert registry.by_write_key(first, NOW + 60_000) is None


def test_a_rotation_drops_keys_that_have_ended(path: Path) -> None:
    registry = TenantFile(path)
    registry.add("shop", NOW)
    registry.rotate("shop", NOW, overlap_seconds=0)
    registry.rotate("shop", NOW + 1)
    assert len(registry.all()[0].keys) == 2


def test_a_changed_setting_is_kept_and_the_keys_still_work(path: Path) -> None:
    registry = TenantFile(path)
    _, key = registry.add("shop", NOW)
    registry.add("blog", NOW)
    changed = registry.update("shop", lambda tenant: msgspec.structs.replace(tenant, origins=("https://a.example",)))
    found = TenantFile(path).by_write_key(key, NOW)
    assert found == changed
    assert changed.origins == ("https://a.example",)
    assert registry.all()[0].origins == ()


def test_a_change_that_is_refused_leaves_the_file_as_it_was(path: Path) -> None:
    registry = TenantFile(path)
    registry.add("shop", NOW)
    before = path.read_bytes()

    def refuse(tenant: Tenant) -> Tenant:
        raise FootfallError("no")

    with pytest.raises(FootfallError, match="no"):
        registry.update("shop", refuse)
    with pytest.raises(FootfallError, match="no tenant is named 'blog'"):
        registry.update("blog", lambda tenant: tenant)
    assert path.read_bytes() == before


def test_a_tenant_that_is_unknown_has_no_key_to_rotate(path: Path) -> None:
    with pytest.raises(FootfallError, match="no tenant is named 'shop'"):
        TenantFile(path).rotate("shop", NOW)


def test_a_change_by_another_process_is_seen(path: Path) -> None:
    reading = TenantFile(path)
    assert reading.all() == ()
    _, key = TenantFile(path).add("shop", NOW)
    assert reading.by_write_key(key, NOW) is not None


def test_a_setting_changed_by_hand_holds_and_survives_a_rotation(path: Path) -> None:
    registry = TenantFile(path)
    registry.add("shop", NOW)
    path.write_text(path.read_text().replace("session_gap_seconds = 1800", "session_gap_seconds = 600"))
    registry.rotate("shop", NOW)
    assert registry.all()[0].session_gap_seconds == 600


def test_of_many_tenants_added_at_once_none_is_lost(path: Path) -> None:
    names = {f"t-{number}" for number in range(24)}
    threads = [threading.Thread(target=TenantFile(path).add, args=(name, NOW)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {tenant.name for tenant in TenantFile(path).all()} == names
    assert os.listdir(path.parent) == ["tenants.toml"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("format = 1\n[[tenant]\n", "cannot be read"),
        ("format = 2\n", "format 2"),
        ("", "format None"),
        ("format = 1\ntenant = 3\n", "cannot be read"),
        ("format = 1\n[[tenant]]\nname = 'a'\n", "salt"),
        ("format = 1\n[[tenant]]\nname = 'a'\nsalt = 's'\nsesion_gap = 3\n", "no setting 'sesion_gap'"),
        ("format = 1\n[[tenant]]\nname = 'a'\nsalt = 's'\non_consent_denied = 'perhaps'\n", "perhaps"),
        ("format = 1\n[[tenant]]\nname = 'a'\nsalt = 's'\nevents_per_second = -1\n", ">= 0"),
        ("format = 1\ncolour = 3\n", "no setting 'colour'"),
        ("format = 1\n" + "[[tenant]]\nname = 'a'\nsalt = 's'\n" * 2, "two tenants named 'a'"),
        (
            'format = 1\n[[tenant]]\nname = "a"\nsalt = "s"\n'
            'keys = [{ sha256 = "x", created_at = 1, event_name = ["buy"] }]\n',
            "a key of tenant 'a': there is no setting 'event_name'",
        ),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_in_one_line(path: Path, text: str, says: str) -> None:
    path.write_text(text)
    with pytest.raises(FootfallError, match=says) as refused:
        TenantFile(path).all()
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_said_to_be_unavailable(tmp_path: Path) -> None:
    with pytest.raises(RegistryUnavailable):
        TenantFile(tmp_path / "tenants.toml").all()
    with pytest.raises(FootfallError, match="is not there"):
        TenantFile(tmp_path / "tenants.toml").add("shop", NOW)


_NAMES = st.text("abc", min_size=1)


@given(
    st.lists(
        st.builds(
            Tenant,
            name=_NAMES,
            salt=st.text(),
            keys=st.lists(
                st.builds(WriteKey, st.text(), st.integers(0, NOW), st.integers(0, NOW), st.lists(st.text()).map(tuple))
            ).map(tuple),
            session_gap_seconds=st.integers(1, 10_000),
            goal=st.text(),
            time_zone=st.text(),
            origins=st.lists(st.text()).map(tuple),
            url_parameters=st.lists(st.text()).map(tuple),
            on_consent_denied=st.sampled_from(["store", "anonymous", "drop"]),
            schemas=st.lists(st.builds(EventSchema, st.text(), st.sampled_from(["warn", "enforce"]), st.text())).map(
                tuple
            ),
        ),
        unique_by=lambda tenant: tenant.name,
    )
)
def test_tenants_read_back_as_they_were_written(tenants: list[Tenant]) -> None:
    by_name = tuple(sorted(tenants, key=lambda tenant: tenant.name))
    assert tenant_toml.parse(tenant_toml.render(tenants), "tenants.toml") == by_name
    assert msgspec.json.encode(by_name)
