"""Code actions: listed from the syntax and others' diagnostics, computed when one is resolved."""

from collections.abc import Iterator, Sequence

from lsprotocol import types

from lintseq.imports.statement import Import
from lintseq.infer.fix import known_ways, undefined_at
from lintseq.stub import stub_at
from server.convert import line_and_character
from server.documents import Document
from server.features import commands, step_commands
from server.features.edits import proposed_edit
from server.messages import ProposeParameters, structured
from server.session import LintseqServer
from server.undefined import Undefined, undefined_names

IMPLEMENT = "refactor.rewrite.lintseq.implement"
NEXT_EDIT = "refactor.rewrite.lintseq.nextEdit"
IMPORT = "quickfix.lintseq.import"
DEFINE = "quickfix.lintseq.define"
STEPS = "refactor.rewrite.lintseq.steps"

COMMANDS = {
    IMPLEMENT: commands.IMPLEMENT,
    NEXT_EDIT: commands.NEXT_EDIT,
    IMPORT: commands.IMPORT,
    DEFINE: commands.DEFINE,
}
KINDS = (*COMMANDS, STEPS)
# Of further ones nobody reads the list.
_MOST_IMPORTS = 3
# A whole file is linted for the server's own check; beyond this it would be felt.
_MOST_CHECKED_CHARACTERS = 400_000


def register(server: LintseqServer) -> None:
    """List and resolve the actions."""
    options = types.CodeActionOptions(code_action_kinds=[*KINDS], resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(listed)
    server.feature(types.CODE_ACTION_RESOLVE)(resolved)


async def listed(
    server: LintseqServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """The actions at the range; nothing is computed yet."""
    document = server.documents.get(params.text_document.uri)
    if document is None or server.why_not(document):
        return []
    position = params.range.start
    names = await _undefined(server, document, params)
    known = await _known(server, document, names)
    actions = [
        action
        for name, statements in zip(names, known, strict=True)
        for action in _fixes(server, document, name, statements)
    ]
    title = _implement_title(server, document, position)
    if title:
        actions.append(_action(document, title, IMPLEMENT, position))
        actions.append(_start_steps(document, title, position))
    actions += [
        types.CodeAction(title=title, kind=STEPS, command=command)
        for title, command in step_commands.step_actions(server, document)
    ]
    if not _is_automatic(params.context):
        actions.append(_action(document, "Next edit", NEXT_EDIT, position))
    return [
        _for_client(server, document, action)
        for action in actions
        if _is_wanted(action.kind or "", params.context)
    ]


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


async def _undefined(
    server: LintseqServer, document: Document, params: types.CodeActionParams
) -> list[Undefined]:
    """The undefined names at the range: as others say, else as the server's own check says."""
    if not any(_is_wanted(kind, params.context) for kind in (IMPORT, DEFINE)):
        return []
    places = server.positions(document.text)
    if said := [*undefined_names(params.context.diagnostics, places)]:
        return said
    if _is_automatic(params.context) or len(document.text) > _MOST_CHECKED_CHARACTERS:
        return []
    start, end = (places.offset(each) for each in (params.range.start, params.range.end))
    first, last = (line_and_character(document.text, each)[0] for each in (start, end))
    lines = range(first, last + 1)
    names = await server.proposer.in_background(lambda: undefined_at(document.text, lines))
    return [Undefined(name, offset) for name, offset in names]


async def _known(
    server: LintseqServer, document: Document, names: Sequence[Undefined]
) -> Sequence[Sequence[Import]]:
    """For each name the few likeliest imports that are known to bring it."""
    text, where = document.text, server.surroundings(document)
    lines = [line_and_character(text, name.offset)[0] for name in names]

    def look() -> list[Sequence[Import]]:
        asked = zip(names, lines, strict=True)
        return [known_ways(text, line, name.name, where)[:_MOST_IMPORTS] for name, line in asked]

    return await server.proposer.in_background(look) if names else ()


def _fixes(
    server: LintseqServer, document: Document, name: Undefined, known: Sequence[Import]
) -> Iterator[types.CodeAction]:
    position = server.positions(document.text).position(name.offset)
    for statement in known:
        title = f"Import {statement.words}"
        yield _action(document, title, IMPORT, position, name, statement.line)
    if not known:
        # The model may know.
        yield _action(document, f"Import {name.name}", IMPORT, position, name)
    yield _action(document, f"Define {name.name}", DEFINE, position, name)


def _action(
    document: Document,
    title: str,
    kind: str,
    position: types.Position,
    name: Undefined | None = None,
    statement: str = "",
) -> types.CodeAction:
    data = {
        "uri": document.uri,
        "version": document.version,
        "position": {"line": position.line, "character": position.character},
        "kind": commands.KINDS[COMMANDS[kind]],
        "name": name.name if name else "",
        "statement": statement,
    }
    diagnostics = [name.diagnostic] if name and name.diagnostic else None
    return types.CodeAction(title=title, kind=kind, data=data, diagnostics=diagnostics)


def _start_steps(document: Document, title: str, position: types.Position) -> types.CodeAction:
    where = {"line": position.line, "character": position.character}
    words = f"{title} step by step"
    command = types.Command(words, step_commands.START, arguments=[document.uri, where])
    return types.CodeAction(title=words, kind=STEPS, command=command)


def _for_client(
    server: LintseqServer, document: Document, action: types.CodeAction
) -> types.CodeAction | types.Command:
    """The action, or for a client that cannot resolve it the command that does the same."""
    client = server.client_capabilities.text_document
    able = client.code_action if client else None
    resolved = able.resolve_support.properties if able and able.resolve_support else ()
    if action.command is None and able and able.data_support and "edit" in resolved:
        return action
    command = action.command
    if command is None:
        command = _command(document, action)
    if able is None or able.code_action_literal_support is None:
        return command
    return types.CodeAction(
        title=action.title, kind=action.kind, command=command, diagnostics=action.diagnostics
    )


def _command(document: Document, action: types.CodeAction) -> types.Command:
    data = action.data or {}
    if statement := data.get("statement"):
        arguments = [document.uri, [statement]]
        return types.Command(action.title, commands.ADD_IMPORTS, arguments=arguments)
    where = [document.uri, data.get("position")]
    return types.Command(action.title, COMMANDS[action.kind or ""], arguments=where)


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
