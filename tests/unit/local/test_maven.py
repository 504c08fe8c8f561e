from collections.abc import Callable
from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.local.maven import POMS, fetch_jars


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    path = tmp_path / "some.xml"
    path.write_text("<project/>")
    return path


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for Maven that makes two jars; the file tells how often it ran."""
    log = tmp_path / "runs"
    log.touch()
    script = f"""#!/bin/sh
echo run >> {log}
for word; do case "$word" in -DoutputDirectory=*) target="${{word#*=}}";; esac; done
mkdir -p "$target"; echo a > "$target/a.jar"; echo b > "$target/b.jar"
"""
    _put_maven(tmp_path, monkeypatch, script)
    return log


def test_jars_are_fetched_once(pom: Path, runs: Path, tmp_path: Path) -> None:
    first = fetch_jars(pom, tmp_path / "jars")
    assert [jar.name for jar in first] == ["a.jar", "b.jar"]
    assert fetch_jars(pom, tmp_path / "jars") == first
    assert runs.read_text() == "run\n"


def test_a_changed_pom_replaces_the_folder(pom: Path, runs: Path, tmp_path: Path) -> None:
    fetch_jars(pom, tmp_path / "jars")
    (tmp_path / "jars" / "old.jar").touch()
    pom.write_text("<project><!-- changed --></project>")
    fetch_jars(pom, tmp_path / "jars")
    assert not (tmp_path / "jars" / "old.jar").exists()
    assert runs.read_text() == "run\nrun\n"


@pytest.mark.parametrize("damage", [Path.unlink, lambda jar: jar.write_text("cut")])
def test_a_lost_or_cut_jar_is_fetched_again(
    pom: Path, runs: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    jars = fetch_jars(pom, tmp_path / "jars")
    damage(jars[0])
    assert fetch_jars(pom, tmp_path / "jars")[0].read_text() == "a\n"
    assert runs.read_text() == "run\nrun\n"


def test_maven_missing_says_how_to_get_it(pom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FootfallError, match="apt install maven"):
        fetch_jars(pom, tmp_path / "jars")


def test_maven_failing_is_one_line_with_its_first_error(
    pom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put_maven(tmp_path, monkeypatch, "#!/bin/sh\necho '[ERROR] no such artifact'\necho '[ERROR] -> help'\nexit 1\n")
    with pytest.raises(FootfallError, match=r"some\.xml: no such artifact Check the network") as told:
        fetch_jars(pom, tmp_path / "jars")
    assert "\n" not in str(told.value)
    assert not (tmp_path / "jars").exists()


@pytest.mark.parametrize("pom", sorted(POMS.glob("*.xml")), ids=lambda pom: pom.stem)
def test_each_pom_names_exact_versions(pom: Path) -> None:
    text = pom.read_text()
    assert text.count("<version>") == text.count("<dependency>") + 1
    assert "LATEST" not in text
    assert "[" not in text


def _put_maven(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    command = folder / "bin" / "mvn"
    command.parent.mkdir()
    command.write_text(script)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
