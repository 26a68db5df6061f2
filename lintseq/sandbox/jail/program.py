"""The process that is the program."""

import contextlib
import os
import sys

from landlock import lock_files  # type: ignore[import-not-found]
from limits import limit  # type: ignore[import-not-found]
from refused import filter_calls  # type: ignore[import-not-found]

_OURS = ("filter", "hold", "landlock", "library", "limits", "namespaces", "program", "refused",
         "start", "system", "user")  # fmt: skip
# The last number that a program may have: it finds the usual ones free.
_END = 63


def run(program: bytes, settings: "dict[str, str]", end: int, proof: bytes) -> None:
    """Be the program; the proof that its end was reached is written to the file `end`."""
    os.dup2(end, _END)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.closerange(3, _END)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    limit(settings)
    if settings["isolation"] == "landlock":
        lock_files(".")
    filter_calls(shared=settings["isolation"] in {"landlock", "limits"})
    main = _as_main()
    status, process = 1, os.getpid()
    try:
        exec(compile(program, "program.py", "exec", dont_inherit=True), vars(main))
        _flush()
        status = 0
        if os.getpid() == process:
            os.write(_END, proof)
    except SystemExit as error:
        status = _exit_status(error.code)
    except BaseException as error:
        _print_traceback(error)
    finally:
        _flush()
        os._exit(status)


def _as_main() -> object:
    """A module that the program is run as, with nothing of the sandbox in sight."""
    sys.argv, sys.path[0:1] = ["program.py"], []
    for name in _OURS:
        sys.modules.pop(name, None)
    main = type(sys)("__main__")
    sys.modules["__main__"] = main
    return main


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


def _print_traceback(error: BaseException) -> None:
    try:
        import traceback

        # From the program on: what runs it is in nobody's way.
        trace = error.__traceback__ and error.__traceback__.tb_next
        traceback.print_exception(type(error), error, trace)
    except BaseException as another:
        os.write(2, f"{type(another).__name__}\n".encode())
