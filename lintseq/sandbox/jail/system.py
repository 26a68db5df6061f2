"""The system calls that Python does not offer."""

import ctypes
import os
import struct
from signal import SIGKILL

_LIBC = ctypes.CDLL(None, use_errno=True)
_PDEATHSIG, _DUMPABLE, _CAPBSET_DROP, _CHILD_SUBREAPER, _NO_NEW_PRIVS = 1, 4, 24, 36, 38
_LAST_CAPABILITY = 63


def call(name: str, *arguments: object) -> int:
    """What a function of the C library returns.

    Raises:
        OSError: it failed.
    """
    result: int = getattr(_LIBC, name)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def system_call(number: int, *arguments: object) -> int:
    """What a system call returns that the C library has no function for.

    Raises:
        OSError: it failed.
    """
    # Each argument is as long as a register.
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return call("syscall", ctypes.c_long(number), *wide)


def die_with_parent(number: int = SIGKILL) -> None:
    """Be sent a signal when the process ends that started this one."""
    call("prctl", _PDEATHSIG, number, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of processes below this one whose own has ended."""
    call("prctl", _CHILD_SUBREAPER, 1, 0, 0, 0)


def be_readable() -> None:
    """Have the files of /proc/self belong to this process's user."""
    call("prctl", _DUMPABLE, 1, 0, 0, 0)


def gain_no_privileges() -> None:
    """Lose all capabilities, gain none by starting a program, and be closed to others."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            call("prctl", _CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:
            # Without the right to drop it, or unknown to this kernel: not held either.
            break
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    call("capset", header, ctypes.create_string_buffer(24))
    call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0)
    call("prctl", _DUMPABLE, 0, 0, 0, 0)
