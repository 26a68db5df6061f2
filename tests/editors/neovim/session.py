"""Neovim in a terminal, with the plugin installed as a plain package and the real server."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.editors.neovim.remote import Remote
from tests.editors.terminal import Terminal

REPOSITORY = Path(__file__).parents[3]
PLUGIN = REPOSITORY / "editors" / "neovim"
PICTURES = REPOSITORY / ".editors" / "pictures"
SERVER = [sys.executable, "-P", "-m", "server"]
_WAIT_S = 60.0
_STEP_S = 0.02

_INIT = """
vim.g.loaded_python3_provider = 0
vim.o.swapfile, vim.o.termguicolors, vim.o.number = false, true, true
vim.o.statusline = ' %f %m%=%{v:lua.require("lintseq").status()} '
"""


class Neovim:
    """One Neovim; keys go through the terminal, questions through its socket."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        init: str,
        around: Sequence[str] = (),
        environment: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        _install(folder)
        (folder / "init.lua").write_text(_INIT + init, encoding="utf-8")
        socket = folder / "nvim.sock"
        command = [*around, str(binary), "-u", str(folder / "init.lua"), "--listen", str(socket)]
        own = {"HOME": str(folder), "PYTHONPATH": str(REPOSITORY), "LINTSEQ_SETTINGS": "none.toml"}
        own |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in _XDG}
        self.terminal = Terminal(command, os.environ | own | (environment or {}), folder)
        self.until(socket.exists, "a socket")
        self.remote = Remote(socket)
        self.until(lambda: self.lua("return vim.v.vim_did_enter == 1"), "the end of the start")

    def lua(self, code: str, *arguments: object) -> Any:  # noqa: ANN401  any JSON value
        return self._request("nvim_exec_lua", code, arguments)

    def command(self, words: str) -> str:
        """Run an Ex command; what it prints."""
        return str(self._request("nvim_exec2", words, {"output": True})["output"])

    def _request(self, method: str, *arguments: object) -> Any:  # noqa: ANN401  any JSON value
        try:
            return self.remote.request(method, *arguments)
        except TimeoutError as error:
            raise AssertionError(f"Neovim waits for a key:\n{self.terminal.text()}") from error

    def until(self, is_done: Callable[[], object], what: str, wait_s: float = _WAIT_S) -> None:
        """Return when `is_done` holds.

        Raises:
            AssertionError: it did not in time; it shows the screen.
        """
        end = time.monotonic() + wait_s
        while not is_done():
            assert time.monotonic() < end, f"{what} did not come:\n{self.terminal.text()}"
            time.sleep(_STEP_S)

    def open(self, name: str, text: str) -> None:
        """A Python file with the text, served by a server that has loaded its model."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.command(f"edit {path}")
        self.until_ready()

    def until_ready(self) -> None:
        self.until(lambda: self.state in ("ready", "silent") and self.is_served, "a ready server")

    @property
    def is_served(self) -> bool:
        return bool(self.lua("return require('lintseq.client').get(0) ~= nil"))

    @property
    def state(self) -> str:
        return str(self.lua("return require('lintseq').info().state"))

    @property
    def mode(self) -> str:
        return str(self.lua("return vim.api.nvim_get_mode().mode"))

    @property
    def text(self) -> str:
        lines = self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
        return "\n".join(lines) + "\n"

    @property
    def line(self) -> str:
        return str(self.lua("return vim.api.nvim_get_current_line()"))

    def ghost(self) -> str | None:
        """What is shown at the cursor, as the plugin says."""
        found = self.lua("return require('lintseq').visible()")
        return None if found is None else str(found)

    def drawn(self) -> str:
        """What is drawn as ghost text, whatever the plugin says."""
        found = self.lua(_DRAWN)
        return str(found)

    def until_ghost(self, wait_s: float = _WAIT_S) -> str:
        self.until(self.ghost, "ghost text", wait_s)
        return str(self.ghost())

    def type(self, keys: str, pause_s: float = 0.0) -> None:
        self.terminal.type(keys, pause_s)

    def server(self) -> psutil.Process:
        """The process of the language server."""
        mine = psutil.Process(self.terminal.process.pid).children(recursive=True)
        return next(each for each in mine if each.cmdline()[-2:] == ["-m", "server"])

    def engine(self) -> psutil.Process:
        """The process that holds the model: the server's child, once it is there."""
        self.until(lambda: self.server().children(), "a process for the model")
        return self.server().children()[0]

    def picture(self, name: str) -> None:
        """Keep what the screen shows, once it is drawn."""
        time.sleep(0.3)
        self.terminal.save(PICTURES / f"neovim-{name}.png")

    def close(self) -> None:
        self.remote.close()
        self.terminal.close()


_XDG = ("CONFIG", "DATA", "STATE", "CACHE")

_DRAWN = """
local found = ''
local namespace = vim.api.nvim_get_namespaces()['lintseq.ghost']
for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
  if mark[4].virt_text_pos == 'inline' then
    found = found .. mark[4].virt_text[1][1]
  end
end
return found
"""


def _install(folder: Path) -> None:
    """As a user would without a plugin manager."""
    package = folder / "data" / "nvim" / "site" / "pack" / "lintseq" / "start" / "lintseq"
    if not package.exists():
        package.parent.mkdir(parents=True)
        package.symlink_to(PLUGIN)
