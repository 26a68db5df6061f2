"""What is fuzzed: each target takes any bytes, and raises where a law does not hold."""

import contextlib
from collections.abc import Callable

from lintseq.errors import FormatError, LimitError
from lintseq.format import Segment, Special, Transcript, parse, render, text_of
from lintseq.generated import read_generated
from lintseq.infer.judge import judge_line
from lintseq.lint import lint
from lintseq.program import Edit, EditSequence, Hunk, split_lines
from lintseq.source import decode_source
from lintseq.tasks import Window, cursor_task
from tests.fuzz.bits import Bits
from tests.fuzz.positions import follow_changes
from tests.fuzz.protocol import talk
from tests.fuzz.settings import read_settings

Target = Callable[[bytes], None]
_MOST_LINES = 400


def transcript(data: bytes) -> None:
    """The strict reader reads what the writer writes, and nothing else."""
    text = Bits(data).text()
    try:
        found = parse(text)
    except FormatError:
        return
    assert text_of(render(found)) == text, "read, but written otherwise"


def generated(data: bytes) -> None:
    """Of what a model writes, whole edits are taken that can be written down and read again."""
    text = Bits(data).text()
    segments: list[Segment] = []
    for number, part in enumerate(text.split(Special.DIFF)):
        segments += [Special.DIFF, part] if number else [part]
    found = read_generated(segments)
    again = parse(text_of(render(Transcript("", EditSequence(found.edits)))))
    assert again.edits.edits == found.edits, "other edits when they are read again"


def hunks(data: bytes) -> None:
    """An edit inserts its lines where it says, and changes nothing else."""
    bits = Bits(data)
    lines = split_lines(bits.some_text())[:_MOST_LINES]
    drawn: list[Hunk] = []
    while bits.data and len(drawn) < 8:
        at = bits.number(len(lines) + 2)
        with contextlib.suppress(ValueError):
            drawn.append(Hunk(at, split_lines(bits.some_text())[:_MOST_LINES]))
    try:
        edit = Edit(tuple(drawn))
        after = edit.apply(lines)
    except ValueError:
        return
    plain = [[line] for line in lines]
    behind = {hunk.at: hunk.lines for hunk in edit.hunks}
    wanted = [*behind.get(0, ())]
    for number, (line,) in enumerate(plain, 1):
        wanted += [line, *behind.get(number, ())]
    assert after == tuple(wanted), "applied otherwise than line by line"
    assert split_lines("".join(after)) == after, "lines run into each other"
    if edit.hunks:
        found = parse(text_of(render(Transcript("", EditSequence((edit,))))))
        assert found.edits.edits == (edit,), "another edit when it is read again"


def linter(data: bytes) -> None:
    """Any text has findings within it, the same ones each time, or is refused."""
    text = Bits(data).text()
    count = len(split_lines(text))
    try:
        found = lint(text)
    except LimitError:
        return
    assert all(0 <= finding.line <= count for finding in found), f"outside of the text: {found}"
    assert lint(text) == found, "other findings the second time"


def verdict(data: bytes) -> None:
    """A line that stays as it is adds nothing, whatever text it stands in."""
    bits = Bits(data)
    place = bits.number(_MOST_LINES)
    lines = split_lines(bits.text())[:_MOST_LINES]
    if not lines:
        return
    line = place % len(lines)
    judge_line(lines, line, lines, line)


def source(data: bytes) -> None:
    """A file that is read is written back byte for byte, or refused."""
    with contextlib.suppress(FormatError, LimitError):
        found = decode_source(data)
        again = found.encode(found.text)
        assert again == data, "written back otherwise"


def window(data: bytes) -> None:
    """What the model sees is the text around the cursor, in order, and no more than fits."""
    bits = Bits(data)
    sizes = Window(bits.number(3000), bits.number(3000))
    place, column = bits.number(_MOST_LINES), bits.number(200)
    text = bits.text()
    lines = split_lines(text)
    line = place % (len(lines) + 1)
    current = lines[line].removesuffix("\n") if line < len(lines) else ""
    task = cursor_task(text, line, column % (len(current) + 1), window=sizes)
    seen = task.snapshot
    before = seen.first + len(seen.before)
    assert lines[seen.first : before] == seen.before, "not the lines before the cursor"
    assert (*seen.before, *task.typed) == lines[seen.first : line], "lines are left out"
    rest = "".join(seen.after)
    shown = text[task.offset :] if task.suffix.strip() else "".join(lines[line + 1 :])
    assert shown.startswith(rest), "not the lines behind the cursor"
    assert text[task.offset - len(task.prefix) : task.offset] == task.prefix
    assert sum(map(len, seen.before)) <= sizes.before
    assert sum(map(len, seen.after)) <= sizes.after
    specials = [part for part in task.prompt() if isinstance(part, Special)]
    assert set(specials) <= {Special.DIFF}, "a control token out of the text"


TARGETS: dict[str, Target] = {
    "transcript": transcript,
    "generated": generated,
    "hunks": hunks,
    "linter": linter,
    "verdict": verdict,
    "source": source,
    "window": window,
    "positions": follow_changes,
    "settings": read_settings,
    "protocol": talk,
}
