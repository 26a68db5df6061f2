"""How the demo looks: what an editor would show, in colour where there is a terminal."""

from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from server.demo.author import Cursor
from server.demo.client import Ghost

_GHOST = "italic cyan"
_CURSOR = "▏"


def show_heading(console: Console, words: str) -> None:
    """A rule with a title."""
    console.rule(f"[bold]{words}", align="left")


def show_ghost(console: Console, text: str, line: int, character: int, ghost: Ghost) -> None:
    """The cursor's line with the line above it, the ghost text in place, and the verdict."""
    lines = text.split("\n")
    if line:
        console.print(Text(f"{line:5} {lines[line - 1]}", style="dim"))
    shown = Text(f"{line + 1:5} {lines[line][:character]}{_CURSOR}")
    shown.append(ghost.shown, style=_GHOST)
    shown.append(lines[line][character:])
    console.print(shown)
    console.print(_verdict(ghost))


def show_cursor(console: Console, cursor: Cursor, ghost: Ghost) -> None:
    """The cursor's line with the ghost text, and what the author wrote there."""
    before = cursor.text.split("\n")[cursor.line]
    shown = Text(f"{cursor.file}:{cursor.line + 1} ", style="dim")
    shown.append(before.lstrip(), style="not dim")
    shown.append(_CURSOR, style="not dim")
    shown.append(ghost.shown, style=f"not dim {_GHOST}")
    console.print(shown)
    is_equal = ghost.shown.rstrip() == cursor.written.rstrip()
    author = Text("      the author wrote  ", style="dim")
    author.append(cursor.written.strip(), style="not dim")
    if ghost.shown:
        author.append("  = equal" if is_equal else "  ≠", style="bold green" if is_equal else "dim")
    console.print(author)
    console.print(_verdict(ghost))


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


def _verdict(ghost: Ghost) -> Text:
    if ghost.shown:
        return Text(f"      lints clean  {ghost.ms:.0f} ms", style="green")
    return Text(f"      silent: {ghost.reason}  {ghost.ms:.0f} ms", style="yellow")
