"""One VS Code for all tests, with the packaged extension, the real server and the default model."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.editors.vscode.code_server import Home, packed, remove
from tests.editors.vscode.provision import ROOT, Provisions, provisions
from tests.editors.vscode.studio import Studio, started_browser, studio

HERE = Path(__file__).parent
ARTEFACTS = ROOT / "dist" / "editors"
# The interpreter that runs the tests has the server.
SERVER = {"lintseq.server.command": [sys.executable, "-P", "-m", "server"]}


@pytest.fixture(scope="session")
def provided() -> Provisions:
    """What was fetched, or a skip with the reason why it cannot be had."""
    try:
        return provisions()
    except RuntimeError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def extension() -> Path:
    """The packaged extension."""
    found = sorted((ROOT / "dist").glob("lintseq-*.vsix"), key=lambda path: path.stat().st_mtime)
    assert found, "no .vsix lies in dist/: run `make vsix`"
    return found[-1]


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension through which the tests reach VS Code's interface for extensions."""
    return packed(HERE / "probe", tmp_path_factory.mktemp("probe") / "probe.vsix")


@pytest.fixture(scope="session")
def browser(provided: Provisions) -> Iterator[Browser]:
    """What VS Code is looked at with."""
    with started_browser(provided.browser) as made:
        yield made


@pytest.fixture(scope="session")
def window(
    provided: Provisions,
    browser: Browser,
    extension: Path,
    probe: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Studio]:
    """VS Code with a server that is ready."""
    # Short, since the path of a socket may have some hundred characters only.
    home = Home(
        tmp_path_factory.mktemp("vscode"),
        provided,
        {"PYTHONPATH": str(ROOT)},
    )
    home.prepare([probe, extension], SERVER)
    with studio(home, browser, ARTEFACTS / "vscode") as made:
        made.open("|")
        made.until(lambda: made.status().get("state") in ("ready", "silent"), 60)
        yield made
    remove(home.path)


@pytest.fixture
def vscode(window: Studio) -> Iterator[Studio]:
    """The window with nothing in the way, and with settings that do not outlive the test."""
    window.calm()
    yield window
    window.calm()
