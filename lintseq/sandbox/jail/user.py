"""A user that nobody else is: a limit on the number of processes binds those of one user."""

import os

from system import be_readable  # type: ignore[import-not-found]

_MOST = 1_000_000_000


def unused_user() -> int:
    """A user that exists nowhere else, another one for each process.

    Raises:
        OSError: root is the only user here.
    """
    with open("/proc/self/uid_map", encoding="ascii") as file:
        ranges = [[int(number) for number in line.split()] for line in file]
    first, _, count = max(ranges, key=lambda each: each[2])
    # The upper half of those that there are: people and services come first.
    half = min(count // 2, _MOST)
    if not half:
        raise OSError(1, "there is no user but root", "uid_map")
    return first + half + os.getpid() % half


def become(user: int) -> None:
    """Be that user, and nobody else again."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # Changing the user has undone it.
    be_readable()
