from pathlib import Path

from lsprotocol import types

from server.client_checks import keep_editor, last_editor, seen_editor
from tests.server.editor import capabilities


def test_what_an_editor_cannot_do_is_said() -> None:
    info = types.ClientInfo("Ed", "1.2")
    plain = seen_editor(info, types.ClientCapabilities())
    assert plain.name == "Ed 1.2"
    assert any("completion_items" in each for each in plain.missing)
    able = seen_editor(None, capabilities())
    assert able.name == "an editor without a name"
    assert not any("ghost text" in each for each in able.missing)
    assert len(able.missing) < len(plain.missing)


def test_the_last_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "state" / "editor.json"
    assert last_editor(path) is None
    editor = seen_editor(types.ClientInfo("Ed"), types.ClientCapabilities())
    keep_editor(path, editor)
    assert last_editor(path) == editor
    path.write_text("{}")
    assert last_editor(path) is None
