"""What VS Code is told of the extension is what its code and the server's settings say."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from server.settings_schema import option_schemas

EXTENSION = Path(__file__).resolve().parents[1] / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text("utf-8"))
CONTRIBUTED = MANIFEST["contributes"]
SETTINGS: dict[str, dict[str, Any]] = {
    name: setting
    for section in CONTRIBUTED["configuration"]
    for name, setting in section["properties"].items()
}
COMMANDS = {entry["command"] for entry in CONTRIBUTED["commands"]}
OWN = "lintseq.editor."


def source() -> str:
    return "".join(path.read_text("utf-8") for path in sorted((EXTENSION / "src").rglob("*.ts")))


def test_settings_are_written_from_the_servers_table() -> None:
    script = runpy.run_path(str(EXTENSION / "scripts" / "settings.py"))
    for path, text in script["contents"]().items():
        assert path.read_text("utf-8") == text, "run editors/vscode/scripts/settings.py"


@pytest.mark.parametrize("name", option_schemas())
def test_a_setting_of_the_server_is_described_as_there(name: str) -> None:
    schema, setting = option_schemas()[name], SETTINGS[f"lintseq.{name}"]
    for key in ("type", "enum", "default", "minimum", "maximum", "items"):
        assert setting.get(key) == schema.get(key)
    assert setting["markdownDescription"].casefold().startswith(schema["description"].casefold())


def test_no_workspace_chooses_what_is_started() -> None:
    starting = [name for name in SETTINGS if name.startswith("lintseq.server.")]
    assert len(starting) == 3
    assert {SETTINGS[name]["scope"] for name in starting} == {"machine"}


def test_a_workspace_that_is_not_trusted_is_restricted() -> None:
    restricted = MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert {"lintseq.model", "lintseq.run_examples"} <= set(restricted)
    assert set(restricted) <= set(SETTINGS)


def test_every_command_has_a_handler_and_every_handler_a_command() -> None:
    code = (EXTENSION / "src" / "extension.ts").read_text("utf-8")
    bodies = re.findall(r"  return \{\n(.*?)\n  \};", code, re.DOTALL)
    handlers = {
        f"{OWN}{name}"
        for body in bodies
        for name in re.findall(r"^    (\w+)(?::|,)", body, re.MULTILINE)
    }
    assert handlers == COMMANDS


def test_keys_menus_and_code_name_commands_that_exist() -> None:
    keys = {entry["command"] for entry in CONTRIBUTED["keybindings"]}
    menus = {
        entry["command"]
        for entries in CONTRIBUTED["menus"].values()
        for entry in entries
        if "command" in entry
    }
    named = keys | menus | set(re.findall(rf'"({re.escape(OWN)}\w+)"', source()))
    assert {name for name in named if name.startswith(OWN)} <= COMMANDS


def test_tab_takes_nothing_in_front_of_the_first_word() -> None:
    tabs = [entry for entry in CONTRIBUTED["keybindings"] if entry["key"] == "tab"]
    indenting = next(entry for entry in tabs if entry["command"] == "tab")
    assert "lintseq.inIndentation" in indenting["when"]
    for entry in tabs:
        assert "inlineSuggestionVisible" in entry["when"]


def test_what_is_shown_lies_in_the_package() -> None:
    steps = [step for walk in CONTRIBUTED["walkthroughs"] for step in walk["steps"]]
    media = [path for step in steps for key, path in step["media"].items() if key != "altText"]
    readme = re.findall(r"!\[[^\]]*\]\((media/[^)]+)\)", (EXTENSION / "README.md").read_text())
    for path in (MANIFEST["icon"], *media, *readme):
        assert (EXTENSION / path).is_file(), path
        assert (EXTENSION / path).stat().st_size < 150_000
