"""Code actions: listed from the syntax alone, computed when the editor resolves one."""

from lsprotocol import types

from lintseq.stub import stub_at
from server.convert import line_and_character
from server.documents import Document
from server.features import commands
from server.features.edits import proposed_edit
from server.messages import Kind, ProposeParameters, structured
from server.session import LintseqServer

IMPLEMENT = "refactor.rewrite.lintseq.implement"
NEXT_EDIT = "refactor.rewrite.lintseq.nextEdit"


def register(server: LintseqServer) -> None:
    """List and resolve the two actions."""
    options = types.CodeActionOptions(
        code_action_kinds=[IMPLEMENT, NEXT_EDIT],
        resolve_provider=True,
    )
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(listed)
    server.feature(types.CODE_ACTION_RESOLVE)(resolved)


def listed(
    server: LintseqServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """The actions at the range; nothing is computed yet."""
    document = server.documents.get(params.text_document.uri)
    if document is None or server.why_not(document):
        return []
    position = params.range.start
    actions = []
    title = _implement_title(server, document, position)
    if title and _is_wanted(IMPLEMENT, params.context):
        actions.append(_action(document, title, IMPLEMENT, "implement", position))
    if _is_wanted(NEXT_EDIT, params.context) and not _is_automatic(params.context):
        actions.append(_action(document, "Next edit", NEXT_EDIT, "nextEdit", position))
    return [_for_client(server, document, position, action) for action in actions]


async def resolved(server: LintseqServer, action: types.CodeAction) -> types.CodeAction:
    """The action with its verified edit, or disabled with the reason why there is none."""
    try:
        parameters = structured(action.data, ProposeParameters)
    except ValueError:
        return action  # another server's, or nothing to compute
    answer = await proposed_edit(server, parameters, token=None, title=action.title)
    action.edit = answer.edit
    if answer.edit is None:
        action.disabled = types.CodeActionDisabled(reason=answer.reason)
        server.tell(f"{action.title}: {answer.reason}")
    return action


def _action(
    document: Document, title: str, kind: str, asked: Kind, position: types.Position
) -> types.CodeAction:
    data = {
        "uri": document.uri,
        "version": document.version,
        "position": {"line": position.line, "character": position.character},
        "kind": asked,
    }
    return types.CodeAction(title=title, kind=kind, data=data)


def _for_client(
    server: LintseqServer,
    document: Document,
    position: types.Position,
    action: types.CodeAction,
) -> types.CodeAction | types.Command:
    """The action, or for a client that cannot resolve it the command that does the same."""
    client = server.client_capabilities.text_document
    able = client.code_action if client else None
    resolved = able.resolve_support.properties if able and able.resolve_support else ()
    if able and able.data_support and "edit" in resolved:
        return action
    name = commands.IMPLEMENT if action.kind == IMPLEMENT else commands.NEXT_EDIT
    where = {"line": position.line, "character": position.character}
    command = types.Command(action.title, name, arguments=[document.uri, where])
    if able is None or able.code_action_literal_support is None:
        return command
    return types.CodeAction(title=action.title, kind=action.kind, command=command)


def _implement_title(
    server: LintseqServer, document: Document, position: types.Position
) -> str | None:
    offset = server.positions(document.text).offset(position)
    line, _ = line_and_character(document.text, offset)
    stub = stub_at(document.text, line)
    return f"Implement {stub.name}" if stub is not None else None


def _is_wanted(kind: str, context: types.CodeActionContext) -> bool:
    return context.only is None or any(
        kind == only or kind.startswith(f"{only}.") or not only for only in context.only
    )


def _is_automatic(context: types.CodeActionContext) -> bool:
    return context.trigger_kind is types.CodeActionTriggerKind.Automatic
