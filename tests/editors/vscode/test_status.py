"""What the tool says of itself: state, reason for silence, and the menu."""

import pytest

from tests.editors.vscode.studio import Studio

TEXT = "class Point:\n    def __init__(self, x, y):\n        self.x = x\n        self.y =|\n"


@pytest.mark.parametrize(
    ("text", "typed", "reason"),
    [
        ("# a com|\n", "m", "the cursor is in a comment"),
        ("radius = 2\nrad|ius = 3\n", "x", "middle of a word"),
        ("def broken(:\n    x =|\n", " ", "parse"),
    ],
)
def test_silence_has_its_reason_in_the_bar(
    vscode: Studio, text: str, typed: str, reason: str
) -> None:
    vscode.open(text)
    vscode.type(typed)
    vscode.until(lambda: reason in vscode.bar())
    assert vscode.bar().startswith("LintSeq, silent: ")
    assert not vscode.ghost()


def test_the_bar_explains_itself_when_pointed_at(vscode: Studio) -> None:
    vscode.open("# a com|\n")
    vscode.type("m")
    vscode.until(lambda: "comment" in vscode.bar())
    vscode.page.locator('[id="lintseq.lintseq.lintseq.status"]').first.hover()
    hover = vscode.page.locator(".workbench-hover:visible").last
    hover.wait_for()
    assert "the cursor is in a comment" in hover.inner_text().replace("\u00a0", " ")
    vscode.picture("status")


def test_the_menu_has_everything(vscode: Studio) -> None:
    vscode.open(TEXT)
    vscode.page.locator('[id="lintseq.lintseq.lintseq.status"]').first.click()
    entries = vscode.until(vscode.menu)
    # It comes in gradually.
    vscode.page.wait_for_timeout(500)
    vscode.picture("menu")
    for words in ("Snooze", "How eager", "off for python", "off for this workspace", "doctor",
                  "log", "model file", "What to expect"):  # fmt: skip
        assert any(words in entry for entry in entries), (words, entries)
    vscode.press("Escape")


def test_snoozing_is_silence_with_a_reason_until_waking(vscode: Studio) -> None:
    vscode.command("lintseq.editor.snooze", 10)
    vscode.open(TEXT)
    vscode.type(" ")
    vscode.until(lambda: "snoozed until" in vscode.bar())
    assert not vscode.ghost()
    vscode.command("lintseq.editor.snooze", 0)
    vscode.until(lambda: "snoozed" not in vscode.bar())


def test_eagerness_is_chosen_and_counts(vscode: Studio) -> None:
    vscode.open(TEXT)
    vscode.later("lintseq.editor.eagerness")
    vscode.until(vscode.menu)
    vscode.page.wait_for_timeout(300)
    vscode.changed.add("lintseq.eagerness")
    vscode.type("manual", delay_ms=10)
    vscode.press("Enter")
    vscode.until(lambda: setting(vscode, "eagerness") == "manual")
    vscode.page.locator(".monaco-editor.focused").first.wait_for()
    vscode.type(" ")
    vscode.until(lambda: "eagerness" in vscode.bar())


def test_it_is_switched_off_for_a_language_and_for_a_workspace(vscode: Studio) -> None:
    vscode.open(TEXT)
    vscode.command("lintseq.editor.toggleLanguage")
    vscode.until(lambda: vscode.bar().startswith("LintSeq, off"))
    vscode.press("Alt+\\")
    vscode.page.wait_for_timeout(700)
    assert not vscode.ghost()
    vscode.command("lintseq.editor.toggleLanguage")
    vscode.until(lambda: not vscode.bar().startswith("LintSeq, off"))
    vscode.command("lintseq.editor.toggleWorkspace")
    vscode.until(lambda: vscode.bar().startswith("LintSeq, off"))
    vscode.command("lintseq.editor.toggleWorkspace")
    vscode.until(lambda: not vscode.bar().startswith("LintSeq, off"))


def test_a_wrong_setting_is_said(vscode: Studio) -> None:
    vscode.set("lintseq.max_lines", 99)
    vscode.until(lambda: any("max_lines" in note for note in vscode.notes()))


def test_the_doctor_reports(vscode: Studio) -> None:
    vscode.open(TEXT)
    assert vscode.command("lintseq.editor.doctor") in (0, 1)
    vscode.until(lambda: "checksum" in vscode.text())
    vscode.picture("doctor")


def setting(vscode: Studio, name: str) -> object:
    code = "return vscode.workspace.getConfiguration('lintseq').get(args.name);"
    return vscode.run(code, name=name)
