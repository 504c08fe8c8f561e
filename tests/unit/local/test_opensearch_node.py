import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opensearchpy import OpenSearch

from footfall.errors import FootfallError
from footfall.local.node_user import reachable, run_as, within_reach
from footfall.local.opensearch_install import MODULES, VERSION, lay_out
from footfall.local.opensearch_node import OpenSearchNode, await_health, configure, runs, take

LONG = ["sleep", "600"]


@pytest.fixture
def long_process() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(LONG)
    yield process
    process.kill()
    process.wait()


def test_the_node_is_the_real_one_with_its_modules(opensearch: OpenSearch) -> None:
    assert opensearch.info()["version"]["number"] == VERSION
    (node,) = opensearch.nodes.info()["nodes"].values()
    assert {module["name"] for module in node["modules"]} == set(MODULES)


def test_the_node_answers_on_this_machine_only(opensearch: OpenSearch) -> None:
    (node,) = opensearch.nodes.info()["nodes"].values()
    assert [address.rpartition(":")[0] for address in node["http"]["bound_address"]] == ["127.0.0.1"]
    assert [address.rpartition(":")[0] for address in node["transport"]["bound_address"]] == ["127.0.0.1"]


def test_the_node_is_not_run_by_root(opensearch_node: OpenSearchNode) -> None:
    assert Path(f"/proc/{opensearch_node.pid}").stat().st_uid != 0


def test_a_process_is_known_as_the_node_by_its_command_line(opensearch_node: OpenSearchNode) -> None:
    assert runs(opensearch_node.pid, opensearch_node.home)
    assert not runs(opensearch_node.pid, opensearch_node.home.parent)
    assert not runs(os.getpid(), opensearch_node.home)


def test_an_index_of_profiles_is_never_made_by_writing_to_its_name(opensearch: OpenSearch) -> None:
    with pytest.raises(Exception, match="index_not_found_exception"):
        opensearch.index(index="footfall-profiles-nobody", body={"tenant": "nobody"})


def test_a_node_that_ends_as_it_starts_is_one_line_with_the_cause_and_the_log(tmp_path: Path) -> None:
    log = tmp_path / "console.log"
    script = "echo 'java.lang.Error: it broke'; echo '\tat a.b.c'; echo 'Likely root cause: no disk'; exit 3"
    with log.open("wb") as out:
        process = subprocess.Popen(["sh", "-c", script], stdout=out)
    with pytest.raises(FootfallError) as told:
        await_health(process, tmp_path / "http.ports", log, timeout_seconds=30)
    assert (
        str(told.value) == f"OpenSearch ended as it started (exit code 3): Likely root cause: no disk. All of it: {log}"
    )


def test_a_node_that_never_answers_is_given_up_after_the_time(
    tmp_path: Path, long_process: subprocess.Popen[bytes]
) -> None:
    (tmp_path / "console.log").write_text("still thinking\n")
    with pytest.raises(FootfallError, match="did not come up in 0 s: still thinking"):
        await_health(long_process, tmp_path / "http.ports", tmp_path / "console.log", timeout_seconds=0.2)


@pytest.mark.skipif(not run_as(), reason="needs setpriv, which is Linux's")
def test_a_node_ends_when_its_parent_is_killed() -> None:
    # The node holds the writing end of the pipe until it ends.
    reading, writing = os.pipe()
    program = (
        "import subprocess, time\n"
        "from footfall.local.node_user import run_as\n"
        f"node = subprocess.Popen([*run_as(), *{LONG!r}], start_new_session=True, pass_fds=({writing},))\n"
        "print(node.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=(writing,)) as parent, open(reading, "rb") as held:
        os.close(writing)
        assert parent.stdout is not None
        name = Path(f"/proc/{int(parent.stdout.readline())}/comm")
        while name.read_text().strip() != LONG[0]:
            # setpriv has not become the node yet.
            os.sched_yield()
        parent.kill()
        assert held.read() == b""


def test_a_folder_that_another_node_has_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as theirs, (tmp_path / "lock").open("w") as ours:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        with pytest.raises(FootfallError, match="another footfall command runs the OpenSearch node"):
            take(ours.fileno(), tmp_path, wait_seconds=0)
        fcntl.flock(theirs, fcntl.LOCK_UN)
        take(ours.fileno(), tmp_path, wait_seconds=0)


def test_configuring_again_forgets_the_port_of_the_node_before(tmp_path: Path) -> None:
    ports = configure(tmp_path, None)
    ports.write_text("127.0.0.1:1\n")
    assert configure(tmp_path, None) == ports
    assert not ports.exists()


def test_a_folder_that_the_nodes_user_cannot_enter_is_replaced_by_the_same_one_each_time(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    place = within_reach(closed / "node")
    assert reachable(place)
    assert within_reach(closed / "node") == place
    if os.geteuid() == 0:
        assert place != closed / "node"
        place.rmdir()


def test_jars_go_to_the_module_that_their_name_begins_with(tmp_path: Path) -> None:
    names = ("lucene-core-9.jar", "netty-common-4.jar", "httpcore-4.jar", "asm-9.jar")
    jars = [tmp_path / name for name in names]
    for jar in jars:
        jar.write_bytes(b"jar")
    lay_out(jars, tmp_path / "node")
    found = {
        path.name: path.parent.relative_to(tmp_path / "node").as_posix() for path in tmp_path.glob("node/**/*.jar")
    }
    assert found == {
        "lucene-core-9.jar": "lib",
        "netty-common-4.jar": "modules/transport-netty4",
        "httpcore-4.jar": "modules/reindex",
        "asm-9.jar": "modules/lang-painless",
    }
    descriptor = (tmp_path / "node/modules/ingest-common/plugin-descriptor.properties").read_text()
    assert "classname=org.opensearch.ingest.common.IngestCommonPlugin\n" in descriptor
    assert "extended.plugins=lang-painless\n" in descriptor
