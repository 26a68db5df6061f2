"""The user's words, for a place or for selected lines, turned into tasks for the model.

Words about a function that waits for its body are about that body. Elsewhere, where the edit goes
is known for a place. For selected lines the model may first name a place among them itself; if
nothing clean comes of that, what it writes goes right behind them.
"""

from collections.abc import Iterator
from dataclasses import replace

from lintseq.format import SEPARATOR
from lintseq.program import split_lines
from lintseq.stub import implement_task, stub_at
from lintseq.tasks import WINDOW, EditTask, Window, take_snapshot


def instruct_tasks(
    text: str, words: str, selected: range, window: Window = WINDOW
) -> Iterator[EditTask]:
    """The tasks of doing what the words say, the first one to be tried first.

    Args:
        text: the whole file.
        words: what the user wants.
        selected: lines from 0; an empty range is the place of the line that it begins at: a blank
            line is written above, any other one behind.
        window: how much the model sees of the file.

    Raises:
        ValueError: there are no words.
    """
    instruction = words.strip().replace(SEPARATOR, " ")
    if not instruction:
        raise ValueError("an instruction has words, got none")
    if (task := implement_task(text, selected.start, window)) and _holds(text, selected):
        yield replace(task, instruction=instruction)
        return
    lines = split_lines(text)
    if len(selected) > 0:
        stop = min(selected.stop, len(lines))
        snapshot = take_snapshot(lines[:stop], lines[stop:], window)
        places = range(min(selected.start, stop), stop + 1)
        yield EditTask(text, instruction, snapshot, range(0), places=places)
    at = _place(lines, selected)
    snapshot = take_snapshot(lines[:at], lines[at:], window)
    number = len(snapshot.before)
    # How many lines come is the model's to say.
    yield EditTask(text, instruction, snapshot, range(0), f"@@ -{number},0 +{number + 1}")


def _holds(text: str, selected: range) -> bool:
    """Whether the selection ends within the stub that it begins in."""
    stub = stub_at(text, selected.start)
    return stub is not None and selected.stop <= max(stub.stop, stub.start + 1)


def _place(lines: tuple[str, ...], selected: range) -> int:
    if len(selected) > 0:
        return min(selected.stop, len(lines))
    line = min(selected.start, len(lines))
    is_blank = line == len(lines) or not lines[line].strip()
    return line if is_blank else line + 1
