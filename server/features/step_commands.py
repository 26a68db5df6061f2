"""Commands that step through a proposal, for a client that knows no custom requests."""

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from lintseq.infer.walk import Walk
from server.documents import Document
from server.features.progress import progress
from server.features.stepping import accepted, moved, offered, skipped, undone
from server.messages import ProposeParameters, StepParameters, structured
from server.session import LintseqServer

START = "lintseq.startSteps"
ACCEPT = "lintseq.acceptStep"
SKIP = "lintseq.skipStep"
UNDO = "lintseq.undoStep"

_MOVES = {ACCEPT: accepted, SKIP: skipped, UNDO: undone}
COMMANDS = (START, *_MOVES)


async def run(server: LintseqServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    """`{"applied", "reason", "left"}`: whether the editor's text was changed, how many steps wait.

    Raises:
        JsonRpcInvalidParams: these are not the command's arguments.
    """
    if params.command == START:
        return await _start(server, params)
    match list(params.arguments or ()):
        case [str(uri)]:
            step = None
        case [str(uri), int(step)] if params.command != UNDO:
            pass
        case _:
            raise JsonRpcInvalidParams("wanted the arguments [uri] or [uri, step]")
    document, offer = server.documents.get(uri), server.memories.get(uri).offer
    if document is None or offer is None:
        return _result(server, "no steps are offered here", 0)
    asked = StepParameters(uri, document.version, offer.number, step)
    answer = await moved(server, asked, _MOVES[params.command])
    if answer.silent is not None:
        return _result(server, answer.silent, 0)
    if answer.edit is None:
        return _result(server, "", len(answer.steps), applied=False)
    result = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit=answer.edit, label="LintSeq: step")
    )
    reason = "" if result.applied else result.failure_reason or "the editor refused the edit"
    return _result(server, reason, len(answer.steps), applied=result.applied)


def step_actions(server: LintseqServer, document: Document) -> list[tuple[str, types.Command]]:
    """Titles and commands for where one stands in the steps offered for the text."""
    offer = server.memories.get(document.uri).offer
    walk = offer.standing(document.text) if offer else None
    if walk is None:
        return []
    return [
        (title, types.Command(title, name, arguments=[document.uri, *step]))
        for title, name, step in _moves(walk)
    ]


def _moves(walk: Walk) -> list[tuple[str, str, list[int]]]:
    found: list[tuple[str, str, list[int]]] = []
    if walk.ahead:
        first, last = walk.ahead[0], walk.ahead[-1]
        found.append((f"Accept step {first + 1}", ACCEPT, [first]))
        if first != last:
            found.append((f"Accept all {len(walk.ahead)} steps", ACCEPT, [last]))
        found.append((f"Skip step {first + 1}", SKIP, [first]))
    if walk.taken:
        found.append((f"Undo step {walk.taken[-1] + 1}", UNDO, []))
    return found


async def _start(server: LintseqServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    arguments = list(params.arguments or ())
    uri = arguments[0] if arguments else None
    document = server.documents.get(uri) if isinstance(uri, str) else None
    raw = {
        "uri": uri,
        "version": document.version if document else 0,
        "position": arguments[1] if len(arguments) > 1 else None,
        "kind": "implement",
    }
    try:
        parameters = structured(raw, ProposeParameters)
    except ValueError as error:
        raise JsonRpcInvalidParams(f"wanted the arguments [uri, position]: {error}") from error

    def cancel() -> None:
        server.proposer.cancel(parameters.uri)

    async with progress(server, params.work_done_token, "Implement step by step", cancel):
        answer = await offered(server, parameters)
    if answer.silent is None:
        labels = "; ".join(step.label for step in answer.steps)
        server.tell(f"accept or skip by code action: {labels}")
    return _result(server, answer.silent or "", len(answer.steps))


def _result(
    server: LintseqServer, reason: str, left: int, *, applied: bool = False
) -> dict[str, Any]:
    if reason:
        server.tell(reason)
    return {"applied": applied, "reason": reason, "left": left}
