"""Alternatives to the ghost text in the real Neovim."""

import time
from functools import partial

from tests.editors.neovim.session import Neovim
from tests.editors.places import CHOICES

ESCAPE = "\x1b"


def position(neovim: Neovim) -> tuple[int, int]:
    """Which of how many texts is shown."""
    index, count = neovim.lua("return { require('lintseq.ghost').position() }")
    return int(index), int(count)


def test_alternatives_are_cycled_and_accepted(neovim: Neovim, version: str) -> None:
    for number, (text, key) in enumerate(CHOICES):
        neovim.open(f"example{number}.py", text + "\n")
        neovim.type("GA" + key)
        line = text.split("\n")[-1] + key
        neovim.until(lambda: neovim.mode == "i", "insert mode")
        time.sleep(1.0)
        neovim.type("\x1b]")  # Alt and ]
        time.sleep(3.0)
        if position(neovim)[1] > 1:
            cycle(neovim, line, version)
            return
        neovim.type(ESCAPE)
    raise AssertionError("there is but one text at each of the places")


def cycle(neovim: Neovim, line: str, version: str) -> None:
    index, count = position(neovim)
    first = neovim.ghost()
    assert first is not None
    neovim.terminal.wait_for(f"{index}/{count}")
    neovim.picture(f"{version}-alternatives")
    seen = {first}
    for step in range(1, count):
        neovim.type("\x1b]")
        wanted = (index - 1 + step) % count + 1
        neovim.until(partial(is_at, neovim, wanted), "the next one")
        seen.add(str(neovim.ghost()))
    assert len(seen) == count
    neovim.type("\x1b]")
    neovim.until(lambda: neovim.ghost() == first, "the first one again")
    neovim.type("\t")
    neovim.until(lambda: neovim.line == (line + first).split("\n")[0], "the accepted text")


def is_at(neovim: Neovim, wanted: int) -> bool:
    return position(neovim)[0] == wanted
