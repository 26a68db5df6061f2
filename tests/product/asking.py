"""An editor with the real server and the default model, and places where that shows something."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from lsprotocol import types

from lintseq.infer.model_file import ENVIRONMENT_VARIABLE, MANIFEST, models_folder
from tests.requests.checker import insertion_problem
from tests.server.editor import REAL_SERVER, Editor, editor
from tests.server.screen import Screen

_PROGRAMS = Path(__file__).parents[1] / "bench" / "programs"
NAMES = ("bank_account", "inventory", "shapes", "linked_list")
needs_model = pytest.mark.skipif(
    not (models_folder() / MANIFEST).exists(), reason="no default model has come along"
)


def program(name: str) -> str:
    """One of the programs that speed is measured with."""
    return (_PROGRAMS / f"{name}.txt").read_text(encoding="utf-8")


TEXT = "\n\n".join(map(program, NAMES))


def real(
    options: dict[str, object] | None = None,
    *,
    able: types.ClientCapabilities | None = None,
    environment: dict[str, str] | None = None,
    name: str = "example.py",
) -> AbstractAsyncContextManager[Editor]:
    """A session with the server as it is installed; it finds its model by itself."""
    given = {"threads": 1, **(options or {})}
    environment = {ENVIRONMENT_VARIABLE: ""} | (environment or {})
    return editor(REAL_SERVER, options=given, environment=environment, able=able, name=name)


@dataclass(frozen=True, slots=True)
class Shown:
    """Ghost text, and where it is shown."""

    line: int
    character: int
    text: str
    before: str
    """The whole text on screen."""

    @property
    def offset(self) -> int:
        lines = self.before.split("\n")
        return sum(len(each) + 1 for each in lines[: self.line]) + self.character

    @property
    def after(self) -> str:
        """The text with it."""
        return self.before[: self.offset] + self.text + self.before[self.offset :]

    @property
    def problem(self) -> str:
        """What is wrong with it, as a checker says that knows nothing of the server."""
        return insertion_problem(self.before, self.offset, self.text, self.after)


def begun_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line of code up to its middle."""
    for number, line in enumerate(text.split("\n")):
        if len(line.strip()) > 8 and not line.strip().startswith(("#", '"')):
            indent = len(line) - len(line.lstrip())
            yield number, line[: (indent + len(line) + 1) // 2]


async def all_shown(
    session: Editor, text: str, *, invoked: bool = False, every: int = 1
) -> AsyncIterator[Shown]:
    """What is shown at the middle of each (second, third, …) line, the others being whole."""
    for number, begun in [*begun_lines(text)][::every]:
        screen = Screen(session, text)
        screen.write_line(number, begun[:-1])
        screen.write_line(number, begun)
        shown = await session.ghost(number, len(begun), invoked=invoked)
        if shown is not None:
            yield Shown(number, len(begun), shown, screen.text)
        session.close()


async def first_shown(session: Editor, text: str = TEXT, *, least: int = 1) -> Shown:
    """The first of at least so many characters; the text stays open as it is there."""
    async for shown in all_shown(session, text):
        if len(shown.text) >= least:
            return shown
    pytest.fail("the default model shows nothing in an ordinary program")


async def reason(session: Editor) -> str:
    """Why nothing was shown."""
    status = await session.request("lintseq/status")
    return str(status.reason)
