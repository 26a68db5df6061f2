"""`lintseq/propose` and `lintseq/steps`: a proposal of several edits, shown one by one.

Both take the same parameters; the steps of a proposal just made are not computed again.
"""

from dataclasses import replace
from pathlib import PurePosixPath

from pygls.exceptions import JsonRpcInvalidParams

from server import messages
from server.changes import proposed_changes
from server.convert import workspace_edit
from server.documents import Document
from server.features.edits import proposed
from server.messages import Proposed, ProposeParameters, Step, Steps, structured
from server.preview import TextStep, text_steps, unified_diff
from server.proposer import Reply
from server.session import LintseqServer


def register(server: LintseqServer) -> None:
    """Answer both requests."""
    server.feature(messages.PROPOSE)(propose)
    server.feature(messages.STEPS)(steps)


async def propose(server: LintseqServer, params: object) -> Proposed:
    """The best proposal for a place."""
    parameters = _parameters(params)
    document, reply = await _reply(server, parameters)
    if document is None or not reply.proposals:
        return Proposed(silent=reply.reason, ms=reply.ms)
    best = reply.proposals[0]
    places = server.positions(document.text)
    found = proposed_changes(document.text, best, places.offset(parameters.position))
    return Proposed(
        edit=workspace_edit(document.uri, document.version, places, found),
        shown=best.shown,
        steps=best.steps,
        confidence=best.confidence,
        ms=reply.ms,
    )


async def steps(server: LintseqServer, params: object) -> Steps:
    """The steps of the best proposal for a place, each as an edit of the step before it.

    Only the first edit names a version: the version after it is the editor's to give.
    """
    parameters = _parameters(params)
    document, reply = await _reply(server, parameters)
    if document is None or not reply.proposals:
        return Steps(silent=reply.reason, ms=reply.ms)
    offset = server.positions(document.text).offset(parameters.position)
    found = text_steps(document.text, reply.proposals[0], offset)
    return Steps(
        tuple(_step(server, document, number, step) for number, step in enumerate(found)),
        ms=reply.ms,
    )


def _step(server: LintseqServer, document: Document, number: int, step: TextStep) -> Step:
    version = document.version if number == 0 else None
    places = server.positions(step.before)
    edit = workspace_edit(document.uri, version, places, step.changes)
    return Step(edit, unified_diff(step.before, step.after, PurePosixPath(document.uri).name))


def _parameters(params: object) -> ProposeParameters:
    try:
        return structured(params, ProposeParameters)
    except ValueError as error:
        raise JsonRpcInvalidParams(str(error)) from error


async def _reply(
    server: LintseqServer, parameters: ProposeParameters
) -> tuple[Document | None, Reply]:
    memory = server.memories.get(parameters.uri)
    document = server.documents.get(parameters.uri)
    is_current = document is not None and document.version == parameters.version
    if is_current and memory.asked == parameters and memory.reply is not None:
        return document, memory.reply
    document, reply = await proposed(server, parameters)
    if document is not None and reply.proposals:
        memory = server.memories.get(parameters.uri)
        server.memories.keep(parameters.uri, replace(memory, asked=parameters, reply=reply))
    return document, reply
