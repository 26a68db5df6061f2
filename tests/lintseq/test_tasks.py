import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintseq.format import CLOSING, Segment, Special, parse, text_of
from lintseq.program import split_lines
from lintseq.tasks import (
    CursorTask,
    Snapshot,
    Window,
    cursor_task,
    next_edit_task,
    state_prompt,
    take_snapshot,
)
from tests.lintseq.programs import texts

DIFF = Special.DIFF


def at_cursor(text: str, previous: Snapshot | None = None, window: int = 1000) -> CursorTask:
    """The task at the "|" of a text."""
    before, _, after = text.partition("|")
    line = before.count("\n")
    character = len(before) - (before.rfind("\n") + 1)
    return cursor_task(before + after, line, character, previous, Window(window, window))


def test_the_state_is_what_follows_and_then_what_stands_before() -> None:
    task = at_cursor("import os\n\n\ndef f(a):\n    ret|\n\n\nf(1)\n")
    assert task.prompt() == (
        "\n",
        DIFF,
        "@@ -0,0 +1,3 @@\n+\n+\n+f(1)\n",
        DIFF,
        "@@ -0,0 +1,4 @@\n+import os\n+\n+\n+def f(a):\n",
        DIFF,
    )
    assert task.forced() == "@@ -4,0 +5 @@\n+    ret"


@pytest.mark.parametrize(
    ("text", "prompt", "forced"),
    [
        ("|", ("\n", DIFF), "@@ -0,0 +1 @@\n+"),
        ("\n\n|", ("\n", DIFF, "@@ -0,0 +1,2 @@\n+\n+\n", DIFF), "@@ -2,0 +3 @@\n+"),
        ("a\n|", ("\n", DIFF, "@@ -0,0 +1 @@\n+a\n", DIFF), "@@ -1,0 +2 @@\n+"),
        (
            "|\na",
            ("\n", DIFF, f"@@ -0,0 +1 @@\n+a\n{chr(92)} No newline at end of file\n", DIFF),
            None,
        ),
        # What follows on the line is the first line behind the cursor; space alone is not.
        ("f(|)\n", ("\n", DIFF, "@@ -0,0 +1 @@\n+)\n", DIFF), "@@ -0,0 +1 @@\n+f("),
        ("f(|) \nb\n", ("\n", DIFF, "@@ -0,0 +1,2 @@\n+) \n+b\n", DIFF), "@@ -0,0 +1 @@\n+f("),
        ("f(|  \n", ("\n", DIFF), "@@ -0,0 +1 @@\n+f("),
        ("f(|\r\n", ("\n", DIFF), "@@ -0,0 +1 @@\n+f("),
        # Typed control tokens are text.
        ("'<|diff|\n", ("\n", DIFF, "@@ -0,0 +1 @@\n+diff|\n", DIFF), "@@ -0,0 +1 @@\n+'<"),
    ],
)
def test_prompts(text: str, prompt: tuple[Segment, ...], forced: str | None) -> None:
    task = at_cursor(text)
    assert task.prompt() == prompt
    assert forced is None or task.forced() == forced


def test_the_parts_of_a_task() -> None:
    task = at_cursor("é = 1\n  x.y|z w\n")
    assert (task.prefix, task.suffix) == ("  x.y", "z w")
    assert task.text[: task.offset] == "é = 1\n  x.y"
    assert task.line_number() == 2


@pytest.mark.parametrize(("line", "character"), [(-1, 0), (0, 6), (0, -1), (2, 0), (1, 1)])
def test_a_cursor_outside_the_text(line: int, character: int) -> None:
    with pytest.raises(ValueError, match="outside the text"):
        cursor_task("a = 1\n", line, character)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb|", "a\nbc|"),
        ("a\n|", "a\nb\n|"),
        ("a\n|\nz\n", "a\nb\nc\n    |\nz\n"),
        ("a\nf(|)\nz\n", "a\nf(1|)\nz\n"),
    ],
)
def test_typing_only_lengthens_the_prompt(before: str, after: str) -> None:
    first = at_cursor(before)
    second = at_cursor(after, first.snapshot)
    assert second.snapshot == first.snapshot
    assert text_of(second.prompt()).startswith(text_of(first.prompt()))
    assert second.prompt()[: len(first.prompt())] == first.prompt()


def test_typed_lines_are_edits_at_the_next_line() -> None:
    first = at_cursor("a\n|\nz\n")
    task = at_cursor("a\nb\n\nc|\nz\n", first.snapshot)
    assert task.typed == ("b\n", "\n")
    assert task.prompt() == (
        *first.prompt(),
        "@@ -1,0 +2 @@\n+b\n",
        DIFF,
        "@@ -2,0 +3 @@\n+\n",
        DIFF,
    )
    assert task.forced() == "@@ -3,0 +4 @@\n+c"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A change in front of the cursor, behind it, a jump back, another end of the line.
        ("a\nb\n|\nz\n", "A\nb\n|\nz\n"),
        ("a\nb\n|\nz\n", "a\nb\n|\nZ\n"),
        ("a\nb\n|\nz\n", "a|\nb\n\nz\n"),
        ("a\nb\n|\nz\n", "a\nb\n(|)\nz\n"),
        ("a\n(|)\nz\n", "a\n(|\nz\n"),
        ("a\n|", "a\n|\nz\n"),
        ("a\n|\nz\n", "a\n|"),
    ],
)
def test_other_changes_take_a_new_snapshot(before: str, after: str) -> None:
    first = at_cursor(before)
    task = at_cursor(after, first.snapshot)
    assert task == at_cursor(after)
    assert task.typed == ()


def test_a_window_takes_whole_lines_nearest_to_the_cursor() -> None:
    lines = split_lines("1234567\n" * 5)
    # A line costs its characters and the "+" in front.
    assert take_snapshot(lines, lines, Window(18, 27)) == Snapshot(3, lines[:2], lines[:3])
    assert take_snapshot(lines, lines, Window(17, 8)) == Snapshot(4, lines[:1], ())
    assert take_snapshot((), (), Window()) == Snapshot(0, (), ())
    assert Window(7, 5).halved() == Window(3, 2)


def test_lines_are_numbered_within_the_window() -> None:
    task = at_cursor("x = 1\n" * 100 + "y|\n" + "z = 1\n" * 100, window=21)
    assert task.snapshot.first == 97
    assert task.prompt()[1:5] == (
        DIFF,
        "@@ -0,0 +1,3 @@\n" + "+z = 1\n" * 3,
        DIFF,
        "@@ -0,0 +1,3 @@\n" + "+x = 1\n" * 3,
    )
    assert task.forced() == "@@ -3,0 +4 @@\n+y"


def test_next_edit_sees_the_line_of_the_cursor() -> None:
    task = next_edit_task("a\nb\nc\n", 1)
    assert task.prompt() == state_prompt(Snapshot(0, ("a\n", "b\n"), ("c\n",)))
    assert task.forced == ""
    assert next_edit_task("a", 5).snapshot == Snapshot(0, ("a",), ())


def test_an_instruction_stands_in_front() -> None:
    assert state_prompt(Snapshot(0, (), ()), instruction="Do it.") == ("Do it.\n", DIFF)


@settings(deadline=None)
@given(texts(), st.data())
def test_prompt_and_window_at_any_cursor(lines: tuple[str, ...], data: st.DataObject) -> None:
    text = "".join(lines)
    offset = data.draw(st.integers(0, len(text)))
    line = text.count("\n", 0, offset)
    character = offset - (text.rfind("\n", 0, offset) + 1)
    task = cursor_task(text, line, character, None, Window(10**6, 10**6))
    assert task.offset == offset
    assert text[:offset].endswith(task.prefix)
    assert "".join(task.snapshot.before) + task.prefix == text[:offset]
    rest = "".join(task.snapshot.after)
    assert text[offset:] == (
        rest if task.suffix.strip() else task.suffix + text_behind(rest, text, offset)
    )
    assert task.prompt()[-1] is DIFF
    grown = cursor_task(text[:offset] + "x\ny" + text[offset:], line + 1, 1, task.snapshot)
    if task.suffix.strip() or offset == len(text) or not task.suffix:
        assert grown.prompt()[: len(task.prompt())] == task.prompt()


KEYS = st.sampled_from(
    ["x", "(", ")", " ", "\n", "\n    ", "\r\n", "<-", "left", "right", "up", "down", "else", "end"]
)


def pressed(text: str, offset: int, key: str) -> tuple[str, int]:
    """The text and the cursor after a key; "else" types at another place."""
    match key:
        case "<-":
            return text[: max(offset - 1, 0)] + text[offset:], max(offset - 1, 0)
        case "left" | "up" | "right" | "down":
            steps = {"left": -1, "up": -20, "right": 1, "down": 20}
            return text, min(max(offset + steps[key], 0), len(text))
        case "end":
            return text + "x\n", offset
        case "else":
            return "x\n" + text, offset + 2
    return text[:offset] + key + text[offset:], offset + len(key)


@settings(deadline=None)
@given(texts(), st.integers(0, 400), st.lists(KEYS, max_size=25), st.sampled_from([0, 12, 10**6]))
def test_a_grown_prompt_is_the_text_on_screen(
    lines: tuple[str, ...], offset: int, keys: list[str], size: int
) -> None:
    text = "".join(lines)
    offset = min(offset, len(text))
    snapshot: Snapshot | None = None
    for key in ["x", *keys]:
        text, offset = pressed(text, offset, key)
        line, start = text.count("\n", 0, offset), text.rfind("\n", 0, offset) + 1
        task = cursor_task(text, line, offset - start, snapshot, Window(size, size))
        check_state(task, text, offset)
        snapshot = task.snapshot


def check_state(task: CursorTask, text: str, offset: int) -> None:
    """The prompt says what stands around the cursor, and nothing else."""
    states = parse(text_of(task.prompt()).removesuffix("<|diff|>") + CLOSING[1:]).edits
    state = "".join(states.replay()) if states.edits else ""
    number = task.line_number() - 1
    above, below = split_lines(state)[:number], split_lines(state)[number:]
    assert text[:offset].endswith("".join(above) + task.prefix)
    assert "\n" not in task.prefix + task.suffix
    behind = text[offset:] if task.suffix.strip() else text[offset:].partition("\n")[2]
    assert behind.startswith("".join(below))


def text_behind(rest: str, text: str, offset: int) -> str:
    """The rest with the newline of the cursor's line, if that line has one."""
    return f"\n{rest}" if "\n" in text[offset:] else rest
