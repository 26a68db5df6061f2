"""Neovim 0.12 with its own inline completion and without the plugin, as the README has it."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.debian import NEOVIM_0_12
from tests.editors.neovim.conftest import neovim_of
from tests.editors.neovim.session import REPOSITORY, SERVER, Neovim
from tests.editors.places import CURSORS, NEXT_KEYS

_SHOWN = """
local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
local marks = namespace and vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
return marks and marks[1] and marks[1][4].virt_text and marks[1][4].virt_text[1][1] or ''
"""


def snippet() -> str:
    """The Lua of the README that needs no plugin."""
    text = (REPOSITORY / "editors" / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```lua\n(-- Neovim 0\.12, without the plugin.*?)```", text, re.DOTALL)
    assert found is not None
    command = ", ".join(f'"{word}"' for word in SERVER)
    return found[1].replace('"lintseq-server"', command)


@pytest.fixture
def neovim(tmp_path: Path) -> Iterator[Neovim]:
    init = f"vim.o.statusline = ''\n{snippet()}\nvim.lsp.set_log_level('off')\n"
    session = Neovim(neovim_of(NEOVIM_0_12), tmp_path, init)
    yield session
    session.close()


def test_the_server_alone_is_enough(neovim: Neovim) -> None:
    assert any(
        accepts(neovim, f"example{number}.py", text, key)
        for number, (text, key) in enumerate(zip(CURSORS, NEXT_KEYS, strict=True))
    )


def accepts(neovim: Neovim, name: str, text: str, key: str) -> bool:
    """Whether there is ghost text at the end of the text, and Tab accepts it."""
    path = neovim.folder / name
    path.write_text(text + "\n", encoding="utf-8")
    neovim.command(f"edit {path}")
    neovim.until(lambda: neovim.lua("return #vim.lsp.get_clients({ bufnr = 0 })"), "a server")
    # It says nothing of the model that it loads; a key pressed before that is in vain.
    time.sleep(4.0)
    neovim.type("GA" + key)
    line = text.rsplit("\n", maxsplit=1)[-1] + key
    try:
        neovim.until(lambda: neovim.lua(_SHOWN), "ghost text", 8)
    except AssertionError:
        neovim.type("\x1b")
        return False
    shown = neovim.lua(_SHOWN)
    neovim.type("\t")
    neovim.until(lambda: neovim.line == line + shown, "the text")
    return True
