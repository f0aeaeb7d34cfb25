"""What measurements share: a line of the table, quantiles, quiet timing, a client cheap enough to measure with."""

import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement beside its floor: value and floor in `unit`, and the ratio that is held against `limit`.

    `ratio` is how many times the floor's time Heli needs (or the floor's rate divided by Heli's): lower is better.
    Lines without a floor have no ratio.
    """

    what: str
    value: float
    unit: str
    floor_name: str = ""
    floor: float | None = None
    ratio: float | None = None
    limit: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the line as the table's cells."""
        floor = "" if self.floor is None else f"{number(self.floor)} ({self.floor_name})"
        ratio = "" if self.ratio is None else f"{self.ratio:.1f}×"
        return self.what, f"{number(self.value)} {self.unit}", floor, ratio, self.limit


HEADINGS = ("what", "Heli", "floor, same run", "ratio", "to reach")


def rate(what: str, value: float, unit: str, *, floor_name: str, floor: float, limit: str) -> Line:
    """Return the line of a rate (more is better) beside its floor."""
    return Line(what, value, unit, floor_name, floor, floor / value, limit)


def seconds(what: str, value: float, *, floor_name: str = "", floor: float | None = None, limit: str = "") -> Line:
    """Return the line of a time, given in seconds and shown in milliseconds, beside its floor."""
    ratio = None if floor is None else value / floor
    return Line(what, value * 1000, "ms", floor_name, None if floor is None else floor * 1000, ratio, limit)


def number(value: float) -> str:
    """Return a number as a person reads it: three figures that mean something."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a Markdown table."""
    rows = [HEADINGS, ("---", "---:", "---:", "---:", "---"), *(line.cells() for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that one run of the action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def best(action: Callable[[], object], *, times: int = 5) -> float:
    """Return the median of some runs in seconds: the machine is shared, so single runs say little."""
    return statistics.median(timed(action) for _ in range(times))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# A client that costs little -------------------------------------------------------------------------------------------


def request_bytes(url: str, token: str = "") -> bytes:
    """Return a GET request as bytes, for a connection that is kept."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    signed = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: application/json\r\n{signed}\r\n".encode()


def _exchange(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    length = int(fields[b"content-length"])
    while len(body) < length:
        body += _some(connection)
    if status != b"200":
        raise RuntimeError(f"{status.decode()}: {body[:300]!r}")
    return body


def _some(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    if not part:
        raise ConnectionError("the server closed the connection")
    return part


def requests_per_second(url: str, requests: Sequence[bytes], *, duration: float, clients: int = 4) -> float:
    """Send the requests in turn over `clients` kept connections for a while and return the answers per second."""
    parts = urlsplit(url)
    counts = [0] * clients
    failures: list[Exception] = []

    def client(index: int) -> None:
        try:
            with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80)) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                position = index
                while time.perf_counter() < end:
                    _exchange(connection, requests[position % len(requests)])
                    position += clients
                    counts[index] += 1
        except (OSError, RuntimeError) as error:
            failures.append(error)

    end = time.perf_counter() + duration
    threads = [threading.Thread(target=client, args=(index,)) for index in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / duration


# Servers as processes -------------------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ports: Sequence[int], process: subprocess.Popen[bytes], *, path: str, patience: float = 120) -> None:
    """Wait until every port answers 200 on the path."""
    for port in ports:
        give_up = time.monotonic() + patience
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                    _exchange(connection, request_bytes(f"http://127.0.0.1:{port}{path}"))
                break
            except (OSError, RuntimeError):
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.02)


@contextmanager
def server(command: Sequence[str], environment: dict[str, str], ports: Sequence[int], *, path: str) -> Iterator[float]:
    """Run a server as a process of its own; yields the seconds until all its ports answered, ends it afterwards."""
    log = Path(environment["HELI_DATA"]) / "bench-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=stream, stderr=stream)
        try:
            try:
                wait_for(ports, process, path=path)
            except (OSError, RuntimeError) as error:
                tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"{' '.join(command)} did not start: {error}\n{tail}") from error
            yield time.perf_counter() - began
        except Exception:
            say(log.read_text(encoding="utf-8", errors="replace")[-3000:])
            raise
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def say(sentence: str) -> None:
    """Tell on the error stream what is being measured now, so that the table stays alone on the output."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
