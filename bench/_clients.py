"""Clients of the local server: HTTP on kept connections, from another process than the server's."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """A request to be sent `at` so many seconds after the start, whether or not the ones before it are answered."""

    at: float
    body: bytes
    user_agent: str


@dataclass(frozen=True)
class Answered:
    """A shot's answer: its status (0: none came), its body, and the seconds from when it was due until it came."""

    status: int
    body: bytes
    seconds: float


async def shoot(port: int, shots: Sequence[Shot]) -> list[Answered]:
    """Send all shots, each at its time, over as many connections as are needed at once."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    start = time.perf_counter() + 0.1
    answers = await asyncio.gather(*[_shoot(port, shot, start, idle) for shot in shots])
    for _, writer in idle:
        writer.close()
    await asyncio.gather(*[writer.wait_closed() for _, writer in idle], return_exceptions=True)
    return answers


async def _shoot(
    port: int, shot: Shot, start: float, idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
) -> Answered:
    due = start + shot.at
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    status, text = 0, b""
    # A server ends connections that were idle for some seconds, and a client then takes a new one.
    while status == 0 and idle:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            kept = idle.pop()
            status, text = await _post(*kept, shot)
            idle.append(kept)
    if status == 0:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            opened = await asyncio.open_connection("127.0.0.1", port)
            status, text = await _post(*opened, shot)
            idle.append(opened)
    return Answered(status, text, time.perf_counter() - due)


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, shot: Shot) -> tuple[int, bytes]:
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/plain\r\n"
        b"user-agent: %s\r\ncontent-length: %d\r\n\r\n%s"
        % (shot.user_agent.encode("latin-1", "replace"), len(shot.body), shot.body)
    )
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    return int(lines[0].split()[1]), await reader.readexactly(length)
