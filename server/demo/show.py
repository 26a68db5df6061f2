"""How the demo looks: what an editor would show, in colour where there is a terminal."""

from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from server.demo.client import Ghost
from server.demo.places import Cursor

_GHOST = "italic cyan"
_CURSOR = "▏"


def show_heading(console: Console, words: str) -> None:
    """A rule with a title."""
    console.rule(Text(words, style="bold"), align="left")


def show_cursor(console: Console, cursor: Cursor, ghost: Ghost) -> None:
    """The cursor's line with the ghost text in place, and what the author wrote there."""
    line = cursor.text.split("\n")[cursor.line]
    shown = Text(f"{cursor.file}:{cursor.line + 1}  ", style="dim")
    shown.append(line[: cursor.character].lstrip() + _CURSOR, style="not dim")
    shown.append(ghost.shown, style=f"not dim {_GHOST}")
    shown.append(line[cursor.character :], style="not dim")
    console.print(shown)
    if ghost.shown:
        verdict = Text("    lints clean", style="green")
    else:
        verdict = Text(f"    silent: {ghost.reason}", style="yellow")
    verdict.append(f"  {ghost.ms:.0f} ms", style="dim")
    verdict.append(f"  the author wrote: {cursor.written.strip()}", style="dim")
    if is_equal(ghost, cursor):
        verdict.append("  = equal", style="bold green")
    console.print(verdict)


def is_equal(ghost: Ghost, cursor: Cursor) -> bool:
    """Whether what is shown is what the author wrote, but for space at the end of the line."""
    return bool(ghost.shown) and ghost.shown.rstrip() == cursor.written.rstrip()


def show_answer(console: Console, answer: Any) -> None:  # noqa: ANN401  any JSON object
    """The steps of a proposal as diffs, or why there is none."""
    if not answer.steps:
        console.print(Text(f"      silent: {answer.silent}  ({answer.ms:.0f} ms)", style="yellow"))
        return
    for number, step in enumerate(answer.steps, 1):
        console.print(Text(f"  step {number} of {len(answer.steps)}, lints clean", style="green"))
        console.print(Syntax(step.diff, "diff", background_color="default"))
    console.print(Text(f"      {answer.ms:.0f} ms", style="dim"))


def show_figures(console: Console, figures: dict[str, str]) -> None:
    """The summary."""
    table = Table(show_header=False, box=None)
    for name, value in figures.items():
        table.add_row(Text(name, style="dim"), value)
    console.print(table)
