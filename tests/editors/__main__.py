"""Fetches the editors, then runs the tests in them where nothing outside can be reached.

Run as `python -m tests.editors [PYTEST ARGUMENTS]`. Where the system permits no network namespace,
the tests run with the network there is, and the proof of the isolation is skipped.
"""

import os
import shutil
import subprocess
import sys

from tests.editors.debian import EMACS, HELIX, NEOVIM_0_10, NEOVIM_0_12, NotAvailable, fetched
from tests.editors.vscode.provision import provisions

# A namespace has a loopback of its own, which is down.
_ISOLATED = ("unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "-")


def main() -> int:
    """The exit status of pytest."""
    arguments = sys.argv[1:] or ["tests/editors"]
    fetch(
        vscode=any(word.startswith("tests/editors/vscode") for word in arguments)
        or "tests/editors" in arguments
    )
    command = [sys.executable, "-P", "-m", "pytest", *arguments]
    if not can_isolate():
        print("no network namespace here: the tests could reach a network", file=sys.stderr)
        return subprocess.run(command, check=False).returncode
    environment = {**os.environ, "LINTSEQ_ISOLATED": "1"}
    return subprocess.run([*_ISOLATED, *command], env=environment, check=False).returncode


def fetch(*, vscode: bool) -> None:
    """Fetch what can be had; the tests of the rest say why they are skipped."""
    for program in (NEOVIM_0_12, NEOVIM_0_10, EMACS, HELIX):
        try:
            fetched(program)
        except NotAvailable as error:
            print(error, file=sys.stderr)
    if not vscode:
        return
    try:
        provisions()
    except RuntimeError as error:
        print(error, file=sys.stderr)


def can_isolate() -> bool:
    """Whether a process may have a network of its own here."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    tried = subprocess.run([*_ISOLATED, "true"], capture_output=True, check=False)
    return tried.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
