"""Pictures of the tool at work, from the real editor: `python -m tests.editors.vscode.picture`.

Writes docs/vscode.gif and the pictures of the extension's page. What is seen is what the default
model writes there.
"""

import io
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize

from tests.editors.vscode.code_server import Home, packed, remove
from tests.editors.vscode.conftest import HERE, SERVER
from tests.editors.vscode.provision import ROOT, provisions
from tests.editors.vscode.studio import Studio, started_browser, studio

SIZE = ViewportSize(width=800, height=500)
COLOURS = 48
MEDIA = ROOT / "editors" / "vscode" / "media"
PROGRAM = '''\
def total(values):
    result = 0
    for value in values:
        |
    return result


def read_settings(path):
    """Read the settings from a JSON file."""


def save(data, path):
    path.write_text(json.dumps(data))
'''
# What is typed if nothing is proposed behind the first words.
REST = "value"


@dataclass(slots=True)
class Film:
    """The frames so far, each with how long it is seen."""

    window: Studio
    frames: list[Image.Image] = field(default_factory=list)
    times_ms: list[int] = field(default_factory=list)

    def shot(self, time_ms: int) -> Image.Image:
        """Add what is on screen."""
        whole = Image.open(io.BytesIO(self.window.page.screenshot()))
        picture = whole.convert("RGB").crop((0, 36, SIZE["width"], SIZE["height"]))
        self.frames.append(picture)
        self.times_ms.append(time_ms)
        return picture

    def type(self, text: str) -> None:
        """Somebody types."""
        for character in text:
            self.window.type(character)
            self.window.page.wait_for_timeout(60)
            self.shot(90)

    def save(self, path: Path) -> None:
        small = [frame.quantize(COLOURS, dither=Image.Dither.NONE) for frame in self.frames]
        small[0].save(
            path,
            save_all=True,
            append_images=small[1:],
            duration=self.times_ms,
            loop=0,
            optimize=True,
        )


def main() -> int:
    """Make all pictures."""
    home = Home(Path(tempfile.mkdtemp(prefix="lintseq-")), provisions(), {"PYTHONPATH": str(ROOT)})
    probe = packed(HERE / "probe", home.path / "probe.vsix")
    extension = max((ROOT / "dist").glob("lintseq-*.vsix"), key=lambda path: path.stat().st_mtime)
    quiet = {
        "workbench.activityBar.location": "hidden",
        "editor.fontSize": 15,
        "editor.lightbulb.enabled": "off",
        "editor.quickSuggestions": {"other": "off"},
        "editor.suggestOnTriggerCharacters": False,
        "editor.parameterHints.enabled": False,
        "breadcrumbs.enabled": False,
    }
    home.prepare([probe, extension], {**SERVER, **quiet})
    with (
        started_browser(home.provisions.browser) as browser,
        studio(home, browser, home.path, SIZE) as window,
    ):
        act(Film(window))
    remove(home.path)
    return 0


def act(film: Film) -> None:
    """What is seen, scene by scene."""
    window = film.window
    window.run("await vscode.commands.executeCommand('workbench.action.closeSidebar');")
    window.open(PROGRAM, "shop.py")
    window.until(lambda: window.status().get("state") in ("ready", "silent"))
    film.shot(800)
    film.type("result += ")
    if window.seen_ghost():
        film.shot(1800).save(MEDIA / "ghost-text.png", optimize=True)
        window.press("Tab")
        window.page.wait_for_timeout(400)
        film.shot(900)
    else:
        film.type(REST)
    window.place(*found(window, '"""Read'))
    window.press("Control+Alt+i")
    window.until(lambda: window.status()["state"] == "stepping" or bool(window.notes()))
    window.until(lambda: window.status()["state"] == "stepping", 20)
    window.until(window.ghost)
    window.run("await vscode.commands.executeCommand('notifications.clearAll');")
    window.page.wait_for_timeout(800)
    film.shot(2500).save(MEDIA / "steps.png", optimize=True)
    before = window.text()
    window.press("Tab")
    window.until(lambda: window.text() != before)
    window.page.wait_for_timeout(500)
    film.shot(1000)
    window.command("lintseq.editor.dismissSteps")
    window.place(*found(window, "json.dumps"))
    window.press("Control+.")
    fix = window.page.locator(".action-widget .monaco-list-row", has_text="Import json").first
    fix.wait_for()
    window.page.wait_for_timeout(300)
    film.shot(2000)
    before = window.text()
    fix.click()
    window.until(lambda: window.text() != before)
    window.page.wait_for_timeout(800)
    film.shot(2500)
    film.save(ROOT / "docs" / "vscode.gif")


def found(window: Studio, words: str) -> tuple[int, int]:
    """Line and character at which the words stand."""
    lines = window.text().splitlines()
    line = next(number for number, text in enumerate(lines) if words in text)
    return line, lines[line].index(words)


if __name__ == "__main__":
    sys.exit(main())
