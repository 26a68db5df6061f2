"""Ghost text: what is missing at the cursor, verified, or nothing.

Typing along through what is shown is served from it, verified again. A newer request for the
same text, a change, a close and `$/cancelRequest` each end an older request.
"""

import asyncio
import time
from dataclasses import replace

from lsprotocol import types

from lintseq.imports.known import Surroundings
from lintseq.infer.ask import Extent
from lintseq.infer.ghost import THRESHOLDS, Ghost
from lintseq.infer.propose import Proposal
from lintseq.lexical import place_at
from lintseq.tasks import cursor_task
from server.convert import line_and_character
from server.documents import Document
from server.features import commands
from server.proposer import Reply
from server.session import LintseqServer
from server.status import Outcome
from server.work import Wanted, ghost_work, leftover_work

_NOTHING = Reply(outcome=Outcome.SILENT)


def register(server: LintseqServer) -> None:
    """Advertise inline completion."""
    options = types.InlineCompletionOptions()
    server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, options)(inline_completion)


async def inline_completion(
    server: LintseqServer, params: types.InlineCompletionParams
) -> types.InlineCompletionList | None:
    """What to show at the cursor; None for nothing, also when the text has moved on."""
    document = server.documents.get(params.text_document.uri)
    if document is None:
        return None
    offset = server.positions(document.text).offset(params.position)
    if reason := _why_not(server, document, offset, params.context):
        server.proposer.decline(reason)
        return None
    is_invoked = params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked
    # What was asked for by a key is only verified.
    threshold = 0.0 if is_invoked else THRESHOLDS[server.options.eagerness]
    found = await texts_at(server, document, offset, threshold)
    if not found:
        return None
    best = found[0]
    ghost = Ghost(document.text, offset, best.shown, best.confidence, _where(server, document))
    memory = server.memories.get(document.uri)
    server.memories.keep(document.uri, replace(memory, ghost=ghost))
    here = types.Range(params.position, params.position)
    items = [
        types.InlineCompletionItem(
            insert_text=each.shown,
            range=here,
            command=commands.add_imports(document.uri, each.imports),
        )
        for each in found
    ]
    return types.InlineCompletionList(items)


async def texts_at(
    server: LintseqServer, document: Document, offset: int, threshold: float
) -> tuple[Proposal, ...]:
    """What may be missing at the offset, surer than the threshold, the likeliest first.

    Nothing for an older text. There is more than one only where the threshold is 0, which means
    that it was asked for.
    """
    request = object()
    memory = server.memories.get(document.uri)
    server.memories.keep(document.uri, replace(memory, newest=request))
    # Asked for by a key there are alternatives, also to what is shown.
    reply = await _leftover(server, document, offset) if threshold else _NOTHING
    # A cancelled one has been overtaken: starting anew would end the request that did it.
    is_over = bool(reply.proposals) or reply.outcome is Outcome.CANCELLED
    if threshold and not is_over:
        await asyncio.sleep(memory.rhythm.wait_s(server.board.usual_ms(), time.monotonic()))
        if server.memories.get(document.uri).newest is not request:
            # Not every client takes back what it asked before.
            server.board.count(Outcome.CANCELLED)
            return ()
    if not is_over and server.documents.is_current(document):
        reply = await _fresh(server, document, offset, threshold)
    if not reply.proposals or not server.documents.is_current(document):
        return ()
    return reply.proposals


def _why_not(
    server: LintseqServer,
    document: Document,
    offset: int,
    context: types.InlineCompletionContext,
) -> str:
    # Its entries are what the user looks at.
    if context.selected_completion_info is not None:
        return "the completion menu is open"
    if reason := server.why_not(document):
        return reason
    is_automatic = context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    return why_not_unasked(server, document, offset) if is_automatic else ""


def why_not_unasked(server: LintseqServer, document: Document, offset: int) -> str:
    """Why nothing appears here by itself; nothing if something may."""
    if server.options.eagerness == "manual":
        return "the option eagerness says to wait for a key"
    if until := server.snooze.until:
        return f"snoozed until {until.astimezone():%H:%M}"
    if quiet := server.memories.get(document.uri).habits.quiet:
        return quiet
    if not server.options.comments and place_at(document.text, offset) == "comment":
        return "the cursor is in a comment"
    return ""


async def _leftover(server: LintseqServer, document: Document, offset: int) -> Reply:
    ghost = server.memories.get(document.uri).ghost
    rest = ghost.after_typing(document.text, offset) if ghost else None
    if rest is None:
        return _NOTHING
    return await server.proposer.ask(document, leftover_work(rest), is_asked=False)


async def _fresh(server: LintseqServer, document: Document, offset: int, threshold: float) -> Reply:
    uri = document.uri
    memory = server.memories.get(uri)
    line, character = line_and_character(document.text, offset)
    window = server.options.window
    task = cursor_task(document.text, line, character, memory.snapshot, window)
    # Kept before the answer: a request that is cancelled has read some of it too.
    server.memories.keep(uri, replace(memory, snapshot=task.snapshot, ghost=None))
    wanted = Wanted(
        threshold,
        # By itself one text appears, the greedy one.
        Extent(server.options.max_lines, 1 if threshold else server.options.alternatives, window),
        where=_where(server, document),
        nearby=server.nearby_texts(document),
        # What was asked for by a key may have been rejected before.
        unwanted=memory.habits.unwanted_at(document.text, offset) if threshold else frozenset(),
    )
    work = ghost_work(task, wanted)
    reply = await server.proposer.ask(document, work, is_asked=False)
    if reply.snapshot is not None and server.documents.is_current(document):
        memory = server.memories.get(uri)
        server.memories.keep(uri, replace(memory, snapshot=reply.snapshot))
    return reply


def _where(server: LintseqServer, document: Document) -> Surroundings | None:
    return server.surroundings(document) if server.options.imports else None
