"""Fetches the editors, then runs the tests in them where nothing outside can be reached.

Run as `python -m tests.editors [PYTEST ARGUMENTS]`. Where the system permits no network namespace,
the tests run with the network there is, and the proof of the isolation is skipped.
"""

import os
import subprocess
import sys

from tests import offline
from tests.editors.debian import EMACS, HELIX, NEOVIM_0_10, NEOVIM_0_12, NotAvailable, fetched
from tests.editors.vscode.provision import provisions


def main() -> int:
    """The exit status of pytest."""
    arguments = sys.argv[1:] or ["tests/editors"]
    fetch(
        vscode=any(word.startswith("tests/editors/vscode") for word in arguments)
        or "tests/editors" in arguments
    )
    command = [sys.executable, "-P", "-m", "pytest", *arguments]
    if reason := offline.why_not():
        print(
            f"the tests could reach a network, for want of a namespace: {reason}", file=sys.stderr
        )
        return subprocess.run(command, check=False).returncode
    environment = os.environ | {offline.ISOLATED: "1"}
    return subprocess.run(offline.isolated(command), env=environment, check=False).returncode


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


if __name__ == "__main__":
    sys.exit(main())
