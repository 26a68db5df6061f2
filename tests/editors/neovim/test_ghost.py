"""Ghost text in the real Neovim: it appears, goes with what is typed, and is accepted in parts."""

import time

import pytest

from tests.editors.neovim.conftest import Start
from tests.editors.neovim.session import Neovim
from tests.editors.places import CURSORS, NEXT_KEYS

ESCAPE = "\x1b"
_TRY_S = 8.0


def type_until_ghost(neovim: Neovim, name: str = "example") -> tuple[str, str]:
    """The line as typed and the ghost text, at the first place that has one."""
    for number, (text, key) in enumerate(zip(CURSORS, NEXT_KEYS, strict=True)):
        neovim.open(f"{name}{number}.py", text + "\n")
        neovim.type("GA" + key)
        try:
            return text.split("\n")[-1] + key, neovim.until_ghost(_TRY_S)
        except AssertionError:
            neovim.type(ESCAPE)
    raise AssertionError("the model has nothing to say at any of the places")


def test_what_is_shown_is_drawn_at_the_cursor(neovim: Neovim, version: str) -> None:
    typed, ghost = type_until_ghost(neovim)
    assert neovim.line == typed
    assert neovim.drawn() == ghost.split("\n")[0]
    neovim.terminal.wait_for(typed.strip() + ghost.split("\n")[0].rstrip())
    neovim.picture(f"{version}-ghost-text")


def test_tab_accepts_and_undo_takes_back_what_was_accepted_only(neovim: Neovim) -> None:
    typed, ghost = type_until_ghost(neovim)
    neovim.type("\t")
    neovim.until(lambda: neovim.line == (typed + ghost).split("\n")[-1], "the accepted text")
    assert neovim.drawn() == ""
    neovim.type(ESCAPE + "u")
    neovim.until(lambda: neovim.line == typed, "the text before")


def test_a_word_is_accepted_and_the_rest_stays(neovim: Neovim) -> None:
    typed, ghost = type_until_ghost(neovim)
    neovim.lua("require('lintseq').accept('word')")
    taken = neovim.line[len(typed) :]
    assert taken.strip()
    assert ghost.startswith(taken)
    if taken != ghost:
        neovim.until(lambda: neovim.ghost() == ghost[len(taken) :], "the rest")


def test_word_by_word_is_all(neovim: Neovim) -> None:
    typed, ghost = type_until_ghost(neovim)
    left = ghost
    for _ in range(len(ghost)):
        if neovim.lua("return require('lintseq').accept('word')"):
            left = (typed + ghost).removeprefix(neovim.line)
        if not left:
            break
        time.sleep(0.05)
    assert neovim.line == typed + ghost


def test_a_line_is_accepted(neovim: Neovim) -> None:
    typed, ghost = type_until_ghost(neovim)
    neovim.type("\x1b[1;3B")  # Alt and the arrow down
    neovim.until(lambda: neovim.line == typed + ghost.split("\n")[0], "the line")


def test_typing_along_keeps_it_and_typing_else_takes_it_away(neovim: Neovim) -> None:
    typed, ghost = type_until_ghost(neovim)
    neovim.type(ghost[0])
    neovim.until(lambda: neovim.line == typed + ghost[0], "the key")
    neovim.until(lambda: neovim.ghost() == ghost[1:], "the rest")
    neovim.type("?")
    neovim.until(lambda: neovim.line == typed + ghost[0] + "?", "the other key")
    # In the same moment as the text: nobody sees one without the other.
    assert neovim.drawn() == ""


def test_nothing_stale_while_typing_on(neovim: Neovim) -> None:
    """At every moment what is drawn belongs to the text that is on the screen."""
    type_until_ghost(neovim)
    neovim.type(ESCAPE + "o")
    seen = set()
    for key in "    total = sum(range(len(str(abs(int(float('1'))))))":
        neovim.type(key)
        for _ in range(4):
            line, column, visible, drawn = neovim.lua(_MOMENT)
            assert drawn in ("", visible), (line, column)
            seen.add(drawn)
            time.sleep(0.01)
    neovim.until(lambda: neovim.line.endswith("))))))"), "all keys")
    assert len(seen) >= 1


# One moment: Neovim does nothing else while Lua runs.
_MOMENT = """
local cursor = vim.api.nvim_win_get_cursor(0)
local namespace = vim.api.nvim_get_namespaces()['lintseq.ghost']
local drawn = ''
for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
  if mark[4].virt_text_pos == 'inline' then
    assert(mark[2] == cursor[1] - 1 and mark[3] == cursor[2], 'ghost text away from the cursor')
    drawn = mark[4].virt_text[1][1]
  end
end
local text = require('lintseq').visible() or ''
return { vim.api.nvim_get_current_line(), cursor[2], vim.split(text, '\\n')[1], drawn }
"""


def test_dismissed_text_does_not_come_back_by_itself(neovim: Neovim) -> None:
    _, ghost = type_until_ghost(neovim)
    neovim.type("\x1d")  # Control and ]
    neovim.until(lambda: neovim.ghost() is None, "nothing")
    neovim.type(" ")
    time.sleep(1.5)
    assert neovim.ghost() != ghost


def test_tab_indents_in_the_indentation(neovim: Neovim) -> None:
    """Even where ghost text is shown, Tab in front of a line's first word is indentation."""
    neovim.open("example.py", "class Point:\n    def __init__(self, x, y):\n        \n")
    neovim.type("GA")
    neovim.until(lambda: neovim.mode == "i", "insert mode")
    neovim.lua("require('lintseq').trigger()")
    ghost = neovim.until_ghost()
    neovim.type("\t")
    neovim.until(lambda: len(neovim.line) > len(" " * 8), "indentation")
    assert neovim.line.strip() == ""
    assert ghost not in neovim.line


@pytest.mark.parametrize(
    ("mapping", "typed"),
    [
        ("", "\t"),
        ("vim.keymap.set('i', '<Tab>', 'MAPPED')", "MAPPED"),
        ("vim.keymap.set('i', '<Tab>', function() return 'CALLED' end, { expr = true })", "CALLED"),
    ],
)
def test_without_ghost_text_tab_is_what_it_was(start: Start, mapping: str, typed: str) -> None:
    neovim = start(mapping + "\nvim.o.expandtab = false\n", automatic=False)
    neovim.open("example.py", "x = 1\n")
    neovim.lua("vim.bo.expandtab = false")
    neovim.type("A\t")
    neovim.until(lambda: neovim.line == "x = 1" + typed, f"{typed!r}")


def test_switched_off_for_a_buffer(neovim: Neovim) -> None:
    typed, _ = type_until_ghost(neovim)
    neovim.type(ESCAPE)
    neovim.lua("vim.b.lintseq_enabled = false")
    neovim.type(f"cc{typed.strip()[:-1]}")
    neovim.type(typed[-1])
    time.sleep(1.0)
    assert neovim.ghost() is None
