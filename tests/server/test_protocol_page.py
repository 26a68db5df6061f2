"""docs/protocol.md names what the server has: a client is written from it."""

import re
from dataclasses import fields
from typing import Any

import pytest
from lsprotocol import types

from server import messages
from server.app import create_server
from server.features import code_actions
from server.status import Latency, Outcome, State, Status
from tests.server.editor import REPOSITORY

PAGE = (REPOSITORY / "docs" / "protocol.md").read_text(encoding="utf-8")
TYPES = (
    Status,
    Latency,
    messages.ProposeParameters,
    messages.Proposed,
    messages.Step,
    messages.Steps,
    messages.StepParameters,
    messages.Moved,
    messages.PlaceParameters,
    messages.Tab,
    messages.Noted,
)


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    """The cells of a section's table, by what its first column names."""
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first.strip("`"): others for first, *others in cells}


def test_the_commands_and_kinds_are_those_of_the_program() -> None:
    named = re.findall(r"`(lintseq\.\w+)`", " ".join(rows("Commands")) + section("Commands"))
    assert set(named) == set(create_server().protocol.fm.commands)
    assert set(rows("Code actions")) == set(code_actions.KINDS)


def test_every_method_is_named() -> None:
    own = {messages.STATUS, messages.PROPOSE, messages.STEPS}
    own |= {messages.ACCEPT, messages.SKIP, messages.UNDO, messages.TAB, messages.REJECT}
    registered = set(create_server().protocol.fm.features)
    assert own == {method for method in registered if method.startswith("lintseq/")}
    assert own == set(re.findall(r"^## `(.*)`$", PAGE, re.MULTILINE))
    for method in registered - own:
        assert re.sub("textDocument/|workspace/", "", method) in section("Of LSP"), method


@pytest.mark.parametrize("described", TYPES)
def test_every_field_is_named(described: Any) -> None:  # noqa: ANN401  some data class
    for field in fields(described):
        assert f'"{field.name}": ' in PAGE, field.name


@pytest.mark.parametrize("words", [State, Outcome])
def test_every_word_is_named(words: type[State] | type[Outcome]) -> None:
    for word in words:
        assert f'"{word}"' in section("`lintseq/status`")
    assert str(types.LSPErrorCodes.RequestCancelled.value) in PAGE
    assert str(types.ErrorCodes.InvalidParams.value) in PAGE
