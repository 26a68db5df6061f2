"""What the model is asked: the prompts, written the same way in training and in the editor.

The state of a file is two insertions: first the lines after the cursor, into the empty file,
then the lines before it, at the top. Generation goes on right behind its left context, the next
line number is the one just written plus one, and lines typed later are further edits: while
somebody types, the prompt only grows, and what the model has read of it stays read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lintseq.format import Segment, Special, header, render_edit
from lintseq.outline import outline
from lintseq.program import Edit, Hunk, Lines, split_lines


@dataclass(frozen=True, slots=True)
class Window:
    """How much of a file the model sees around the cursor, in characters."""

    before: int = 1600
    after: int = 600
    outline: int = 0
    """Of what stands above: the imports, headers and definitions that the window needs."""

    def halved(self) -> "Window":
        """A smaller window, for text that takes more tokens than usual."""
        return Window(self.before // 2, self.after // 2, self.outline // 2)


WINDOW = Window()


def windows(window: Window = WINDOW) -> Iterator[Window]:
    """The window, then halves of it: an eighth of the usual one fits any text."""
    for _ in range(4):
        yield window
        window = window.halved()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A window of a file, cut in two at the cursor."""

    first: int
    """Which line of the file the window begins with, from 0."""
    before: Lines
    """Whole lines in front of the cursor's line."""
    after: Lines
    """What follows the cursor on its line, if that is more than space, and the lines behind."""
    outline: Lines = ()
    """Lines from further above, which stand in front of the window in the state."""


@dataclass(frozen=True, slots=True)
class CursorTask:
    """Go on writing at the cursor."""

    text: str
    offset: int
    """The cursor, in characters from the beginning of `text`."""
    snapshot: Snapshot
    typed: Lines
    """Whole lines that were typed behind `snapshot.before` since it was taken."""
    prefix: str
    """What stands in front of the cursor on its line."""
    suffix: str
    """What follows the cursor on its line, without the newline."""

    def prompt(self) -> tuple[Segment, ...]:
        """The segments up to the point where the model decides whether something is missing."""
        return state_prompt(self.snapshot, self.typed)

    @property
    def is_typing(self) -> bool:
        """Whether the line was begun: then that something is missing is no question."""
        return bool(self.prefix.strip())

    def line_number(self) -> int:
        """The number, from 1, of the cursor's line in the state."""
        snapshot = self.snapshot
        return len(snapshot.outline) + len(snapshot.before) + len(self.typed) + 1

    def forced(self) -> str:
        """The header of the cursor's line and what is typed of it."""
        number = self.line_number()
        return f"{header(number - 1, number, 1)}+{self.prefix}"


@dataclass(frozen=True, slots=True)
class EditTask:
    """Write edits: the missing body of a function, a missing definition, or what comes next."""

    text: str
    instruction: str
    snapshot: Snapshot
    removed: range
    """Lines of `text`, from 0, that the state lacks: a placeholder such as `pass`."""
    forced: str = ""
    """The beginning of the first edit, where its place is known."""
    places: range | None = None
    """Behind how many lines of `text` an edit may begin; None for anywhere in the window."""

    def prompt(self) -> tuple[Segment, ...]:
        """The segments up to the point where the model decides whether something is missing."""
        return state_prompt(self.snapshot, instruction=self.instruction)


def state_prompt(
    snapshot: Snapshot, typed: Lines = (), instruction: str = ""
) -> tuple[Segment, ...]:
    """The instruction and the state as segments; the last is the `<|diff|>` to answer behind."""
    segments: list[Segment] = [f"{instruction}\n", Special.DIFF]
    front = snapshot.outline + snapshot.before
    for lines in (snapshot.after, front):
        if lines:
            segments += [_insertion(0, lines), Special.DIFF]
    for number, line in enumerate(typed, len(front)):
        segments += [_insertion(number, (line,)), Special.DIFF]
    return tuple(segments)


def cursor_task(
    text: str,
    line: int,
    character: int,
    previous: Snapshot | None = None,
    window: Window = WINDOW,
) -> CursorTask:
    r"""The task of writing on at a cursor; it grows `previous` where that is still the state.

    Args:
        text: the whole file.
        line: the cursor's line from 0, lines ending at "\n" only; one behind the last line
            of a file that ends with a newline is its empty last line.
        character: the cursor in its line, in characters from 0.
        previous: the snapshot of an earlier task in the same file.
        window: how much a new snapshot takes of the file.

    Raises:
        ValueError: the cursor lies outside the text.
    """
    lines = split_lines(text)
    current = lines[line].removesuffix("\n") if 0 <= line < len(lines) else ""
    if not (0 <= line <= len(lines) and 0 <= character <= len(current)):
        raise ValueError(f"the cursor {line}:{character} lies outside the text")
    prefix, suffix = current[:character], current[character:]
    rest = lines[line + 1 :]
    if suffix.strip():
        # The line as it is, so that it keeps its newline or the lack of it.
        rest = (lines[line][character:], *rest)
    snapshot = previous
    if snapshot is None or not _continues(snapshot, lines[:line], rest):
        snapshot = _with_outline(take_snapshot(lines[:line], rest, window), lines, prefix, window)
    return CursorTask(
        text=text,
        offset=sum(map(len, lines[:line])) + character,
        snapshot=snapshot,
        typed=lines[snapshot.first + len(snapshot.before) : line],
        prefix=prefix,
        suffix=suffix,
    )


def next_edit_task(text: str, line: int, window: Window = WINDOW) -> EditTask:
    """The task of finding what is missing anywhere, seen from behind line `line` (from 0)."""
    lines = split_lines(text)
    cut = min(line + 1, len(lines))
    return EditTask(text, "", take_snapshot(lines[:cut], lines[cut:], window), range(0))


def take_snapshot(before: Lines, after: Lines, window: Window) -> Snapshot:
    """The lines nearest to the cursor that fit into the window."""
    # A line without newline is the last of its file; before the cursor it is a whole line.
    taken_before = _take(before[::-1], window.before)
    taken_after = _take(after, window.after)
    return Snapshot(
        len(before) - taken_before, before[len(before) - taken_before :], after[:taken_after]
    )


def _with_outline(snapshot: Snapshot, lines: Lines, prefix: str, window: Window) -> Snapshot:
    if not window.outline:
        return snapshot
    shown = (*snapshot.before, f"{prefix}\n")
    return replace(snapshot, outline=outline(lines[: snapshot.first], shown, window.outline))


def _take(lines: Lines, budget: int) -> int:
    taken = 0
    for line in lines:
        budget -= len(line) + 1
        if budget < 0:
            break
        taken += 1
    return taken


def _continues(snapshot: Snapshot, before: Lines, rest: Lines) -> bool:
    end = snapshot.first + len(snapshot.before)
    return (
        before[snapshot.first : end] == snapshot.before
        and len(before) >= end
        and rest[: len(snapshot.after)] == snapshot.after
        and bool(rest) == bool(snapshot.after)
    )


def _insertion(at: int, lines: Lines) -> str:
    return render_edit(Edit((Hunk(at, lines),)))
