"""The process that becomes a sandbox, runs one program in it, and tells how that ended.

Started by `lintseq.sandbox.run` with its settings as JSON; the program comes through stdin. Nothing
but the standard library is imported, and nothing that takes long.
"""

import contextlib
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from limits import limit  # type: ignore[import-not-found]
from namespaces import enter_root, enter_user  # type: ignore[import-not-found]
from system import adopt_orphans, die_with_parent, filter_calls, gain_no_privileges  # type: ignore[import-not-found]

# Users that exist nowhere, one for each process: their number limits processes of that user only.
_FIRST_USER, _USERS = 1_000_000_000, 1 << 22


def main() -> None:
    """Become a sandbox, and tell how the program in it ended."""
    settings = json.loads(sys.argv[1])
    told_to = settings["told_to"]
    try:
        die_with_parent()
        program = sys.stdin.buffer.read()
        hold = _enter(settings)
    except OSError as error:
        os.write(told_to, json.dumps({"error": f"{error.strerror}: {error.filename}"}).encode())
        os._exit(1)
    os.write(told_to, json.dumps({"exit": hold.supervise(program, settings)}).encode())
    os._exit(0)


class Hold:
    """Runs the program below a process that all its descendants end with."""

    def __init__(self, user: "int | None", has_pids: bool) -> None:
        self.user, self.has_pids = user, has_pids

    def supervise(self, program: bytes, settings: dict[str, int | str]) -> int:
        """The exit status of the program; the number of a signal, negative, if that ended it."""
        if not self.has_pids:
            adopt_orphans()
        reader, writer = os.pipe()
        init = os.fork()
        if not init:
            die_with_parent()
            self._init(program, settings, writer)
        os.close(writer)
        _close_output()
        signal.signal(signal.SIGTERM, lambda *_: os.kill(init, signal.SIGKILL))
        told = b""
        while part := os.read(reader, 64):
            told += part
        if self.has_pids:
            # All below it end with it.
            os.kill(init, signal.SIGKILL)
            os.waitpid(init, 0)
        else:
            _kill_children()
        return int(told) if told else -signal.SIGKILL

    def _init(self, program: bytes, settings: dict[str, int | str], writer: int) -> None:
        """Be the first process: the others die with it."""
        _become(self.user)
        gain_no_privileges()
        child = os.fork()
        if not child:
            os.close(writer)
            _run(program, settings)
        _close_output()
        while True:
            ended, status = os.wait()
            if ended == child:
                break
        os.write(writer, str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)


def _kill_children() -> None:
    """End all processes below this one, which may go on making new ones for a while."""
    for _ in range(1000):
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            children = file.read().split()
        if not children:
            return
        for child in children:
            os.kill(int(child), signal.SIGKILL)
            os.waitpid(int(child), 0)


def _enter(settings: dict[str, int | str]) -> Hold:
    user = _FIRST_USER + os.getpid() % _USERS if os.getuid() == 0 else None
    match settings["isolation"]:
        case "root namespaces":
            enter_root(settings["file_bytes"])
            return Hold(user, True)
        case "user namespaces":
            enter_user(settings["file_bytes"])
            return Hold(None, True)
        case _:
            os.chdir("/")
            return Hold(user, False)


def _become(user: "int | None") -> None:
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def _close_output() -> None:
    # Else the other side would wait for its end.
    null = os.open("/dev/null", os.O_RDWR)
    for file in (0, 1, 2):
        os.dup2(null, file)


def _run(program: bytes, settings: dict[str, int | str]) -> None:
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.closerange(3, 256)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    limit(settings)
    filter_calls(signals=settings["isolation"] == "limits")
    sys.argv, sys.path[0:1] = ["program.py"], []
    for name in ("json", "limits", "namespaces", "system"):
        sys.modules.pop(name, None)
    names = {"__name__": "__main__", "__builtins__": __builtins__}
    status = 1
    try:
        exec(compile(program, "program.py", "exec", dont_inherit=True), names)
        status = 0
    except SystemExit as error:
        status = _exit_status(error.code)
    except BaseException:
        _print_traceback()
    finally:
        _flush()
        os._exit(status)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        # The program may have closed it, or nobody reads it any more.
        with contextlib.suppress(BaseException):
            stream.flush()


def _exit_status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _print_traceback() -> None:
    try:
        import traceback

        traceback.print_exc()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}\n".encode())


if __name__ == "__main__":
    main()
