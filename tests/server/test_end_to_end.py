"""The server as an editor starts it, with a real engine, in a network that has nothing in it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lintseq.errors import EngineError
from lintseq.infer.model_file import models_folder, read_manifest, verify
from lintseq.lint import added, lint
from tests.server.editor import REAL_SERVER, Editor, editor

PROGRAM = '''\
import math


def area(radius):
    """Return the area of a circle."""
    return math.pi * radius ** 2


def perimeter(radius):
    """Return the perimeter of a circle."""
    pass


def main():
    for radius in range(10):
        print(radius, area(radius))


if __name__ == "__main__":
    main()
'''


def without_network() -> list[str]:
    """The beginning of a command that runs without any network interface but loopback."""
    unshare = shutil.which("unshare")
    for flags in ("-rn", "-n"):
        if unshare and subprocess.run([unshare, flags, "true"], check=False).returncode == 0:
            return [unshare, flags]
    pytest.skip("no network namespace: unshare is missing or not permitted here")


@pytest.fixture(params=["tiny", "default"])
def model(request: pytest.FixtureRequest, tiny_model: Path) -> Path:
    if request.param == "tiny":
        return tiny_model
    try:
        path = models_folder() / read_manifest(models_folder()).file
        verify(path)
    except EngineError as error:
        pytest.skip(f"no default model: {error}")
    return path


async def shown_at_line_ends(session: Editor, program: str) -> list[tuple[int, str]]:
    """What is shown when the second half of each line is missing; the text stays as it is."""
    shown = []
    for number, line in enumerate(program.split("\n")):
        half = len(line) // 2
        session.replace((number, half), (number, len(line)), "")
        if (text := await session.ghost(number, half, invoked=True)) is not None:
            shown.append((number, text))
        session.replace((number, half), (number, half), line[half:])
    return shown


@pytest.mark.asyncio
async def test_ghost_text_without_a_network(model: Path) -> None:
    command = [*without_network(), *REAL_SERVER]
    async with editor(command, options={"model": str(model), "threads": 1}) as session:
        session.open(PROGRAM)
        shown = await shown_at_line_ends(session, PROGRAM)
        status = await session.request("lintseq/status")
        assert status.model
        assert status.latency.count > 0
    lines = PROGRAM.split("\n")
    for number, text in shown:
        half = len(lines[number]) // 2
        new = "\n".join([*lines[:number], lines[number][:half] + text, *lines[number + 1 :]])
        cut = "\n".join([*lines[:number], *lines[number + 1 :]])
        assert not added(lint(cut), lint(new)), (number, text)
    if "tiny" not in model.name:
        assert shown, "the default model shows nothing in an ordinary program"


@pytest.mark.asyncio
async def test_implementing_a_stub_without_a_network(model: Path) -> None:
    command = [*without_network(), *REAL_SERVER]
    async with editor(command, options={"model": str(model), "threads": 1}) as session:
        session.open(PROGRAM)
        position = {"line": 8, "character": 0}
        parameters = {
            "uri": session.uri,
            "version": session.version,
            "position": position,
            "kind": "implement",
        }
        answer = await session.request("lintseq/propose", parameters)
        assert bool(answer.steps) != bool(answer.silent)
        for step in answer.steps:
            assert not added(lint(PROGRAM), lint(step))
