"""A clean VS Code, the packaged extension, one click, and no network."""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.editors.vscode.code_server import Home, remove
from tests.editors.vscode.conftest import ARTEFACTS
from tests.editors.vscode.provision import Provisions
from tests.editors.vscode.studio import Studio, studio
from tests.editors.vscode.test_ghost_text import shown_unasked

INSTALL_S = 240.0


@pytest.fixture
def clean(
    provided: Provisions, browser: Browser, extension: Path, probe: Path, tmp_path: Path
) -> Iterator[Studio]:
    """VS Code as somebody has it who has just installed the extension."""
    # What the server depends on comes from a folder instead of the package index.
    pip = {
        "PIP_FIND_LINKS": str(provided.wheels),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    home = Home(tmp_path, provided, {**pip, "PYTHONPATH": ""})
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
    home.prepare([probe, extension], {"python.defaultInterpreterPath": str(base)})
    with studio(home, browser, ARTEFACTS / "vscode") as made:
        yield made
    remove(home.path)


def test_one_click_and_it_works(clean: Studio) -> None:
    clean.open("|")
    clean.until(lambda: any("not installed" in note for note in clean.notes()))
    assert clean.bar().startswith("LintSeq, not installed")
    clean.picture("not-installed")
    started = time.monotonic()
    clean.page.get_by_role("button", name="Install Now").first.click()
    clean.until(lambda: clean.status()["state"] == "installing")
    # Progress is seen, and names what is being done.
    clean.until(lambda: any(re.search("making|installing", note) for note in clean.notes()))
    clean.picture("installing")
    clean.until(lambda: clean.status()["state"] in ("ready", "silent"), INSTALL_S)
    installed_s = time.monotonic() - started
    assert shown_unasked(clean)
    clean.picture("installed")
    (environment,) = clean.home.user_data.glob("User/globalStorage/lintseq.lintseq/environment-*")
    size = sum(path.stat().st_size for path in environment.rglob("*") if path.is_file())
    figures = {"seconds": round(installed_s, 1), "megabytes": round(size / 1e6)}
    (ARTEFACTS / "vscode" / "install.json").write_text(json.dumps(figures), "utf-8")


def test_the_walkthrough_says_what_to_expect(clean: Studio) -> None:
    clean.open("|")
    clean.command("lintseq.editor.walkthrough")
    page = clean.page.locator(".gettingStartedContainer")
    page.wait_for()
    clean.until(lambda: "a model this small" in page.inner_text())
    clean.page.get_by_text("What to expect of a model this small").first.click()
    clean.page.wait_for_timeout(1500)
    clean.picture("walkthrough")
