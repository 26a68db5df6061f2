"""A proposal taken step by step in the real Neovim, quick fixes and instructions."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.editors.neovim.session import Neovim
from tests.editors.places import STUBS, UNDEFINED

ESCAPE = "\x1b"
_TRY_S = 60.0


def steps(neovim: Neovim) -> tuple[int, int]:
    """How many steps are ahead, and how many are in the text."""
    ahead, taken = neovim.lua("return { require('lintseq.steps').count() }")
    return int(ahead), int(taken)


def window(neovim: Neovim) -> str:
    """What the floating window says."""
    return str(
        neovim.lua("""
        for _, window in ipairs(vim.api.nvim_list_wins()) do
          if vim.api.nvim_win_get_config(window).relative ~= '' then
            local buffer = vim.api.nvim_win_get_buf(window)
            return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
          end
        end
        return ''
        """)
    )


def source(neovim: Neovim) -> str:
    """The text of the file, whatever window has the focus."""
    lines = neovim.lua("return vim.api.nvim_buf_get_lines(vim.fn.winbufnr(1), 0, -1, false)")
    return "\n".join(lines) + "\n"


def in_text(neovim: Neovim) -> str:
    """The first line of the next step, where it would come in the text."""
    marks = neovim.lua("""
        local namespace = vim.api.nvim_create_namespace('lintseq.steps')
        local buffer = vim.fn.winbufnr(1)
        return vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true })
        """)
    return str(marks[0][3]["virt_lines"][0][0][0])


def implemented(neovim: Neovim, least: int) -> Iterator[int]:
    """Open stubs one after the other until one is offered in so many steps."""
    for number, stub in enumerate(STUBS):
        neovim.open(f"stub{number}.py", stub)
        neovim.command("1")
        neovim.type(":Lintseq implement\r")
        neovim.until(lambda: steps(neovim)[0] or "LintSeq: " in _messages(neovim), "steps", _TRY_S)
        if steps(neovim)[0] >= least:
            yield number
            return
        neovim.lua("require('lintseq').dismiss_steps()")
        neovim.command("messages clear")
    pytest.fail(f"no stub was offered in {least} steps")


def _messages(neovim: Neovim) -> str:
    return str(neovim.command("messages"))


def test_accept_one_skip_one_undo(neovim: Neovim, version: str) -> None:
    number = next(implemented(neovim, least=3))
    stub = STUBS[number]
    ahead, _ = steps(neovim)
    assert "+" in window(neovim)
    neovim.terminal.wait_for("accept all")
    assert in_text(neovim).strip() in window(neovim)
    neovim.picture(f"{version}-steps")

    neovim.type("a")
    neovim.until(lambda: steps(neovim) == (ahead - 1, 1), "an accepted step")
    first = source(neovim)
    assert len(first) > len(stub)
    neovim.picture(f"{version}-steps-accepted")

    neovim.type("s")
    neovim.until(lambda: steps(neovim)[0] < ahead - 1, "a skipped step")
    assert source(neovim) == first

    neovim.type("u")
    neovim.until(lambda: steps(neovim)[1] == 0, "an undone step")
    assert source(neovim) == stub


def test_accept_all(neovim: Neovim) -> None:
    number = next(implemented(neovim, least=2))
    shown = window(neovim)
    neovim.type("A")
    neovim.until(lambda: steps(neovim)[0] == 0, "the end")
    text = source(neovim)
    added = [line[1:] for line in map(str.strip, shown.split("\n")) if line.startswith("+")]
    assert added
    assert [line for line in added if line not in text] == []
    assert window(neovim) == ""
    # The last one can still be taken back.
    neovim.type(":Lintseq undo\r")
    neovim.until(lambda: len(source(neovim)) < len(text), "an undone step")
    assert source(neovim) != STUBS[number]


def test_dismissed_steps_leave_nothing(neovim: Neovim) -> None:
    number = next(implemented(neovim, least=1))
    neovim.type("q")
    neovim.until(lambda: window(neovim) == "", "no window")
    assert source(neovim) == STUBS[number]
    marks = neovim.lua(
        "return vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace('lintseq.steps'),"
        " 0, -1, {})"
    )
    assert marks == []


def test_a_change_of_the_text_ends_the_steps(neovim: Neovim) -> None:
    next(implemented(neovim, least=1))
    neovim.lua("require('lintseq').dismiss_steps()")
    neovim.lua("vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'x = 1' })")
    neovim.lua("require('lintseq').accept_step()")
    neovim.until(lambda: "the text has changed" in _messages(neovim), "the reason")


def test_quick_fix_for_an_undefined_name(neovim: Neovim, version: str) -> None:
    neovim.open("stub.py", UNDEFINED)
    neovim.type("2G")
    neovim.type(":Lintseq fix\r")
    neovim.terminal.wait_for("Import os")
    neovim.picture(f"{version}-quick-fix")
    neovim.type("1\r")
    neovim.until(lambda: neovim.text == "import os\n" + UNDEFINED, "the import")


def test_import_by_its_own_command(neovim: Neovim) -> None:
    neovim.open("stub.py", UNDEFINED)
    neovim.type("2G0ww:Lintseq import\r")
    neovim.until(lambda: "import os\n" in neovim.text, "the import")


def test_instruction(neovim: Neovim, version: str) -> None:
    """A function that waits for its body, and words about it."""
    for number, stub in enumerate(STUBS):
        neovim.open(f"stub{number}.py", stub)
        neovim.type("1G:Lintseq instruct\r")
        neovim.terminal.wait_for("what to do")
        neovim.type("return something of the right type\r")
        neovim.until(lambda: steps(neovim)[0] or "LintSeq: " in _messages(neovim), "steps", _TRY_S)
        if steps(neovim)[0]:
            neovim.picture(f"{version}-instruct")
            neovim.type("A")
            neovim.until(partial(_is_changed, neovim, stub), "the proposal")
            return
        neovim.command("messages clear")
    pytest.fail("no instruction was followed")


def _is_changed(neovim: Neovim, stub: str) -> bool:
    return source(neovim) != stub


def test_nothing_to_implement_is_said(neovim: Neovim) -> None:
    neovim.open("stub.py", "x = 1\n")
    neovim.type(":Lintseq implement\r")
    neovim.terminal.wait_for("no function waits for its body here")
