"""A terminal that a test types into and looks at."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

from tests.editors.picture import save_picture

_WAIT_S = 30.0
_STEP_S = 0.02
_CHUNK = 65536
_CONTROL_BEGIN = b"\x1bP"
_CONTROL_STRING = re.compile(rb"\x1bP.*?\x1b\\", re.DOTALL)


class _Screen(pyte.Screen):
    """A screen whose answers to the program's questions reach it."""

    def __init__(self, columns: int, lines: int, answer: Callable[[bytes], None]) -> None:
        super().__init__(columns, lines)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data.encode())

    def report_device_status(self, mode: int, **_private: object) -> None:
        super().report_device_status(mode)


class Terminal:
    """A program in a terminal of its own."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        size: tuple[int, int] = (96, 30),
    ) -> None:
        self._main, side = pty.openpty()
        columns, lines = size
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen = _Screen(columns, lines, self._write)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._rest = b""
        self.process = subprocess.Popen(
            # In a session of its own, which the terminal controls, as a shell starts programs.
            ["setsid", "--ctty", *command],
            stdin=side,
            stdout=side,
            stderr=side,
            env=dict(environment) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            cwd=folder,
        )
        os.close(side)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def type(self, keys: str, pause_s: float = 0.0) -> None:
        """Send keys, with a pause after each."""
        for part in keys if pause_s else [keys]:
            self._write(part.encode())
            time.sleep(pause_s)

    def lines(self) -> list[str]:
        """What the screen shows."""
        with self._lock:
            return [line.rstrip() for line in self._screen.display]

    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines())

    def wait_for(self, words: str, wait_s: float = _WAIT_S) -> None:
        """Return when the words are on the screen.

        Raises:
            AssertionError: they did not come; it shows what came.
        """
        end = time.monotonic() + wait_s
        while words not in self.text():
            assert time.monotonic() < end, f"no {words!r} on the screen:\n{self.text()}"
            time.sleep(_STEP_S)

    def save(self, path: Path) -> None:
        """Keep a picture of the screen."""
        with self._lock:
            save_picture(self._screen, path)

    def close(self) -> None:
        """End the program, and what it has started and left in its session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGHUP)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self._reader.join(5)
        os.close(self._main)

    def _write(self, data: bytes) -> None:
        os.write(self._main, data)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._main, _CHUNK)
            except OSError:  # the program has ended
                return
            if not data:
                return
            with self._lock:
                self._stream.feed(self._without_questions(data))

    def _without_questions(self, data: bytes) -> bytes:
        """The data without device control strings, which pyte would show as text."""
        whole, self._rest = self._rest + data, b""
        whole = _CONTROL_STRING.sub(b"", whole)
        begin = whole.find(_CONTROL_BEGIN)
        if begin >= 0:
            whole, self._rest = whole[:begin], whole[begin:]
        return whole
