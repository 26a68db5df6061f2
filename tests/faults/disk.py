"""Faults of the disk: full, and read-only, in a mount namespace of the server's own."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.stage import Stage
from tests.namespaces import with_own

Kind = Callable[[Path], list[str]]
"""The beginning of a command to which a folder is like that."""

_FOLDERS = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TMPDIR", "HOME")
_FULL = 'mount -t tmpfs -o size=64k none "$0" && cat /dev/zero > "$0/filler" 2>/dev/null; exec "$@"'
_READ_ONLY = 'mount -t tmpfs -o ro none "$0" && exec "$@"'
_PROTECTED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def full(folder: Path) -> list[str]:
    """The beginning of a command to which the folder is full to the last byte."""
    return [*with_own("mount"), "sh", "-c", _FULL, str(folder)]


def read_only(folder: Path) -> list[str]:
    """The beginning of a command that may write nothing in the folder."""
    return [*with_own("mount"), "sh", "-c", _READ_ONLY, str(folder)]


def protected(folder: Path) -> list[str]:
    """The beginning of a command that may read what is in the folder, and change nothing of it."""
    return [*with_own("mount"), "sh", "-c", _PROTECTED, str(folder)]


def in_folder(folder: Path) -> Mapping[str, str]:
    """An environment in which everything is kept in the folder."""
    return dict.fromkeys(_FOLDERS, str(folder))


async def nothing_to_keep(stage: Stage) -> None:
    """Work that would keep something: what is rejected, who the editor is, code to be run."""
    for _ in range(3):
        stage.type()
        await stage.settle([stage.ghost()])
    stage.client.ask("workspace/executeCommand", {"command": "lintseq.snooze", "arguments": [0]})
    await stage.restored()
