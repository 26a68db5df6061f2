"""The demo itself: ghost text, an implementation, a next edit, and the fifty fixed cursors."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.text import Text

from lintseq.errors import FormatError
from lintseq.source import decode_source
from server.demo.client import Editor, Ghost
from server.demo.places import Cursor, Places, file_places, fixed_cursors, sample_places
from server.demo.show import is_equal, show_answer, show_cursor, show_figures, show_heading

_PICTURE_COLUMNS = 110


@dataclass(frozen=True, slots=True)
class Compared:
    """What was shown at a fixed cursor, unasked and asked for, beside what the author wrote."""

    cursor: Cursor
    unasked: Ghost
    asked: Ghost


def demo(path: Path | None, picture: Path | None = None) -> int:
    """Run the demo on the file at `path`, or on its own; the exit status.

    With `picture`, what was printed before the fifty cursors is also written there as an SVG.
    """
    width = _PICTURE_COLUMNS if picture else None
    console = Console(highlight=False, record=picture is not None, width=width)
    try:
        places = sample_places() if path is None else _read(path)
    except OSError as error:
        return _failed(f"cannot read {path}: {error.strerror}", 2)
    except FormatError as error:
        return _failed(f"cannot read {path}: {error}", 2)
    try:
        asyncio.run(_demo(console, places, is_own=path is None))
    except (TimeoutError, ValueError, RuntimeError) as error:
        # A RuntimeError is what the client's library says of a server that has ended.
        return _failed(str(error), 1)
    except KeyboardInterrupt:
        return 130  # as a shell counts what ctrl-c ended
    try:
        if picture is not None:
            _write(picture, console.export_svg(title="make demo"))
    except OSError as error:
        return _failed(f"cannot write {picture}: {error.strerror}", 2)
    return 0


def _read(path: Path) -> Places:
    return file_places(path, decode_source(path.read_bytes()).text)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _failed(why: str, status: int) -> int:
    Console(stderr=True, highlight=False).print(Text(why, style="red"), soft_wrap=True)
    return status


async def _demo(console: Console, places: Places, *, is_own: bool) -> None:
    async with Editor() as editor:
        model = await editor.until_ready()
        words = f" with the model {model}, offline, over stdio\n"
        console.print(Text.assemble(("LintSeq", "bold"), words))
        show_heading(console, f"Ghost text in {places.path.name}")
        for cursor in places.cursors:
            editor.open(cursor.path, cursor.text)
            ghost = await editor.ghost(cursor.line, cursor.character)
            show_cursor(console, cursor, ghost)
        editor.open(places.path, places.text)
        for line in places.stubs:
            show_heading(console, f"Implement the function in line {line + 1}")
            show_answer(console, await editor.steps(line, 0, "implement"))
        show_heading(console, "Next edit, seen from the end of the file")
        show_answer(console, await editor.steps(places.text.count("\n"), 0, "nextEdit"))
        if is_own:
            await _fixed(Console(highlight=False), editor)


async def _fixed(console: Console, editor: Editor) -> None:
    show_heading(console, "Fifty fixed cursors in five files that the model has never seen")
    compared = [
        await _compare(editor, cursor)
        for cursor in track(list(fixed_cursors()), "asking", console=console, transient=True)
    ]
    for each in compared:
        show_cursor(console, each.cursor, each.unasked)
    show_figures(console, _figures(compared))


async def _compare(editor: Editor, cursor: Cursor) -> Compared:
    editor.open(cursor.path, cursor.text)
    unasked = await editor.ghost(cursor.line, cursor.character)
    editor.open(cursor.path, cursor.text)
    asked = await editor.ghost(cursor.line, cursor.character, is_asked=True)
    return Compared(cursor, unasked, asked)


def _figures(compared: Sequence[Compared]) -> dict[str, str]:
    count = len(compared)
    shown = [each for each in compared if each.unasked.shown]
    asked = [each for each in compared if each.asked.shown]
    equal = sum(is_equal(each.unasked, each.cursor) for each in shown)
    equal_asked = sum(is_equal(each.asked, each.cursor) for each in asked)
    latencies = [each.unasked.ms for each in compared]
    return {
        "shown unasked": f"{len(shown)} of {count}, {equal} of them equal to the author's",
        "shown when asked by a key": f"{len(asked)} of {count}, {equal_asked} equal",
        "share of all cursors that is equal": f"{equal / count:.0%} unasked, "
        f"{equal_asked / count:.0%} asked",
        "latency": f"median {statistics.median(latencies):.0f} ms, longest {max(latencies):.0f} ms",
    }
