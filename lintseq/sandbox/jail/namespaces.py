"""A place with nothing in it but what a Python program needs."""

import os

from library import library_folders  # type: ignore[import-not-found]
from system import call, system_call  # type: ignore[import-not-found]

_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_ALL = _NEWNS | _NEWCGROUP | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET

_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18,
)  # fmt: skip
_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
# Any folder will do that holds no library: what is mounted here, only this process sees.
_ROOT = b"/proc"


def enter_root(file_bytes: int) -> None:
    """Leave everything behind, with the rights of root.

    Raises:
        OSError: the system does not allow it.
    """
    call("unshare", _ALL)
    _move(file_bytes)


def enter_user(file_bytes: int) -> None:
    """Leave everything behind, with the rights that a user has in namespaces of their own.

    Raises:
        OSError: the system does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    call("unshare", _NEWUSER | _ALL)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    _move(file_bytes)


def _move(file_bytes: int) -> None:
    """Make a small file system with Python's library the root, and go there."""
    call("mount", b"none", b"/", None, _REC | _PRIVATE, None)
    call("mount", b"none", _ROOT, b"tmpfs", _NOSUID | _NODEV, b"size=64k,nr_inodes=4k,mode=755")
    # Before the libraries: a Python in somebody's temporary folder is shown in this one.
    os.mkdir(f"{_ROOT.decode()}/tmp")
    size = f"size={max(file_bytes, 4096)},nr_inodes=1k,mode=777".encode()
    call("mount", b"none", _ROOT + b"/tmp", b"tmpfs", _NOSUID | _NODEV | _NOEXEC, size)
    for folder in library_folders():
        _show(folder)
    _show_file("/dev/null")
    os.mkdir(f"{_ROOT.decode()}/old")
    os.chdir(_ROOT)
    system_call(_PIVOT_ROOT[os.uname().machine], _ROOT, _ROOT + b"/old")
    os.chdir("/")
    call("umount2", b"/old", _DETACH)
    os.rmdir("/old")
    call("mount", b"none", b"/", None, _REMOUNT | _RDONLY | _NOSUID | _NODEV, None)
    os.chdir("/tmp")


def _show(folder: str) -> None:
    """Have a folder at its place, read-only."""
    there = _ROOT.decode() + folder
    os.makedirs(there, exist_ok=True)
    call("mount", folder.encode(), there.encode(), None, _BIND | _REC, None)
    flags = _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV
    call("mount", b"none", there.encode(), None, flags, None)


def _show_file(path: str) -> None:
    there = _ROOT.decode() + path
    os.makedirs(os.path.dirname(there), exist_ok=True)
    with open(there, "wb"):
        pass
    call("mount", path.encode(), there.encode(), None, _BIND, None)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
