from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.local import java
from footfall.local.java import find_java


def _java(folder: Path, version: str) -> Path:
    command = folder / "bin" / "java"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    command.chmod(0o755)
    return command


def test_the_java_of_java_home_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, other = _java(tmp_path / "named", "17.0.9"), _java(tmp_path / "other", "17.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "named"))
    monkeypatch.setenv("PATH", f"{other.parent}:/usr/bin:/bin")
    assert find_java() == named


def test_a_java_of_another_version_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _java(tmp_path / "named", "21.0.2")
    on_path = _java(tmp_path / "other", "17.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "named"))
    monkeypatch.setenv("PATH", f"{on_path.parent}:/usr/bin:/bin")
    assert find_java() == on_path


def test_another_version_is_found_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _java(tmp_path / "named", "17.0.9")
    newer = _java(tmp_path / "installed" / "jdk-25", "25.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "named"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(java, "_INSTALLED", ((str(tmp_path / "installed"), "*{}*/bin/java"),))
    assert find_java(version=25) == newer


def test_no_java_17_says_what_was_found_and_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _java(tmp_path / "old", "1.8.0_402")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("PATH", f"{old.parent}:/usr/bin:/bin")
    monkeypatch.setattr(java, "_INSTALLED", ())
    with pytest.raises(FootfallError, match=r"not one that runs; .*java is Java 1\).*openjdk-17-jre-headless"):
        find_java()
