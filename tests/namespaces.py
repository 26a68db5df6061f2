"""Commands with something of their own where everything else is shared: a network, a disk."""

import os
import shutil
import subprocess
from collections.abc import Sequence


def with_own(namespace: str) -> list[str]:
    """The beginning of a command that has its own `net` or `mount`, and may change it.

    It runs as the user that it would run as otherwise: root stays root, and nobody else becomes it.
    """
    user = [] if os.geteuid() == 0 else ["--map-current-user", "--keep-caps"]
    return ["unshare", *user, f"--{namespace}"]


def why_not(prefix: Sequence[str]) -> str:
    """Why a command with such a beginning does not work here; nothing, if it does."""
    if shutil.which("unshare") is None:
        return "unshare (util-linux) is missing"
    tried = subprocess.run([*prefix, "true"], capture_output=True, text=True, check=False)
    if not tried.returncode:
        return ""
    return tried.stderr.strip().rpartition("\n")[2] or f"the status is {tried.returncode}"
