"""Ghost text as somebody sees and takes it."""

import re

from tests.editors.vscode.studio import Studio
from tests.editors.vscode.texts import LONG_PLACES, PLACES
from tests.server.verdicts import assert_no_worse, problems


def shown_unasked(vscode: Studio) -> str:
    """The first ghost text that appears while typing at one of the places."""
    for text, typed in PLACES:
        vscode.open(text)
        vscode.type(typed)
        if ghost := vscode.seen_ghost():
            return ghost
    raise AssertionError(f"nothing appeared at {len(PLACES)} places: {vscode.status()}")


def shown_asked(vscode: Studio, pattern: str) -> str:
    """The first ghost text of that form that a key brings."""
    for text in LONG_PLACES:
        vscode.open(text)
        vscode.press("Alt+\\")
        ghost = vscode.seen_ghost()
        if re.search(pattern, ghost):
            return ghost
    raise AssertionError(f"nothing like {pattern!r} at {len(LONG_PLACES)} places")


def test_typing_shows_it_and_tab_accepts_it(vscode: Studio) -> None:
    ghost = shown_unasked(vscode)
    vscode.picture("ghost-text")
    before = vscode.text()
    line, character = vscode.caret()
    vscode.press("Tab")
    after = vscode.until(lambda: text if (text := vscode.text()) != before else "")
    assert after.splitlines()[line][character:].startswith(ghost.splitlines()[0])
    assert_no_worse(f"{before.splitlines()[0]}\n", after)
    vscode.press("Control+z")
    vscode.until(lambda: vscode.text() == before)


def test_a_word_and_then_the_rest_are_accepted(vscode: Studio) -> None:
    ghost = shown_asked(vscode, r"\w\W+\w")
    before, (line, character) = vscode.text(), vscode.caret()
    vscode.press("Control+ArrowRight")
    vscode.until(lambda: vscode.text() != before)
    taken = vscode.text().splitlines()[line][character : vscode.caret()[1]]
    assert taken
    assert ghost.startswith(taken)
    assert len(taken) < len(ghost.splitlines()[0])
    vscode.until(vscode.ghost)
    vscode.press("Control+Alt+ArrowRight")
    wanted = ghost.splitlines()[0]
    vscode.until(lambda: vscode.text().splitlines()[line][character:].startswith(wanted))


def test_a_line_of_several_is_accepted(vscode: Studio) -> None:
    vscode.set("lintseq.max_lines", 5)
    ghost = shown_asked(vscode, r"\S")
    before, (line, character) = vscode.text(), vscode.caret()
    vscode.press("Control+Alt+ArrowRight")
    vscode.until(lambda: vscode.text() != before)
    first = ghost.splitlines()[0]
    assert vscode.text().splitlines()[line][character:].startswith(first.rstrip())


def test_alternatives_are_cycled(vscode: Studio) -> None:
    seen: set[str] = set()
    for text in LONG_PLACES:
        vscode.open(text)
        vscode.press("Alt+\\")
        first = vscode.seen_ghost()
        if not first:
            continue
        seen = {first}
        for _ in range(3):
            vscode.press("Alt+]")
            vscode.page.wait_for_timeout(300)
            seen.add(vscode.ghost())
        if len(seen - {""}) > 1:
            vscode.picture("alternatives")
            break
    assert len(seen - {""}) > 1, seen
    before, current = vscode.text(), vscode.ghost()
    line, character = vscode.caret()
    vscode.press("Alt+Enter")
    vscode.until(lambda: vscode.text() != before)
    assert vscode.text().splitlines()[line][character:].startswith(current.splitlines()[0])


def test_tab_indents_in_front_of_the_first_word(vscode: Studio) -> None:
    vscode.open("class Point:\n    def __init__(self, x, y):\n        self.x = x\n|\n")
    vscode.type("    ")
    vscode.press("Alt+\\")
    vscode.seen_ghost()
    before = vscode.text()
    vscode.press("Tab")
    vscode.until(lambda: vscode.text() != before)
    assert vscode.text().splitlines()[3] == "        "
    # The key for everywhere accepts there, too.
    vscode.press("Alt+\\")
    if vscode.seen_ghost():
        vscode.press("Alt+Enter")
        vscode.until(lambda: bool(vscode.text().splitlines()[3].strip()))


def test_tab_indents_where_nothing_is_shown(vscode: Studio) -> None:
    vscode.open("value = 1  # a comment|\n")
    vscode.press("Tab")
    vscode.until(lambda: vscode.text() != "value = 1  # a comment\n")
    assert vscode.text().rstrip() == "value = 1  # a comment"


def test_what_was_dismissed_does_not_come_back(vscode: Studio) -> None:
    ghost = shown_unasked(vscode)
    place, before = vscode.caret(), vscode.text()
    vscode.press("Escape")
    vscode.until(lambda: not vscode.ghost())
    vscode.type("x")
    vscode.press("Backspace")
    vscode.page.wait_for_timeout(1500)
    assert (vscode.caret(), vscode.text()) == (place, before)
    assert vscode.ghost() != ghost


def test_nothing_stale_is_seen_while_typing(vscode: Studio) -> None:
    """Every text that is on screen at any moment lints clean where it stands."""
    before = "import os\n\n\ndef paths(folder):\n"
    vscode.open(f"{before}    |\n    return names\n")
    vscode.watch()
    written = 'names = [os.path.join(folder, name) for name in os.listdir(folder) if name != ""]'
    # Closing brackets and quotes appear by themselves and are typed over.
    vscode.type(written, delay_ms=45)
    vscode.page.wait_for_timeout(1500)
    assert vscode.text().splitlines()[4] == f"    {written}"
    frames = vscode.watched()
    assert len(frames) > 10
    for line, ghost in frames:
        after = f"{before}{line}\n    return names\n"
        if ghost and not problems(after.replace(ghost, "", 1)):
            assert not problems(after), (line, ghost)
