"""A real OpenSearch node on 127.0.0.1, for `footfall up`, the demo and the tests."""

import fcntl
import http.client
import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from footfall.errors import FootfallError
from footfall.local.java import find_java
from footfall.local.node_user import give, run_as, within_reach
from footfall.local.opensearch_install import install

START_SECONDS = 180.0
STOP_SECONDS = 30.0
LOCK_SECONDS = 15.0

_TICK = 0.1
_LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] [%node_name]%marker %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class OpenSearchNode:
    """A node that runs. Stop it, or use it as a context manager.

    Attributes:
        url: where it answers, such as `http://127.0.0.1:39201`.
        pid: its process.
        home: its folder: `config/`, `data/`, `logs/` and `tmp/`.
    """

    def __init__(self, process: subprocess.Popen[bytes], url: str, home: Path, *, ephemeral: bool) -> None:
        self.url = url
        self.pid = process.pid
        self.home = home
        self._process = process
        self._ephemeral = ephemeral

    @classmethod
    def start(
        cls,
        home: Path,
        port: int | None = None,
        *,
        progress: Callable[[str], None] | None = None,
        timeout_seconds: float = START_SECONDS,
    ) -> Self:
        """Start a node on a folder of its own, and wait until it answers.

        The folder keeps its data from one start to the next. Where we are root it is given to another user, and where
        that user could not enter it, a folder below the temp folder takes its place (`node.home` tells). The node
        stops when the thread that started it ends.

        Args:
            home: the node's folder, made where there is none.
            port: the port to answer on; a free one if not given.
            progress: told in a line what takes long.
            timeout_seconds: how long to wait for it.

        Raises:
            FootfallError: Java or Maven is missing, another node has the folder, or the node does not come up.
        """
        place = within_reach(home.resolve())
        return cls._start(place, port, progress, timeout_seconds, ephemeral=False)

    @classmethod
    def start_ephemeral(cls, *, progress: Callable[[str], None] | None = None) -> Self:
        """Start a node on a temp folder that goes when it is stopped.

        Raises:
            FootfallError: as `start`.
        """
        place = Path(tempfile.mkdtemp(prefix="footfall-opensearch-"))
        place.chmod(0o755)
        # Where it fails the folder stays: the error names the log in it.
        return cls._start(place, None, progress, START_SECONDS, ephemeral=True)

    @classmethod
    def _start(
        cls,
        place: Path,
        port: int | None,
        progress: Callable[[str], None] | None,
        timeout_seconds: float,
        *,
        ephemeral: bool,
    ) -> Self:
        distribution = install(progress)
        java = find_java(run_as())
        place.mkdir(parents=True, exist_ok=True)
        with (place / "lock").open("w") as lock:
            take(lock.fileno(), place)
            ports = configure(place, port)
            give(place)
            if progress is not None:
                progress("starting OpenSearch ...")
            with (place / "logs" / "console.log").open("wb") as log:
                process = subprocess.Popen(
                    [*run_as(), *java_command(java, distribution, place)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=place,
                    # The lock is the node's for as long as it lives, even where we are killed before it.
                    pass_fds=(lock.fileno(),),
                    # Ctrl-C is for us to handle: the node must live until it is stopped.
                    start_new_session=True,
                )
        try:
            url = await_health(process, ports, place / "logs" / "console.log", timeout_seconds)
        except BaseException:
            _end(process)
            raise
        return cls(process, url, place, ephemeral=ephemeral)

    def stop(self) -> None:
        """Stop it (twice is once), and remove its folder if it was ephemeral."""
        _end(self._process)
        if self._ephemeral:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def take(lock: int, place: Path, wait_seconds: float = LOCK_SECONDS) -> None:
    """Take the lock of a node's folder; a node that is just ending is waited for.

    Raises:
        FootfallError: another command's node keeps it.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise FootfallError(
                    f"another footfall command runs the OpenSearch node in {place}. Wait for it to end, and run again."
                ) from None
            time.sleep(_TICK)


def configure(place: Path, port: int | None) -> Path:
    """Write the node's configuration. Returns the file in which it will say its port."""
    for name in ("config", "data", "logs", "tmp"):
        (place / name).mkdir(exist_ok=True)
    settings: dict[str, object] = {
        "cluster.name": "footfall",
        "node.name": "footfall",
        "network.host": "127.0.0.1",
        # 0: the kernel picks a free one at bind, so that nobody can take it in between; the ports file tells which.
        "http.port": port or 0,
        "transport.port": 0,
        "node.portsfile": True,
        "discovery.type": "single-node",
        "path.data": str(place / "data"),
        "path.logs": str(place / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": False,
        # An index of profiles is made on purpose, with its mapping, or not at all.
        "action.auto_create_index": "-footfall-profiles*,+*",
    }
    # JSON is YAML, and quotes any path.
    (place / "config" / "opensearch.yml").write_text(json.dumps(settings, indent=1) + "\n")
    (place / "config" / "log4j2.properties").write_text(_LOG4J)
    ports = place / "logs" / "http.ports"
    ports.unlink(missing_ok=True)
    return ports


def java_command(java: Path, distribution: Path, place: Path) -> list[str]:
    """The command line of a node: the distribution it runs, and its own folder."""
    return [
        str(java),
        "-Xms512m",
        "-Xmx512m",
        # A node for minutes, not months: a third of the processor time to start and load, and two thirds of the memory,
        # of what the server's compiler and collector take.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        # Without it SIGTERM takes 30 s.
        "-Dlog4j.shutdownHookEnabled=false",
        "-Dlog4j2.disable.jmx=true",
        "-Djna.nosys=true",
        f"-Djna.tmpdir={place / 'tmp'}",
        f"-Djava.io.tmpdir={place / 'tmp'}",
        "-Dio.netty.noUnsafe=true",
        "-Dio.netty.noKeySetOptimization=true",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        f"-Dopensearch.path.home={distribution}",
        f"-Dopensearch.path.conf={place / 'config'}",
        "-Dopensearch.distribution.type=tar",
        "-Dopensearch.bundled_jdk=false",
        "-cp",
        f"{distribution / 'lib'}/*",
        "org.opensearch.bootstrap.OpenSearch",
    ]


def await_health(process: subprocess.Popen[bytes], ports: Path, log: Path, timeout_seconds: float) -> str:
    """Wait until the node's process has said its port and its health is yellow or better. Returns its address.

    Raises:
        FootfallError: the process ended, or the time is over; the message has the end of the log.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        url = _address(ports)
        if url is not None and _healthy(url):
            return url
        try:
            code = process.wait(timeout=_TICK)
        except subprocess.TimeoutExpired:
            continue
        raise FootfallError(f"OpenSearch ended as it started (exit code {code}): {_tail(log)}. All of it: {log}")
    raise FootfallError(f"OpenSearch did not come up in {timeout_seconds:.0f} s: {_tail(log)}. All of it: {log}")


def runs(pid: int, home: Path) -> bool:
    """Whether that process is the node of that folder, by its command line (a number alone may be anyone's)."""
    try:
        # `ps` for macOS, which has no /proc.
        done = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        command = done.stdout
    except OSError:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except OSError:
            return False
    return f"-Dopensearch.path.conf={home / 'config'} " in command


def _address(ports: Path) -> str | None:
    try:
        lines = ports.read_text().split()
    except OSError:
        return None
    return f"http://{lines[0]}" if lines else None


def _healthy(url: str) -> bool:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s")
        answer = connection.getresponse()
        return answer.status == http.client.OK and json.load(answer)["status"] in ("yellow", "green")
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tail(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    said = [line.strip() for line in lines if not line.strip().startswith(("at ", "... ", "WARNING:"))]
    cause = [line for line in said if line.startswith(("Likely root cause:", "Caused by:"))]
    return " | ".join(cause[-1:] or said[-3:] or ["it said nothing"])[:600]
