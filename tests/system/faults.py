"""Faults on purpose: services as processes that can be killed, and a wire between them that can be cut, slow or lie."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Mode = Literal["whole", "refused", "hanging", "halved", "nonsense", "slow"]
_HALF_OF_AN_ANSWER = 300
_NONSENSE = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{"items": null'
_PIECE = 65_536


class Wire:
    """A port that leads to another one, in the mode of the moment; a change of mode breaks all connections."""

    def __init__(self, target: int) -> None:
        self.mode: Mode = "whole"
        self._target = target
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def turn(self, mode: Mode) -> None:
        self.mode = mode
        with self._lock:
            for each in self._open:
                _shut(each)
            self._open.clear()

    def close(self) -> None:
        self._listener.close()
        self.turn("refused")

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near:
            self._hold(near)
            if self.mode == "refused":
                return
            if self.mode in {"hanging", "nonsense"}:
                while _received(near):
                    if self.mode == "nonsense":
                        _send(near, _NONSENSE)
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                return
            with far:
                far.settimeout(None)
                self._hold(far)
                threading.Thread(target=_pipe, args=(near, far), daemon=True).start()
                self._answer(far, near)

    def _answer(self, far: socket.socket, near: socket.socket) -> None:
        while piece := _received(far):
            if self.mode == "halved":
                _send(near, piece[:_HALF_OF_AN_ANSWER])
                break
            if self.mode == "slow":
                time.sleep(0.4)
            _send(near, piece)
        _shut(near)

    def _hold(self, each: socket.socket) -> None:
        with self._lock:
            self._open.add(each)


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    while piece := _received(source):
        _send(sink, piece)
    _shut(sink)


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(_PIECE)
    except OSError:
        return b""


def _send(sink: socket.socket, piece: bytes) -> None:
    try:
        sink.sendall(piece)
    except OSError:
        _shut(sink)


def _shut(each: socket.socket) -> None:
    try:
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


@dataclass
class Process:
    """One service as a process of its own, started again as often as a test wants."""

    name: str
    data: Path
    environment: dict[str, str]
    running: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        with (self.data.parent / f"{self.name}.log").open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "heli_cli.serving", self.name],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def signal(self, number: signal.Signals) -> None:
        assert self.running is not None
        os.kill(self.running.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Wait for the end of a process, asking it to stop where it runs."""
        if self.running is not None:
            if self.running.stdin is not None:
                self.running.stdin.close()
            self.running.wait(timeout=60)
            self.running = None

    def said(self) -> str:
        return (self.data.parent / f"{self.name}.log").read_text("utf-8", "replace")
