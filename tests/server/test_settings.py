"""Settings: their layers, what is strict about them, and how they reach a running server."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types

from server.options import Options
from server.settings import Layer, merged, read_layer
from server.settings_file import ENVIRONMENT_VARIABLE, read_settings_file, settings_path
from server.settings_table import markdown
from tests.server.editor import REPOSITORY, Editor, capabilities, editor


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, Options()),
        ({}, Options()),
        ({"enabled": False}, Options(enabled=False)),
        ({"eagerness": "manual"}, Options(eagerness="manual")),
        ({"model": "~/m.gguf"}, Options(model="~/m.gguf")),
        ({"model": None}, Options()),
        ({"max_lines": 1, "threads": 2}, Options(max_lines=1, threads=2)),
        ({"exclude": ["*.secret"]}, Options(exclude=("*.secret",))),
    ],
)
def test_right_settings_are_taken(raw: object, expected: Options) -> None:
    layer = read_layer(raw, "test")
    assert merged([layer]) == expected
    assert layer.problems == ()


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("enabled", "no", "true or false"),
        ("enabled", 1, "true or false"),
        ("eagerness", "maximal", '"manual", "low", "normal", "high"'),
        ("eagerness", 3, '"manual", "low", "normal", "high"'),
        ("model", 7, "path of a GGUF file"),
        ("max_lines", "3", "from 1 to 20"),
        ("max_lines", 0, "from 1 to 20"),
        ("max_lines", True, "from 1 to 20"),
        ("threads", 0, "from 1 to 256"),
        ("exclude", ".env", "list of patterns"),
        ("exclude", [1], "list of patterns"),
        ("eagernes", "low", "unknown option, allowed are enabled, eagerness"),
    ],
)
def test_wrong_settings_are_named_and_the_rest_still_counts(
    key: str, value: object, allowed: str
) -> None:
    other = {"max_lines": 2} if key != "max_lines" else {"enabled": False}
    layer = read_layer({key: value} | other, "test")
    assert merged([layer]) == replace(Options(), **other)
    (problem,) = layer.problems
    assert problem.startswith(f"{key}: ")
    assert allowed in problem


def test_settings_of_no_object_are_a_problem() -> None:
    layer = read_layer(["enabled"], "test")
    assert merged([layer]) == Options()
    assert "allowed is an object" in layer.problems[0]


def test_later_layers_are_stronger_and_wrong_values_leave_the_weaker() -> None:
    below = read_layer({"max_lines": 3, "threads": 2}, "file")
    above = read_layer({"max_lines": "many", "threads": 1}, "client")
    assert merged([below, above]) == Options(max_lines=3, threads=1)


@pytest.mark.parametrize(
    ("path", "is_excluded"),
    [
        ("/home/ada/.env", True),
        ("/home/ada/.env.local", True),
        ("/home/ada/Server.PEM", True),
        ("/home/ada/secrets/x.py", True),
        ("/home/ada/.ssh/x.py", True),
        ("/home/ada/environment.py", False),
        ("/home/ada/secrets.py", False),
    ],
)
def test_files_that_hold_secrets_are_excluded_by_default(path: str, is_excluded: bool) -> None:
    assert Options().excludes(path) is is_excluded


def test_patterns_within_the_workspace() -> None:
    options = Options(exclude=("vendor/**",))
    assert options.excludes("/home/ada/work/vendor/x.py", ["/home/ada/work"])
    assert not options.excludes("/home/ada/work/vendor/x.py", ["/home/ada"])


def test_the_file_is_read_as_strictly(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert read_settings_file(path) == Layer(str(path))
    path.write_text('max_lines = 4\nthread = 1\nexclude = ["*.x"]\n')
    layer = read_settings_file(path)
    assert merged([layer]) == Options(max_lines=4, exclude=("*.x",))
    assert layer.problems[0].startswith("thread: unknown option, allowed are enabled")
    path.write_text("max_lines = \n")
    (problem,) = read_settings_file(path).problems
    assert "line 1" in problem


def test_the_file_lies_where_the_platform_has_such_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    assert settings_path().name == "settings.toml"
    assert "lintseq" in settings_path().parts
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "mine.toml")
    assert settings_path() == Path("mine.toml")


def test_the_table_of_the_documentation_is_current() -> None:
    page = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
    assert markdown() in page, "write what `lintseq-server settings --markdown` prints into it"


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), ENVIRONMENT_VARIABLE: str(path)}
    command = [sys.executable, "-P", "-m", "server", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_the_command_lists_values_and_problems(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('eagerness = "low"\nmax_lines = 0\n')
    ended = run(path, "settings")
    assert ended.returncode == 1
    assert 'eagerness = "low"\n' in ended.stdout
    assert "max_lines: got 0, allowed is a whole number from 1 to 20" in ended.stderr
    path.write_text("")
    assert run(path, "settings").returncode == 0
    assert run(path, "settings", "--markdown").stdout == markdown()


async def shown(session: Editor) -> str | None:
    session.open("total = \n")
    return await session.ghost(0, 8)


@pytest.mark.asyncio
async def test_a_running_server_has_the_settings_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("enabled = false\nmax_line = 1\n")
    environment = {ENVIRONMENT_VARIABLE: str(path)}
    async with editor(environment=environment) as session:
        assert await shown(session) is None
        assert "option enabled" in (await session.request("lintseq/status")).reason
        (told,) = await session.messages()
        assert str(path) in told
        assert "max_line: unknown option" in told
    async with editor(environment=environment, options={"enabled": True}) as session:
        assert await shown(session) == "1 + 2"


@pytest.mark.asyncio
async def test_the_client_is_asked_for_its_configuration() -> None:
    able = capabilities()
    assert able.workspace is not None
    able.workspace.configuration = True
    wanted = {"lintseq": {"enabled": False, "eagernes": 1}}
    async with editor(able=able, configuration=wanted) as session:
        assert await shown(session) is None
        (told,) = await session.messages()
        assert "workspace/configuration" in told
        assert "eagernes" in told
        session.client.set_configuration({"lintseq": {"enabled": True, "eagernes": 1}})
        session.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )
        await session.request("lintseq/status")
        assert await session.ghost(0, 8) == "1 + 2"
        assert len(await session.messages()) == 1, "told again what was told before"


@pytest.mark.asyncio
async def test_what_a_client_sends_is_taken_from_one_that_cannot_be_asked() -> None:
    async with editor() as session:
        session.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings={"lintseq": {"enabled": False}})
        )
        assert await shown(session) is None
        # What is taken back is as it was before.
        session.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings={})
        )
        assert await session.ghost(0, 8) == "1 + 2"


@pytest.mark.asyncio
async def test_another_number_of_threads_starts_the_engine_anew() -> None:
    async with editor() as session:
        session.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings={"lintseq": {"threads": 2}})
        )
        await session.until("ready")
        states = [status.state for status in session.statuses]
        assert states[-2:] == ["loading", "ready"]
        assert await shown(session) == "1 + 2"


def test_every_default_is_of_its_kind() -> None:
    defaults = json.loads(json.dumps({key: getattr(Options(), key) for key in Options.__slots__}))
    assert read_layer(defaults, "test").problems == ()
