"""Files without namespaces: what a process with Landlock (Linux 5.13) may still open.

Source: linux/landlock.h; Documentation/userspace-api/landlock.rst in the kernel's source.
"""

import os
import struct

from library import library_folders  # type: ignore[import-not-found]
from system import system_call  # type: ignore[import-not-found]

# The same numbers on all architectures.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_WHICH_VERSION, _BENEATH = 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# How many kinds of access a version knows, if not all 16.
_KINDS = {1: 13, 2: 14, 3: 15, 4: 15}
# Since version 6: no abstract sockets of others, no signals to others.
_SCOPES = 3


def lock_files(folder: str) -> None:
    """Let this process and its descendants read Python's library and a folder, and nothing else.

    Raises:
        OSError: the kernel has no Landlock.
    """
    version = system_call(_CREATE, None, 0, _WHICH_VERSION)
    handled = (1 << _KINDS.get(version, 16)) - 1
    wanted = struct.pack("QQQ", handled, 0, _SCOPES) if version >= 6 else struct.pack("Q", handled)
    rules = system_call(_CREATE, wanted, len(wanted), 0)
    for each in (*library_folders(), folder):
        _allow(rules, each, _READ_FILE | _READ_FOLDER)
    _allow(rules, "/dev/null", _READ_FILE)
    _allow(rules, "/dev/urandom", _READ_FILE)
    system_call(_RESTRICT, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    system_call(_ADD, rules, _BENEATH, struct.pack("=Qi", access, folder), 0)
    os.close(folder)
