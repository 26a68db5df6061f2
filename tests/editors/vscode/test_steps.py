"""Proposals taken step by step: what is seen, and what the text is then."""

from tests.editors.vscode.studio import Studio
from tests.editors.vscode.texts import STUBS
from tests.server.verdicts import assert_no_worse, is_grown

BUTTONS = ".codelens-decoration"


def stepping(vscode: Studio, at_least: int) -> str:
    """Ask for functions until the proposal has so many steps; the text before it."""
    for text in STUBS:
        vscode.open(text)
        before = vscode.text()
        vscode.press("Control+Alt+i")
        label = asked(vscode)
        if label and int(label.split(" of ")[1].split(":")[0]) >= at_least:
            return before
        vscode.press("Escape")
    raise AssertionError(f"no function of {len(STUBS)} has {at_least} steps")


def asked(vscode: Studio) -> str:
    """The label of the step that is offered; "" if there was nothing to offer."""
    vscode.until(lambda: vscode.status()["state"] == "stepping" or bool(vscode.notes()))
    # The note of the progress stays until the answer is there.
    vscode.until(lambda: vscode.status()["state"] == "stepping" or not progress(vscode))
    status = vscode.status()
    vscode.run("await vscode.commands.executeCommand('notifications.clearAll');")
    return status["reason"] if status["state"] == "stepping" else ""


def progress(vscode: Studio) -> list[str]:
    """The notes that say that something is being computed."""
    titles = ("implement this function", "next edit", "instruction")
    return [note for note in vscode.notes() if note.split(": ")[-1] in titles]


def label(vscode: Studio) -> str:
    return vscode.status()["reason"]


def test_a_function_is_taken_step_by_step(vscode: Studio) -> None:
    before = stepping(vscode, at_least=2)
    vscode.until(vscode.ghost)
    vscode.until(lambda: vscode.page.locator(BUTTONS).count() > 0)
    vscode.picture("steps")
    assert "accept" in vscode.page.locator(BUTTONS).first.inner_text()
    first = label(vscode)
    assert first.startswith("step 1 of")

    vscode.press("Tab")
    vscode.until(lambda: vscode.text() != before and label(vscode) != first)
    one = vscode.text()
    assert_no_worse(before, one)
    assert is_grown(before, one)
    second = label(vscode)
    assert second.startswith("step 2 of")

    vscode.press("Alt+Delete")
    vscode.until(lambda: label(vscode) != second)
    assert vscode.text() == one
    vscode.picture("step-skipped")


def test_an_accepted_step_is_taken_back(vscode: Studio) -> None:
    before = stepping(vscode, at_least=2)
    first = label(vscode)
    vscode.press("Alt+Enter")
    vscode.until(lambda: vscode.text() != before and label(vscode) != first)
    # A key counts once the editor knows that there is something to take back.
    vscode.page.locator(f"{BUTTONS} a", has_text="undo").first.wait_for()
    vscode.page.wait_for_timeout(500)
    vscode.press("Alt+Backspace")
    vscode.until(lambda: vscode.text() == before)
    vscode.until(lambda: label(vscode) == first)
    # The editor's own undo is understood as well.
    vscode.press("Alt+Enter")
    vscode.until(lambda: vscode.text() != before and label(vscode) != first)
    vscode.press("Control+z")
    vscode.until(lambda: vscode.text() == before)
    vscode.until(lambda: label(vscode) == first)


def test_all_steps_are_accepted_at_once(vscode: Studio) -> None:
    before = stepping(vscode, at_least=2)
    vscode.press("Shift+Alt+Enter")
    vscode.until(lambda: vscode.text() != before)
    vscode.until(lambda: vscode.status()["state"] != "stepping")
    assert_no_worse(before, vscode.text())
    assert is_grown(before, vscode.text())


def test_a_button_accepts_and_another_dismisses(vscode: Studio) -> None:
    before = stepping(vscode, at_least=2)
    vscode.page.locator(f"{BUTTONS} a", has_text="dismiss").click()
    vscode.until(lambda: vscode.status()["state"] != "stepping")
    vscode.until(lambda: not vscode.ghost())
    assert vscode.text() == before
    stepping(vscode, at_least=2)
    vscode.page.locator(f"{BUTTONS} a", has_text="accept").first.click()
    vscode.until(lambda: vscode.text() != before)


def test_a_change_of_the_text_ends_the_steps(vscode: Studio) -> None:
    stepping(vscode, at_least=1)
    vscode.type("#")
    vscode.until(lambda: vscode.status()["state"] != "stepping")
    vscode.until(lambda: vscode.page.locator(BUTTONS).count() == 0)


def test_a_step_is_compared(vscode: Studio) -> None:
    vscode.set("lintseq.stepPreview", "diff")
    before = stepping(vscode, at_least=1)
    editor = vscode.page.locator(".monaco-diff-editor")
    editor.wait_for()
    vscode.until(lambda: vscode.page.locator(".line-insert").count() > 0)
    vscode.picture("diff")
    vscode.press("Shift+Alt+Enter")
    vscode.until(lambda: vscode.status()["state"] != "stepping")
    # The comparison is gone, and the text is there.
    vscode.until(lambda: editor.count() == 0)
    vscode.page.locator(".monaco-editor").first.wait_for()
    text = vscode.run(
        "const texts = vscode.workspace.textDocuments.filter((each) => each.isDirty);"
        "return texts[0].getText();"
    )
    assert_no_worse(before, text)


def test_the_next_edit_is_shown_where_it_goes(vscode: Studio) -> None:
    vscode.open(
        "def area(radius):\n    return math.pi * radius ** 2\n\n\ndef main():|\n    area(2)\n"
    )
    before = vscode.text()
    vscode.press("Control+Alt+n")
    if asked(vscode):
        vscode.picture("next-edit")
        vscode.press("Alt+Enter")
        vscode.until(lambda: vscode.text() != before)
        assert_no_worse(before, vscode.text())
    else:
        # Nothing is proposed, and the bar says why.
        assert vscode.status()["reason"]


def test_an_instruction_is_followed(vscode: Studio) -> None:
    done = 0
    for text, words in INSTRUCTIONS:
        vscode.open(text)
        before = vscode.text()
        vscode.press("Control+Alt+k")
        box = vscode.page.locator(".quick-input-widget input:visible").first
        box.wait_for()
        vscode.type(words, delay_ms=10)
        vscode.picture("instruct")
        vscode.press("Enter")
        box.wait_for(state="hidden")
        if not asked(vscode):
            continue
        vscode.press("Shift+Alt+Enter")
        vscode.until(lambda before=before: vscode.text() != before)  # type: ignore[misc]
        assert_no_worse(before, vscode.text())
        assert is_grown(before, vscode.text())
        done += 1
    assert done > 0


INSTRUCTIONS = (
    ("def total(values):\n    |\n", "Return the sum of the values."),
    ("def read_lines(path):\n    |\n", "Return the lines of the file."),
    ("import json\n\n\ndef save(data, path):\n    |\n", "Write the data as JSON."),
)
