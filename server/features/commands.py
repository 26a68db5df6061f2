"""`workspace/executeCommand`: the same as the code actions, for keys and for plain clients."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from server.features.edits import proposed_edit
from server.messages import Kind, ProposeParameters, structured
from server.session import LintseqServer

IMPLEMENT = "lintseq.implement"
NEXT_EDIT = "lintseq.nextEdit"
INSTRUCT = "lintseq.instruct"
STATUS = "lintseq.status"

_KINDS: dict[str, Kind] = {IMPLEMENT: "implement", NEXT_EDIT: "nextEdit", INSTRUCT: "instruct"}
_TITLES = {IMPLEMENT: "Implement this function", NEXT_EDIT: "Next edit", INSTRUCT: "Instruction"}


def register(server: LintseqServer) -> None:
    """Advertise the commands and run them where they can be cancelled."""
    for command in (*_KINDS, STATUS):
        server.command(command)(execute)
    server.feature(types.WORKSPACE_EXECUTE_COMMAND)(execute)


async def execute(server: LintseqServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    """The status, or `{"applied": bool, "reason": str}` of an edit sent to the editor.

    Raises:
        JsonRpcInvalidParams: no such command, or not its arguments.
    """
    if params.command == STATUS:
        return asdict(server.board.status())
    if params.command not in _KINDS:
        raise JsonRpcInvalidParams(f"unknown command {params.command!r}")
    title = _TITLES[params.command]
    parameters = _parameters(server, _KINDS[params.command], params.arguments or ())
    answer = await proposed_edit(server, parameters, token=params.work_done_token, title=title)
    if answer.edit is None:
        server.tell(f"{title}: {answer.reason}")
        return {"applied": False, "reason": answer.reason}
    result = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit=answer.edit, label=f"LintSeq: {title}")
    )
    reason = "" if result.applied else result.failure_reason or "the editor refused the edit"
    if reason:
        server.tell(f"{title}: {reason}", types.MessageType.Warning)
    return {"applied": result.applied, "reason": reason}


def _parameters(server: LintseqServer, kind: Kind, arguments: Sequence[Any]) -> ProposeParameters:
    raw: dict[str, Any] = {"kind": kind}
    match list(arguments), kind:
        case [str(uri), place, words], "instruct":
            raw |= _at(server, uri) | {"instruction": words}
            raw |= _of_range(place)
        case [str(uri), position], _ if kind != "instruct":
            raw |= _at(server, uri) | {"position": position}
    try:
        return structured(raw, ProposeParameters)
    except ValueError as error:
        wanted = "[uri, range or position, words]" if kind == "instruct" else "[uri, position]"
        raise JsonRpcInvalidParams(f"wanted the arguments {wanted}: {error}") from error


def _at(server: LintseqServer, uri: str) -> dict[str, Any]:
    document = server.documents.get(uri)
    return {"uri": uri, "version": document.version if document else 0}


def _of_range(place: object) -> dict[str, Any]:
    """The parameters of a range, or of a position."""
    match place:
        case {"start": start, "end": end}:
            return {"position": start, "end": end}
    return {"position": place}
