"""Helix with the documented settings and the real server: completion and code actions."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.debian import HELIX, NotAvailable, fetched
from tests.editors.documented import SERVER, settings
from tests.editors.neovim.session import PICTURES, REPOSITORY
from tests.editors.places import UNDEFINED
from tests.editors.terminal import Terminal

ESCAPE = "\x1b"


@pytest.fixture
def helix(tmp_path: Path) -> Iterator[Terminal]:
    """Helix on `example.py`, a file with an undefined name."""
    try:
        binary = fetched(HELIX)
    except NotAvailable as error:
        pytest.skip(str(error))
    folder = tmp_path / "config" / "helix"
    folder.mkdir(parents=True)
    whole = settings("toml", "# ~/.config/helix/languages.toml")
    python, *arguments = SERVER
    command = f'command = "{python}"\nargs = {arguments!r}'
    (folder / "languages.toml").write_text(whole.replace('command = "lintseq-server"', command))
    (tmp_path / "example.py").write_text(UNDEFINED)
    runtime = binary.parents[1] / "lib" / "helix" / "runtime"
    own = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    own |= {"PYTHONPATH": str(REPOSITORY), "LINTSEQ_SETTINGS": "none.toml"}
    own |= {"HELIX_RUNTIME": str(runtime), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    terminal = Terminal([str(binary), "example.py"], os.environ | own, tmp_path)
    yield terminal
    terminal.close()


def test_a_code_action_imports_an_undefined_name(helix: Terminal, tmp_path: Path) -> None:
    helix.wait_for("return os.getcwd()")
    for _ in range(20):
        helix.type(":2\r a", pause_s=0.05)
        if _is_shown(helix, "Import os"):
            helix.save(PICTURES / "helix-code-actions.png")
            helix.type("\r")
            if _is_shown(helix, "import os"):
                break
        # The server or its model is not ready yet, as Helix says.
        helix.type(ESCAPE)
        time.sleep(0.5)
    helix.type(":w\r", pause_s=0.05)
    helix.wait_for("written")
    assert (tmp_path / "example.py").read_text() == "import os\n" + UNDEFINED


def _is_shown(helix: Terminal, words: str) -> bool:
    try:
        helix.wait_for(words, 4)
    except AssertionError:
        return False
    return True
