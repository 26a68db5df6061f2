"""The system calls that Python does not offer, and the filter of those that a program may make."""

import ctypes
import os
import platform
import signal
import struct

_LIBC = ctypes.CDLL(None, use_errno=True)

_PDEATHSIG, _DUMPABLE, _SECCOMP, _CAPBSET_DROP = 1, 4, 22, 24
_CHILD_SUBREAPER, _NO_NEW_PRIVS = 36, 38
_LAST_CAPABILITY = 40

# Of linux/seccomp.h, linux/filter.h and linux/audit.h.
_FILTER = 2
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _IS_EQUAL, _IS_AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_X32 = 0x40000000
_EPERM, _ENOSYS = 1, 38
# CLONE_NEW*: namespaces of its own.
_NEW_NAMESPACES = 0x7E020080

# Numbers of calls in arch/*/syscalls: on x86-64, on ARM64.
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_REFUSED = (
    (163, 89),  # acct
    (248, 217),  # add_key
    (321, 280),  # bpf
    (161, 51),  # chroot
    (227, 112),  # clock_settime
    (176, 106),  # delete_module
    (313, 273),  # finit_module
    (428, 428),  # open_tree
    (429, 429),  # move_mount
    (430, 430),  # fsopen
    (175, 105),  # init_module
    (425, 425),  # io_uring_setup
    (426, 426),  # io_uring_enter
    (427, 427),  # io_uring_register
    (320, 294),  # kexec_file_load
    (246, 104),  # kexec_load
    (250, 219),  # keyctl
    (259, 33),  # mknodat
    (165, 40),  # mount
    (303, 264),  # name_to_handle_at
    (304, 265),  # open_by_handle_at
    (298, 241),  # perf_event_open
    (135, 92),  # personality
    (438, 438),  # pidfd_getfd
    (155, 41),  # pivot_root
    (310, 270),  # process_vm_readv
    (311, 271),  # process_vm_writev
    (101, 117),  # ptrace
    (179, 60),  # quotactl
    (169, 142),  # reboot
    (249, 218),  # request_key
    (308, 268),  # setns
    (164, 170),  # settimeofday
    (41, 198),  # socket
    (167, 224),  # swapon
    (103, 116),  # syslog
    (166, 39),  # umount2
    (272, 97),  # unshare
    (323, 282),  # userfaultfd
)
_SIGNALS = (
    (62, 129),  # kill
    (129, 138),  # rt_sigqueueinfo
    (297, 240),  # rt_tgsigqueueinfo
    (424, 424),  # pidfd_send_signal
)
_CLONE, _CLONE3 = (56, 220), (435, 435)


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


def die_with_parent() -> None:
    """End when the process does that started this one."""
    call("prctl", _PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of processes below this one whose own has ended."""
    call("prctl", _CHILD_SUBREAPER, 1, 0, 0, 0)


def gain_no_privileges() -> None:
    """Lose all capabilities, and gain none by starting a program."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            call("prctl", _CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:
            # Without the right to drop it, or unknown to this kernel: not held either.
            break
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    call("capset", header, ctypes.create_string_buffer(24))
    call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0)
    # Changing the user has reset it.
    call("prctl", _PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    call("prctl", _DUMPABLE, 0, 0, 0, 0)


def filter_calls(*, signals: bool) -> None:
    """Refuse what no program needs: other processes' memory, sockets, mounts, namespaces, ...

    Args:
        signals: refuse to send signals to processes too.
    """
    architecture, column = _ARCHITECTURES[platform.machine()]
    refused = sorted({numbers[column] for numbers in (*_REFUSED, *(_SIGNALS if signals else ()))})
    code = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_IS_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
        _step(_IS_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _ERROR | _EPERM),
        # The C library then uses `clone`, whose flags can be read.
        _step(_IS_EQUAL, _CLONE3[column], 0, 1),
        _step(_RETURN, _ERROR | _ENOSYS),
    ]
    for number in refused:
        code += [_step(_IS_EQUAL, number, 0, 1), _step(_RETURN, _ERROR | _EPERM)]
    code += [
        _step(_IS_EQUAL, _CLONE[column], 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_HAS_BITS, _NEW_NAMESPACES, 0, 1),
        _step(_RETURN, _ERROR | _EPERM),
        _step(_RETURN, _ALLOW),
    ]
    steps = ctypes.create_string_buffer(b"".join(code))
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(steps))
    call("prctl", _SECCOMP, _FILTER, ctypes.create_string_buffer(program), 0, 0)


def _step(operation: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", operation, if_true, if_false, value)
