"""`lintseq/propose`: the best proposal for a place, kept for who asks about it again."""

from dataclasses import replace

from pygls.exceptions import JsonRpcInvalidParams

from server import messages
from server.changes import proposed_changes
from server.documents import Document
from server.features.edits import client_edit, proposed
from server.messages import Proposed, ProposeParameters, structured
from server.proposer import Reply
from server.session import LintseqServer


def register(server: LintseqServer) -> None:
    """Answer the request."""
    server.feature(messages.PROPOSE)(propose)


async def propose(server: LintseqServer, params: object) -> Proposed:
    """The best proposal for a place."""
    parameters = proposal_parameters(params)
    document, reply = await replied(server, parameters)
    if document is None or not reply.proposals:
        return Proposed(silent=reply.reason, ms=reply.ms)
    best = reply.proposals[0]
    places = server.positions(document.text)
    found = proposed_changes(document.text, best, places.offset(parameters.position))
    return Proposed(
        edit=client_edit(server, document, found, "LintSeq"),
        shown=best.shown,
        steps=best.steps,
        confidence=best.confidence,
        passed=reply.passed,
        ms=reply.ms,
    )


def proposal_parameters(params: object) -> ProposeParameters:
    """The parameters of a request for a proposal.

    Raises:
        JsonRpcInvalidParams: they are of another form.
    """
    try:
        return structured(params, ProposeParameters)
    except ValueError as error:
        raise JsonRpcInvalidParams(str(error)) from error


async def replied(
    server: LintseqServer, parameters: ProposeParameters
) -> tuple[Document | None, Reply]:
    """The reply for a place and the text that it is for; one just given is not computed again."""
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
