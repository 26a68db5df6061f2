"""An undefined name is repaired from the menu of quick fixes."""

from tests.editors.vscode.studio import Studio
from tests.server.verdicts import problems

TEXT = "def load(path):\n    with open(path) as file:\n        return js|on.load(file)\n"


def test_an_import_is_added_from_the_menu(vscode: Studio) -> None:
    vscode.open(TEXT)
    before = vscode.text()
    assert problems(before)
    vscode.press("Control+.")
    entry = vscode.page.locator(".action-widget .action-list-item, .action-widget .monaco-list-row")
    entry.filter(has_text="Import json").first.wait_for()
    vscode.picture("quick-fix")
    entry.filter(has_text="Import json").first.click()
    vscode.until(lambda: vscode.text() != before)
    assert vscode.text().startswith("import json\n")
    assert not problems(vscode.text())
    vscode.press("Control+z")
    vscode.until(lambda: vscode.text() == before)


def test_others_diagnostics_are_answered(vscode: Studio) -> None:
    """A finding that another extension published gets the same fix, tied to it."""
    path = vscode.open(TEXT)
    fixes = vscode.run(
        """
        const uri = vscode.Uri.file(args.path);
        const range = new vscode.Range(2, 15, 2, 19);
        const found = vscode.languages.createDiagnosticCollection("another");
        const problem = new vscode.Diagnostic(range, '"json" is not defined');
        problem.source = "Pylance";
        problem.code = "reportUndefinedVariable";
        found.set(uri, [problem]);
        const actions = await vscode.commands.executeCommand(
          "vscode.executeCodeActionProvider", uri, range, "quickfix", 10);
        found.dispose();
        return actions.map((each) => [each.title, each.kind?.value, each.edit?.size ?? 0]);
        """,
        path=str(path),
    )
    assert ["Import json", "quickfix.lintseq.import", 1] in fixes
