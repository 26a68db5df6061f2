"""`workspace/executeCommand`: the same as the code actions, for keys and for plain clients."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from server.features import step_commands
from server.features.edits import EditAnswer, edit_answer, proposed_edit
from server.features.status import status
from server.messages import Kind, ProposeParameters, structured
from server.session import LintseqServer
from server.work import imports_work

IMPLEMENT = "lintseq.implement"
NEXT_EDIT = "lintseq.nextEdit"
INSTRUCT = "lintseq.instruct"
IMPORT = "lintseq.import"
DEFINE = "lintseq.define"
ADD_IMPORTS = "lintseq.addImports"
SNOOZE = "lintseq.snooze"
STATUS = "lintseq.status"
_SNOOZE_MIN = 10

KINDS: dict[str, Kind] = {
    IMPLEMENT: "implement",
    NEXT_EDIT: "nextEdit",
    INSTRUCT: "instruct",
    IMPORT: "import",
    DEFINE: "define",
}
_TITLES = {
    IMPLEMENT: "Implement this function",
    NEXT_EDIT: "Next edit",
    INSTRUCT: "Instruction",
    IMPORT: "Import this name",
    DEFINE: "Define this name",
    ADD_IMPORTS: "Import",
}


def register(server: LintseqServer) -> None:
    """Advertise the commands and run them where they can be cancelled."""
    for command in (*KINDS, ADD_IMPORTS, *step_commands.COMMANDS, SNOOZE, STATUS):
        server.command(command)(execute)
    server.feature(types.WORKSPACE_EXECUTE_COMMAND)(execute)


async def execute(server: LintseqServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    """The status, or `{"applied": bool, "reason": str}` of an edit sent to the editor.

    Raises:
        JsonRpcInvalidParams: no such command, or not its arguments.
    """
    if params.command == STATUS:
        return asdict(status(server, None))
    if params.command == SNOOZE:
        return _snooze(server, params.arguments or ())
    if params.command in step_commands.COMMANDS:
        return await step_commands.run(server, params)
    if params.command not in _TITLES:
        raise JsonRpcInvalidParams(f"unknown command {params.command!r}")
    title = _TITLES[params.command]
    answer = await _answer(server, params, title)
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


def _snooze(server: LintseqServer, arguments: Sequence[Any]) -> dict[str, Any]:
    match list(arguments):
        case []:
            minutes: float = _SNOOZE_MIN
        case [int() | float() as minutes] if minutes >= 0 and not isinstance(minutes, bool):
            pass
        case _:
            raise JsonRpcInvalidParams("wanted the arguments [] or [minutes], from 0")
    server.snooze.begin(minutes)
    until = server.snooze.until
    server.proposer.decline(f"snoozed until {until.astimezone():%H:%M}" if until else "")
    return {"until": until.isoformat() if until else None}


def add_imports(uri: str, imports: Sequence[str]) -> types.Command | None:
    """The command that brings what an accepted text needs; None if it needs nothing."""
    if not imports:
        return None
    return types.Command("; ".join(imports), ADD_IMPORTS, arguments=[uri, list(imports)])


async def _answer(
    server: LintseqServer, params: types.ExecuteCommandParams, title: str
) -> EditAnswer:
    if params.command == ADD_IMPORTS:
        return await _imports(server, params.arguments or ())
    parameters = _parameters(server, KINDS[params.command], params.arguments or ())
    return await proposed_edit(server, parameters, token=params.work_done_token, title=title)


async def _imports(server: LintseqServer, arguments: Sequence[Any]) -> EditAnswer:
    match list(arguments):
        case [str(uri), [*lines]] if lines and all(isinstance(line, str) for line in lines):
            document = server.documents.get(uri)
        case _:
            raise JsonRpcInvalidParams("wanted the arguments [uri, [import line, …]]")
    if document is None:
        return EditAnswer(None, f"{uri} is not open")
    reply = await server.proposer.ask(document, imports_work(document.text, lines), is_asked=True)
    return edit_answer(server, document, reply)


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
