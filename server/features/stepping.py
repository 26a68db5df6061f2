"""`lintseq/steps`, `accept`, `skip` and `undo`: a proposal taken one verified step at a time.

The commands do the same for a plain client, with `workspace/applyEdit`.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import PurePosixPath
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from lintseq.infer.walk import Walk, walk_through
from server import messages
from server.changes import moved_changes
from server.diff import unified_diff
from server.documents import Document
from server.features.edits import client_edit, edit_of_text
from server.features.proposals import proposal_parameters, replied
from server.messages import Moved, ProposeParameters, Step, StepParameters, Steps, structured
from server.offer import Offer, step_label
from server.session import LintseqServer

_NUMBERS = count(1)
Move = Callable[[Walk, int | None], Walk]


def register(server: LintseqServer) -> None:
    """Answer the requests."""
    server.feature(messages.STEPS)(steps)
    for method, move in ((messages.ACCEPT, accepted), (messages.SKIP, skipped)):
        server.feature(method)(_handler(move))
    server.feature(messages.UNDO)(_handler(undone))


async def steps(server: LintseqServer, params: object) -> Steps:
    """The steps of the best proposal for a place, each as an edit of the step before it."""
    return await offered(server, proposal_parameters(params))


async def offered(server: LintseqServer, parameters: ProposeParameters) -> Steps:
    """The same; the proposal can be stepped through from now on."""
    document, reply = await replied(server, parameters)
    if document is None or not reply.proposals:
        return Steps(silent=reply.reason, ms=reply.ms)
    offset = server.positions(document.text).offset(parameters.position)
    walk = walk_through(document.text, reply.proposals[0], offset)
    offer = Offer(next(_NUMBERS), walk)
    _keep(server, document, offer)
    return Steps(offer.number, _ahead(server, document, walk, document.version), ms=reply.ms)


def accepted(walk: Walk, step: int | None) -> Walk:
    """Behind the step, the next one by default."""
    return walk.accepted(_next(walk) if step is None else step)


def skipped(walk: Walk, step: int | None) -> Walk:
    """Without the step, the next one by default."""
    return walk.skipped(_next(walk) if step is None else step)


def undone(walk: Walk, _step: int | None) -> Walk:
    """In front of the step that was accepted last."""
    return walk.undone()


async def moved(server: LintseqServer, parameters: StepParameters, move: Move) -> Moved:
    """What to apply for the move, and what is offered then; or why it cannot be made."""
    document = server.documents.get(parameters.uri)
    offer = server.memories.get(parameters.uri).offer
    if document is None or offer is None or offer.number != parameters.id:
        return Moved(silent=f"no steps are offered as {parameters.id}")
    walk = offer.standing(document.text)
    if walk is None or document.version != parameters.version:
        return Moved(silent="the text has changed: ask for the steps again")
    try:
        after = await server.proposer.in_background(lambda: move(walk, parameters.step))
    except ValueError as error:
        return Moved(silent=str(error))
    if not server.documents.is_current(document):
        return Moved(silent="the text has changed: ask for the steps again")
    _keep(server, document, offer.moved(walk, after))
    found = moved_changes(walk, after)
    version = None if found else document.version
    edit = None
    if found:
        label = f"LintSeq: {step_label(after, (*after.taken, *walk.taken)[-1])}"
        edit = client_edit(server, document, found, label)
    return Moved(edit, _ahead(server, document, after, version), after.taken)


def _handler(move: Move) -> Any:  # noqa: ANN401  pygls reads its parameters
    async def handle(server: LintseqServer, params: object) -> Moved:
        try:
            parameters = structured(params, StepParameters)
        except ValueError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        return await moved(server, parameters, move)

    return handle


def _next(walk: Walk) -> int:
    if not walk.ahead:
        raise ValueError("no step is left")
    return walk.ahead[0]


def _keep(server: LintseqServer, document: Document, offer: Offer) -> None:
    memory = server.memories.get(document.uri)
    server.memories.keep(document.uri, replace(memory, offer=offer))


def _ahead(
    server: LintseqServer, document: Document, walk: Walk, version: int | None
) -> tuple[Step, ...]:
    """The steps ahead; only the first can name a version, the others are the editor's to give."""
    name = PurePosixPath(document.uri).name
    found: list[Step] = []
    for step in walk.ahead:
        after = walk.accepted(step)
        label = step_label(walk, step)
        changed = moved_changes(walk, after)
        edit = edit_of_text(server, document.uri, version, walk.text, changed, f"LintSeq: {label}")
        found.append(Step(step, label, edit, unified_diff(walk.text, after.text, name)))
        walk, version = after, None
    return tuple(found)
