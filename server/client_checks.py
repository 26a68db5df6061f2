"""What an editor can do, and what its user goes without; the last one is kept for the doctor."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from lsprotocol import types

from server.kept import keep

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SeenEditor:
    """An editor that started the server."""

    name: str
    seen: str
    """The day."""
    missing: tuple[str, ...]
    """What it cannot do, and what follows from that."""


def seen_editor(info: types.ClientInfo | None, able: types.ClientCapabilities) -> SeenEditor:
    """The editor that says this of itself."""
    name = f"{info.name} {info.version or ''}".strip() if info else "an editor without a name"
    return SeenEditor(name, datetime.now(UTC).date().isoformat(), tuple(_missing(able)))


def editor_path() -> Path:
    """Where the last editor is kept."""
    return platformdirs.user_state_path("lintseq") / "editor.json"


def keep_editor(path: Path, editor: SeenEditor) -> None:
    """Keep it; where nothing can be written, the doctor does without."""
    try:
        keep(path, asdict(editor))
    except OSError as error:
        logger.info("the editor is not kept: %s", error)


def last_editor(path: Path) -> SeenEditor | None:
    """The editor that was kept last; None if none was."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return SeenEditor(data["name"], data["seen"], tuple(data["missing"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _missing(able: types.ClientCapabilities) -> list[str]:
    text = able.text_document or types.TextDocumentClientCapabilities()
    workspace = able.workspace or types.WorkspaceClientCapabilities()
    window = able.window or types.WindowClientCapabilities()
    edit = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    action = text.code_action or types.CodeActionClientCapabilities()
    checks = {
        "no ghost text: set completion_items to true": text.inline_completion,
        "code actions run as commands": action.resolve_support,
        "edits do not name the version they are for": edit.document_changes,
        "edits have no label": edit.change_annotation_support,
        "no progress is shown": window.work_done_progress,
        "it has no settings to ask for": workspace.configuration,
    }
    return [consequence for consequence, ability in checks.items() if not ability]
