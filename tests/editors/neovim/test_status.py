"""What the user can see of the server in the real Neovim: its state, and why it is silent."""

import sys

from tests.editors.neovim.conftest import Start
from tests.editors.neovim.session import REPOSITORY, SERVER, Neovim

ESCAPE = "\x1b"


def messages(neovim: Neovim) -> str:
    return neovim.command("messages")


def test_the_reason_of_silence_stands_in_the_status_line(neovim: Neovim, version: str) -> None:
    neovim.open("example.py", "x = 1\n")
    neovim.type("Go# a comment that says nothin")
    neovim.type("g")
    neovim.terminal.wait_for("LintSeq: the cursor is in a comment")
    neovim.picture(f"{version}-reason-of-silence")


def test_an_unparsable_text_is_said(neovim: Neovim) -> None:
    neovim.open("example.py", "def f(:\n    pass\n    \n")
    neovim.type("GAvalue")
    neovim.type(" ")
    neovim.until(lambda: neovim.state == "silent", "silence")
    assert neovim.lua("return require('lintseq').info().reason") != ""


def test_snooze_and_its_end(neovim: Neovim) -> None:
    neovim.open("example.py", "values = [1, 2, 3]\nfor value i\n")
    neovim.type(":Lintseq snooze 5\r")
    neovim.terminal.wait_for("snoozed until")
    neovim.type("GAn")
    neovim.until(lambda: neovim.line.endswith("in"), "the key")
    neovim.terminal.wait_for("LintSeq: snoozed until")
    assert neovim.ghost() is None
    neovim.type(f"{ESCAPE}:Lintseq snooze 0\r")
    neovim.until(lambda: "LintSeq is awake" in messages(neovim), "the end of the nap")


def test_status_says_model_and_latency(neovim: Neovim) -> None:
    neovim.open("example.py", "x = 1\n")
    neovim.type(":Lintseq status\r")
    neovim.terminal.wait_for("MB, with the model")
    neovim.terminal.wait_for("model    LintSeq")
    neovim.type("\r")


def test_settings_change_while_it_runs(neovim: Neovim) -> None:
    neovim.open("example.py", "values = [1, 2, 3]\nfor value i\n")
    neovim.command("Lintseq disable")
    neovim.type("GAn")
    neovim.terminal.wait_for("switched off by the option enabled")
    neovim.type(ESCAPE)
    neovim.command("Lintseq enable")
    neovim.type("ccfor value in")
    neovim.until(lambda: neovim.state == "ready" or neovim.ghost(), "its return")


def test_health(neovim: Neovim, version: str) -> None:
    neovim.open("example.py", "x = 1\n")
    neovim.command("checkhealth lintseq")
    neovim.until(lambda: "checksum right" in neovim.text, "the doctor's report")
    neovim.picture(f"{version}-health")
    assert "ERROR" not in neovim.text
    for words in ("setup() was called", "the server runs for 1 buffers", "tokens in"):
        assert words in neovim.text


def test_help(neovim: Neovim) -> None:
    neovim.command(f"helptags {REPOSITORY / 'editors' / 'neovim' / 'doc'}")
    for tag in ("lintseq", "lintseq-setup", "lintseq-keys", ":Lintseq", "<Plug>(lintseq-accept)"):
        neovim.command(f"help {tag}")
        assert neovim.lua("return vim.fn.expand('%:t')") == "lintseq.txt"


def test_commands_are_completed(neovim: Neovim) -> None:
    found = neovim.lua("return vim.fn.getcompletion('Lintseq s', 'cmdline')")
    assert found == ["skip", "snooze", "status", "stop"]
    assert neovim.lua("return vim.fn.getcompletion('Lintseq eagerness l', 'cmdline')") == ["low"]


def test_a_wrong_command_is_said(neovim: Neovim) -> None:
    neovim.type(":Lintseq implemnt\r")
    neovim.terminal.wait_for('no command "implemnt"')


def test_a_wrong_option_is_said_and_the_rest_works(start: Start) -> None:
    neovim = start(debounce="soon", keys={"akzept": "x"})
    neovim.until(lambda: "no option is called" in messages(neovim), "the mistake")
    assert "debounce" in messages(neovim)
    assert "akzept" in messages(neovim)
    neovim.open("example.py", "x = 1\n")


def test_a_missing_server_is_said(start: Start) -> None:
    neovim = start(cmd=["/nowhere/lintseq-server"])
    (neovim.folder / "a.py").write_text("x = 1\n")
    neovim.type(f":edit {neovim.folder / 'a.py'}\r")
    neovim.until(lambda: "the option cmd names" in messages(neovim), "the reason")
    assert '"/nowhere/lintseq-server", which cannot be run' in neovim.lua(
        "return require('lintseq').status(400)"
    )


def test_a_server_that_cannot_start_is_said_and_given_up(start: Start) -> None:
    # Neovim itself tells of it too, in more than one line.
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    neovim = start("vim.o.cmdheight = 6\n", cmd=command, restarts=1)
    (neovim.folder / "a.py").write_text("x = 1\n")
    neovim.command(f"edit {neovim.folder / 'a.py'}")
    neovim.until(lambda: "status 3" in messages(neovim), "the reason")
    assert neovim.state == "stopped"


def test_a_server_on_the_path_is_found(start: Start) -> None:
    """Without the option cmd, as a user would have it."""
    neovim = start(f"vim.env.PATH = vim.env.HOME .. ':' .. vim.env.PATH\n{_WRITE_SERVER}", cmd=None)
    neovim.open("example.py", "x = 1\n")
    found = neovim.lua("return { require('lintseq.server').find() }")
    assert found == [[str(neovim.folder / "lintseq-server")], "$PATH"]


_WRITE_SERVER = f"""
local path = vim.env.HOME .. '/lintseq-server'
vim.fn.writefile({{ '#!/bin/sh', 'exec {" ".join(SERVER)} "$@"' }}, path)
vim.fn.setfperm(path, 'rwxr-xr-x')
"""
