from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.editors.debian import NEOVIM_0_10, NEOVIM_0_12, NotAvailable, Program, fetched
from tests.editors.neovim.session import SERVER, Neovim

VERSIONS = {"0.12": NEOVIM_0_12, "0.10": NEOVIM_0_10}
Start = Callable[..., Neovim]


def _lua(value: object) -> str:
    """A value of Python's as Lua writes it."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "{" + ", ".join(f"[{_lua(k)}] = {_lua(v)}" for k, v in value.items()) + "}"
        case list():
            return "{" + ", ".join(_lua(each) for each in value) + "}"
        case str():
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{quoted}"'
    return str(value)


def neovim_of(program: Program) -> Path:
    try:
        return fetched(program)
    except NotAvailable as error:
        pytest.skip(str(error))


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Every test runs in each Neovim."""
    return str(request.param)


@pytest.fixture
def start(version: str, tmp_path: Path) -> Iterator[Start]:
    """Starts Neovim with the plugin set up; keyword arguments are options of setup()."""
    sessions: list[Neovim] = []

    def started(
        init: str = "",
        around: list[str] | None = None,
        environment: dict[str, str] | None = None,
        **options: object,
    ) -> Neovim:
        given = {"cmd": SERVER, "settings": {"eagerness": "high"}} | options
        setup = f"require('lintseq').setup({_lua(given)})\n"
        binary = neovim_of(VERSIONS[version])
        session = Neovim(binary, tmp_path, init + setup, around or [], environment)
        sessions.append(session)
        return session

    yield started
    for session in sessions:
        session.close()


@pytest.fixture
def neovim(start: Start) -> Neovim:
    """Neovim with the defaults, but for eagerness: high."""
    return start()
