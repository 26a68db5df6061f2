"""A filter of system calls (seccomp), from a description of what is refused.

Source: linux/seccomp.h, linux/filter.h, linux/audit.h.
"""

import ctypes
import struct

from system import call  # type: ignore[import-not-found]

_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _IS_EQUAL, _IS_AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32 = 0x40000000
_EPERM = 1

Steps = list[bytes]


def install(architecture: int, rules: Steps) -> None:
    """Put this process and its descendants under rules, one after the other.

    Calls of another architecture, as of 32 bits, end the process.
    """
    code = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_IS_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
        _step(_IS_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _ERROR | _EPERM),
        *rules,
        _step(_RETURN, _ALLOW),
    ]
    steps = ctypes.create_string_buffer(b"".join(code))
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(steps))
    call("prctl", _SET_SECCOMP, _FILTER, ctypes.create_string_buffer(program), 0, 0)


def refuse(number: int, error: int = _EPERM) -> Steps:
    """Refuse a call."""
    return [_step(_IS_EQUAL, number, 0, 1), _step(_RETURN, _ERROR | error)]


def refuse_values(number: int, argument: int, values: "tuple[int, ...]") -> Steps:
    """Refuse a call if the argument has one of the values; only its lower 32 bits are seen."""
    checks = [step for each in values for step in refuse(each)]
    return _look(number, argument, checks)


def refuse_other_values(number: int, argument: int, value: int) -> Steps:
    """Refuse a call unless the argument has the value; only its lower 32 bits are seen."""
    checks = [_step(_IS_EQUAL, value, 1, 0), _step(_RETURN, _ERROR | _EPERM)]
    return _look(number, argument, checks)


def refuse_bits(number: int, argument: int, bits: int) -> Steps:
    """Refuse a call if the argument has one of the bits, of its lower 32."""
    checks = [_step(_HAS_BITS, bits, 0, 1), _step(_RETURN, _ERROR | _EPERM)]
    return _look(number, argument, checks)


def _look(number: int, argument: int, checks: Steps) -> Steps:
    # The number is gone once the argument is loaded: the call is decided here.
    inside = [_step(_LOAD, _ARGUMENTS_AT + 8 * argument), *checks, _step(_RETURN, _ALLOW)]
    return [_step(_IS_EQUAL, number, 0, len(inside)), *inside]


def _step(operation: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", operation, if_true, if_false, value)
