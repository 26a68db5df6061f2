"""Runs the program below a process that all its descendants end with."""

import math
import os
import select
from signal import SIGALRM, SIGKILL, SIGSTOP, SIGTERM, SIGXCPU, alarm, signal

from program import run  # type: ignore[import-not-found]
from system import adopt_orphans, die_with_parent, gain_no_privileges  # type: ignore[import-not-found]
from user import become  # type: ignore[import-not-found]


class Hold:
    """Where the program runs, and as whom."""

    def __init__(self, settings: dict[str, str], user: "int | None", *, has_pids: bool) -> None:
        self.settings, self.user, self.has_pids = settings, user, has_pids

    def supervise(self, program: bytes) -> str:
        """How the program ended, for `lintseq.sandbox.run`.

        Returns:
            "exit", its exit status (the number of a signal, negative, if that ended it), and 1 if
            it reached its end; "exit" alone if it was ended from here.
        """
        if not self.has_pids:
            adopt_orphans()
        reader, writer = os.pipe()
        init = os.fork()
        if not init:
            os.close(reader)
            self._init(program, writer)
        os.close(writer)
        for number in (SIGTERM, SIGALRM):
            signal(number, lambda *_: os.kill(init, SIGKILL))
        # Should nobody be there to tell when its time is up.
        alarm(math.ceil(float(self.settings["wall_s"])) + 10)
        close_output()
        told = b""
        while part := os.read(reader, 64):
            told += part
        if self.has_pids:
            # All below it end with it.
            os.kill(init, SIGKILL)
            os.waitpid(init, 0)
        else:
            _kill_children()
        return f"exit {told.decode()}"

    def _init(self, program: bytes, writer: int) -> None:
        """Be the first process: the others die with it."""
        if self.user is not None:
            become(self.user)
        gain_no_privileges()
        die_with_parent()
        poll = select.poll()
        poll.register(writer, 0)
        if poll.poll(0):
            # Nobody reads any more: the parent had gone before.
            os._exit(1)
        end_reader, end_writer = os.pipe()
        proof = os.urandom(16)
        child = os.fork()
        if not child:
            die_with_parent()
            run(program, self.settings, end_writer, proof)
        os.close(end_writer)
        close_output()
        while (ended := os.wait3(0))[0] != child:
            pass
        _, status, used = ended
        code = os.waitstatus_to_exitcode(status)
        if code == -SIGKILL and used.ru_utime + used.ru_stime >= float(self.settings["cpu_s"]):
            code = -SIGXCPU
        os.set_blocking(end_reader, False)
        os.write(writer, f"{code} {int(_read(end_reader) == proof)}".encode())
        os._exit(0)


def close_output() -> None:
    """Leave stdout to the program: else the other side would wait for its end."""
    null = os.open("/dev/null", os.O_RDWR)
    for file in (0, 1, 2):
        os.dup2(null, file)
    os.close(null)


def _read(file: int) -> bytes:
    try:
        return os.read(file, 64)
    except BlockingIOError:
        return b""


def _kill_children() -> None:
    """End all processes below this one, though they go on making new ones."""
    while children := _below():
        stopped: set[int] = set()
        # A stopped one makes none, and keeps its place among those that the limit allows.
        while children - stopped:
            for child in children - stopped:
                _send(child, SIGSTOP)
            stopped |= children
            children = _below()
        for child in stopped:
            _send(child, SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def _below() -> "set[int]":
    found, waiting = set(), [os.getpid()]
    while waiting:
        folder = f"/proc/{waiting.pop()}/task"
        try:
            for thread in os.listdir(folder):
                with open(f"{folder}/{thread}/children", encoding="ascii") as file:
                    children = [int(child) for child in file.read().split()]
                found.update(children)
                waiting += children
        except OSError:
            # It has ended: its children have become ours.
            continue
    return found


def _send(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return
