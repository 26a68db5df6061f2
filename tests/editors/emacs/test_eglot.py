"""Emacs with eglot, the documented settings and the real server: code actions and completion."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.debian import EMACS, NotAvailable, fetched
from tests.editors.documented import SERVER, settings
from tests.editors.neovim.session import PICTURES, REPOSITORY
from tests.editors.places import UNDEFINED
from tests.editors.terminal import Terminal

_QUIET = """
(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)
(setq inhibit-startup-screen t make-backup-files nil eglot-confirm-server-edits nil)
"""


@pytest.fixture
def emacs(tmp_path: Path) -> Iterator[Terminal]:
    """Emacs on `example.py`, a file with an undefined name."""
    try:
        binary = fetched(EMACS)
    except NotAvailable as error:
        pytest.skip(str(error))
    quoted = " ".join(f'"{word}"' for word in SERVER)
    documented = settings("elisp", ";; init.el").replace('"lintseq-server"', quoted)
    (tmp_path / "init.el").write_text(_QUIET + documented)
    (tmp_path / "example.py").write_text(UNDEFINED)
    usr = binary.parents[1]
    (version,) = (usr / "share" / "emacs").glob("[0-9]*")
    (dump,) = (usr / "libexec" / "emacs").glob("*/*/*.pdmp")
    own = {"HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY), "LINTSEQ_SETTINGS": "none.toml"}
    # It was built to lie elsewhere.
    own |= {"EMACSLOADPATH": str(version / "lisp"), "EMACSDATA": str(version / "etc")}
    own |= {"EMACSDOC": str(version / "etc"), "EMACSPATH": str(dump.parent)}
    command = [str(binary), f"--dump-file={dump}", "-nw", "-Q", "-l", "init.el", "example.py"]
    terminal = Terminal(command, os.environ | own, tmp_path)
    yield terminal
    terminal.close()


def test_a_code_action_imports_an_undefined_name(emacs: Terminal, tmp_path: Path) -> None:
    emacs.wait_for("Connected", 60)
    _until_ready(emacs)
    _command(emacs, "goto-line")
    emacs.type("2\r")
    _command(emacs, "eglot-code-actions")
    emacs.wait_for("Import os")
    emacs.save(PICTURES / "emacs-code-actions.png")
    emacs.type("Import os\r", pause_s=0.05)
    emacs.wait_for("import os")
    emacs.type("\x18\x13")  # Control-x, Control-s
    emacs.wait_for("Wrote")
    assert (tmp_path / "example.py").read_text() == "import os\n" + UNDEFINED


def _command(emacs: Terminal, name: str) -> None:
    emacs.type("\x1bx")
    emacs.wait_for("M-x")
    emacs.type(f"{name}\r", pause_s=0.02)


def _until_ready(emacs: Terminal) -> None:
    """Emacs shows no state: ask until the model is there."""
    for _ in range(40):
        emacs.type("\x1b:")
        emacs.wait_for("Eval:")
        emacs.type(
            "(plist-get (jsonrpc-request (eglot-current-server) :lintseq/status nil) :state)\r"
        )
        try:
            emacs.wait_for('"ready"', 1)
            return
        except AssertionError:
            continue
    raise AssertionError(f"the server is not ready:\n{emacs.text()}")
