"""Three processes as one: started together, ready together, stopped together; when one dies, the others are stopped."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from heli_cli.refusals import Refusal
from heli_cli.settings import SERVICES, Settings

READY_SECONDS = 90.0
STOP_SECONDS = 10.0
_PAUSE = 0.05


class Launcher:
    """Starts the services of a data folder and watches over them."""

    def __init__(self, settings: Settings, *, say: Callable[[str], None]) -> None:
        """Nothing is started yet; `say` is given every line that a service prints, after the service's name."""
        self._settings = settings
        self._say = say
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._readers: list[threading.Thread] = []
        self._told_to_stop = threading.Event()

    def start(self) -> None:
        """Start all services and return when every one is ready; Refusal when one cannot start."""
        for name in SERVICES:
            _check_free(name, self._settings)
        for name in SERVICES:
            self._start(name)
        deadline = time.monotonic() + READY_SECONDS
        for name in SERVICES:
            while not is_ready(self._settings.urls[name]):
                if self._told_to_stop.is_set():
                    raise KeyboardInterrupt
                self._check_alive("服务未能启动。", "A service did not start.")
                if time.monotonic() > deadline:
                    raise Refusal(
                        f"{name} 在 {READY_SECONDS:.0f} 秒内没有就绪。",
                        f"{name} was not ready within {READY_SECONDS:.0f} seconds.",
                    )
                time.sleep(_PAUSE)

    def watch(self) -> None:
        """Return when told to stop; Refusal when a service ends by itself."""
        while not self._told_to_stop.wait(0.2):
            self._check_alive("服务意外退出，其余服务已停止。", "A service ended by itself; the others were stopped.")

    def stop(self) -> None:
        """Stop everything that runs, politely first."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for reader in self._readers:
            reader.join(timeout=1)
        for process in self._running.values():
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        self._running.clear()

    def tell_to_stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End `watch` and `start` soon; fit to be a signal handler."""
        self._told_to_stop.set()

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C reaches the launcher alone, which then stops the services in order.
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "heli_cli.serving", name],
            env=_environment(self._settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._running[name] = process
        reader = threading.Thread(target=self._read, args=(name, process), daemon=True)
        reader.start()
        self._readers.append(reader)

    def _read(self, name: str, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self._say(f"[{name}] {line.rstrip()}")

    def _check_alive(self, zh: str, en: str) -> None:
        for name, process in self._running.items():
            if process.poll() is not None:
                time.sleep(_PAUSE)  # its last words are still being read
                raise Refusal(
                    f"{zh}（{name}，退出码 {process.returncode}）", f"{en} ({name}: exit {process.returncode})"
                )


@contextmanager
def launched(settings: Settings, say: Callable[[str], None]) -> Iterator[Launcher]:
    """Hold the data folder and run the services in it; whatever happens, they are stopped at the end."""
    with _only_one(settings.data):
        launcher = Launcher(settings, say=say)
        before = {number: signal.signal(number, launcher.tell_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            launcher.start()
            yield launcher
        finally:
            launcher.stop()
            for number, handler in before.items():
                signal.signal(number, handler)


def is_ready(url: str) -> bool:
    """Say whether the service at `url` answers that it is ready."""
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:  # noqa: S310 - our own services
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "up.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                f"数据目录 {data} 的服务已在运行；请先停止，或另设 HELI_DATA。",
                f"Services run on the data folder {data} already; stop them first, or set another HELI_DATA.",
            ) from None
        yield


def _check_free(name: str, settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.ports[name]))
        except OSError:
            raise Refusal(
                f"端口 {settings.ports[name]} 已被占用；请设置 HELI_{name.upper()}_PORT 改用其他端口。",
                f"Port {settings.ports[name]} is taken; set HELI_{name.upper()}_PORT to use another one.",
            ) from None


def _environment(settings: Settings) -> dict[str, str]:
    """Return the variables of a service: the settings that hold here, so that all processes agree."""
    found = {**os.environ, "HELI_DATA": str(settings.data), "HELI_HOST": settings.host, "PYTHONUNBUFFERED": "1"}
    for name in SERVICES:
        found[f"HELI_{name.upper()}_PORT"] = str(settings.ports[name])
        found[f"HELI_{name.upper()}_URL"] = settings.urls[name]
    return found
