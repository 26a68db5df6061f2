"""A VS Code with somebody in front of it: a browser that types and looks, and a probe inside."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.editors.vscode.code_server import Home, serving

_WAIT_S = 30.0
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
Seen = TypeVar("Seen")


@dataclass(slots=True)
class Studio:
    """One window of VS Code."""

    home: Home
    page: Page
    pictures: Path
    files: int = 0
    changed: set[str] = field(default_factory=set)
    _socket: socket.socket | None = field(default=None, repr=False)

    # What happens inside the extension host.

    def run(self, code: str, **arguments: Any) -> Any:  # noqa: ANN401  any JSON value
        """What the body of an async function of (vscode, args) returns."""
        if self._socket is None:
            self._socket = self._connected()
        message = json.dumps({"code": code, "args": arguments}) + "\n"
        try:
            self._socket.sendall(message.encode())
            answer = json.loads(self._line())
        except OSError:
            # The answer may still come, and would be taken for that of the next question.
            self.close()
            raise
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def command(self, name: str, *arguments: Any) -> Any:  # noqa: ANN401
        """Run a command of VS Code's and wait for it."""
        code = "const value = await vscode.commands.executeCommand(args.name, ...args.given);"
        code += "return value === null || typeof value !== 'object' ? value : undefined;"
        return self.run(code, name=name, given=list(arguments))

    def later(self, name: str, *arguments: object) -> None:
        """Start a command and do not wait: it asks the user something, or takes its time."""
        self.run(
            "void vscode.commands.executeCommand(args.name, ...args.given);",
            name=name,
            given=list(arguments),
        )

    def status(self) -> dict[str, str]:
        """What the status bar says."""
        found = self.run(
            "const found = vscode.extensions.getExtension('lintseq.lintseq');"
            "return found?.isActive ? found.exports.status() : {};"
        )
        return dict(found)

    def set(self, name: str, value: object) -> None:
        """Change one of the user's settings; None takes that back."""
        self.changed.add(name)
        self.run(
            "const all = vscode.workspace.getConfiguration();"
            "await all.update(args.name, args.value ?? undefined, true);",
            name=name,
            value=value,
        )

    def calm(self) -> None:
        """Close what is open, take settings of the test back, and wait for a server that rests."""
        self.press("Escape")
        self.run("await vscode.commands.executeCommand('notifications.clearAll');")
        self.run("await vscode.commands.executeCommand('workbench.action.closePanel');")
        for name in tuple(self.changed):
            self.set(name, None)
        self.changed.clear()
        self.run(_ENABLED_AGAIN)

    # What somebody does in front of it.

    def open(self, marked: str, name: str = "") -> Path:
        """Open a new file with the cursor at `|`, and look at it."""
        self.files += 1
        path = self.home.workspace / (name or f"file_{self.files}.py")
        at = marked.index("|")
        text = marked[:at] + marked[at + 1 :]
        path.write_text(text, "utf-8")
        self.run(
            """
            // Asked what to do with a change, the editor would wait for an answer.
            // The editor's own settings change for a moment, too.
            const ours = ({ uri, isDirty }) => isDirty && uri.path.endsWith(".py");
            for (const changed of vscode.workspace.textDocuments.filter(ours)) {
              await vscode.window.showTextDocument(changed);
              await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
            }
            await vscode.commands.executeCommand("workbench.action.closeAllEditors");
            const document = await vscode.workspace.openTextDocument(args.path);
            const place = document.positionAt(args.at);
            const selection = new vscode.Range(place, place);
            await vscode.window.showTextDocument(document, { selection });
            """,
            path=str(path),
            at=len(text[:at].encode("utf-16-le")) // 2,
        )
        self.page.locator(f'.monaco-editor.focused[data-uri$="{path.name}"]').wait_for()
        return path

    def text(self) -> str:
        return str(self.run("return vscode.window.activeTextEditor.document.getText();"))

    def caret(self) -> tuple[int, int]:
        """Line and character of the cursor, from 0."""
        line, character = self.run(
            "const { active } = vscode.window.activeTextEditor.selection;"
            "return [active.line, active.character];"
        )
        return int(line), int(character)

    def place(self, line: int, character: int) -> None:
        """Put the cursor there."""
        self.run(
            "const place = new vscode.Position(args.line, args.character);"
            "vscode.window.activeTextEditor.selection = new vscode.Selection(place, place);",
            line=line,
            character=character,
        )
        where = f"Ln {line + 1}, Col {character + 1}"
        self.page.get_by_text(where, exact=True).first.wait_for()

    def type(self, text: str, delay_ms: float = 40) -> None:
        self.page.keyboard.type(text, delay=delay_ms)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    # What is seen.

    def ghost(self) -> str:
        """The ghost text on screen, its lines apart; "" if there is none."""
        return _plain(str(self.page.evaluate(_GHOST)))

    def bar(self) -> str:
        """The item in the status bar, for people who hear it."""
        item = self.page.locator('[id="lintseq.lintseq.lintseq.status"]').first
        return item.get_attribute("aria-label") or item.inner_text()

    def seen_ghost(self, seconds: float = 4.0) -> str:
        """The ghost text when it is there and stays, or "" if none appears."""
        deadline = time.monotonic() + seconds
        last = ""
        while time.monotonic() < deadline:
            now = self.ghost()
            if now and now == last:
                return now
            last = now
            self.page.wait_for_timeout(100)
        return last

    def watch(self) -> None:
        """Note from now on what is on screen in the line of the ghost text, frame by frame."""
        self.page.evaluate(_WATCH)

    def watched(self) -> list[tuple[str, str]]:
        """What was noted: the whole line, and what of it was ghost text."""
        found = self.page.evaluate(
            "() => { window.lintseqStop = true; return window.lintseqSeen; }"
        )
        return [(_plain(line), _plain(ghost)) for line, ghost in found]

    def menu(self) -> list[str]:
        """The entries of the list that asks for a choice; nothing if there is none."""
        rows = self.page.locator(".quick-input-widget:visible .quick-input-list-row")
        return [row.replace("\n", " ").strip() for row in rows.all_inner_texts()]

    def notes(self) -> list[str]:
        """What the notifications say."""
        return self.page.locator(".notification-list-item-message").all_inner_texts()

    def picture(self, name: str) -> Path:
        """Keep what is on screen."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def until(self, look: Callable[[], Seen], seconds: float = _WAIT_S) -> Seen:
        """What `look` sees, as soon as it is something; the picture is kept if it never is."""
        deadline = time.monotonic() + seconds
        while not (seen := look()):
            if time.monotonic() > deadline:
                path = self.picture(f"missed-{time.time():.0f}")
                raise AssertionError(f"not seen in {seconds} s: {path}; {self.status()}")
            time.sleep(0.05)
        return seen

    def _connected(self) -> socket.socket:
        deadline = time.monotonic() + _WAIT_S
        while True:
            made = socket.socket(socket.AF_UNIX)
            try:
                made.connect(str(self.home.probe))
            except OSError:
                made.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                made.settimeout(120)
                return made

    def _line(self) -> bytes:
        assert self._socket is not None
        parts: list[bytes] = []
        while not parts or not parts[-1].endswith(b"\n"):
            part = self._socket.recv(65536)
            assert part, "the extension host is gone"
            parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


# Parts of one line stand at the same height.
_GHOST = """() => {
  const parts = [...document.querySelectorAll('[class*="ghost-text"]')]
    .filter((node) => node.getBoundingClientRect().width > 0)
    .filter((node) => !node.querySelector('[class*="ghost-text"]'))
    .map((node) => ({ at: node.getBoundingClientRect(), text: node.textContent }))
    .sort((one, other) => one.at.top - other.at.top || one.at.left - other.at.left);
  const lines = new Map();
  for (const { at, text } of parts) {
    const top = Math.round(at.top);
    lines.set(top, (lines.get(top) ?? "") + text);
  }
  return [...lines.values()].join("\\n");
}"""


_ENABLED_AGAIN = """
const section = vscode.workspace.getConfiguration("lintseq", { languageId: "python" });
const said = section.inspect("enabled");
if (said.workspaceValue !== undefined) await section.update("enabled", undefined, 2);
if (said.globalLanguageValue !== undefined) await section.update("enabled", undefined, 1, true);
"""

_WATCH = """() => {
  window.lintseqSeen = [];
  window.lintseqStop = false;
  const look = () => {
    for (const line of document.querySelectorAll(".view-line")) {
      const ghost = [...line.querySelectorAll('[class*="ghost-text"]')]
        .filter((node) => !node.querySelector('[class*="ghost-text"]'))
        .map((node) => node.textContent).join("");
      if (ghost || line.textContent.includes("names")) {
        const seen = [line.textContent, ghost];
        const last = window.lintseqSeen.at(-1);
        if (!last || last[0] !== seen[0] || last[1] !== seen[1]) window.lintseqSeen.push(seen);
      }
    }
    if (!window.lintseqStop) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def _plain(text: str) -> str:
    """What is meant: a screen has hard spaces."""
    return text.replace("\u00a0", " ").replace("\u200c", "").replace("\u200b", "")


@contextmanager
def started_browser(path: Path) -> Iterator[Browser]:
    """A browser without a screen; there is one at a time in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def studio(
    home: Home, browser: Browser, pictures: Path, size: ViewportSize | None = None
) -> Iterator[Studio]:
    """VS Code in a browser window, ready to be used; it ends with the block."""
    with serving(home) as address:
        page = browser.new_page(viewport=size or ViewportSize(width=1100, height=720))
        page.goto(address)
        page.locator(".monaco-workbench").first.wait_for(timeout=60_000)
        made = Studio(home, page, pictures)
        try:
            made.run("return 1;")
            yield made
        finally:
            made.close()
            page.close()
