"""Ghost text: what is missing at the cursor, verified, or nothing.

Typing along through what is shown is served from it, verified again. A newer request for the
same text, a change, a close and `$/cancelRequest` each end an older request.
"""

from dataclasses import replace

from lsprotocol import types

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
    best = await text_at(server, document, offset, threshold)
    if best is None:
        return None
    ghost = Ghost(document.text, offset, best.shown, best.confidence, _texts(server, document))
    memory = server.memories.get(document.uri)
    server.memories.keep(document.uri, replace(memory, ghost=ghost))
    here = types.Range(params.position, params.position)
    item = types.InlineCompletionItem(
        insert_text=best.shown, range=here, command=commands.add_imports(document.uri, best.imports)
    )
    return types.InlineCompletionList(items=[item])


async def text_at(
    server: LintseqServer, document: Document, offset: int, threshold: float
) -> Proposal | None:
    """What is missing at the offset, surer than the threshold; None also for an older text."""
    reply = await _leftover(server, document, offset)
    # A cancelled one has been overtaken: starting anew would end the request that did it.
    is_over = bool(reply.proposals) or reply.outcome is Outcome.CANCELLED
    if not is_over and server.documents.is_current(document):
        reply = await _fresh(server, document, offset, threshold)
    if not reply.proposals or not server.documents.is_current(document):
        return None
    return reply.proposals[0]


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
        return Reply(outcome=Outcome.SILENT)
    return await server.proposer.ask(document, leftover_work(rest), is_asked=False)


async def _fresh(server: LintseqServer, document: Document, offset: int, threshold: float) -> Reply:
    uri = document.uri
    memory = server.memories.get(uri)
    line, character = line_and_character(document.text, offset)
    task = cursor_task(document.text, line, character, memory.snapshot)
    # Kept before the answer: a request that is cancelled has read some of it too.
    server.memories.keep(uri, replace(memory, snapshot=task.snapshot, ghost=None))
    wanted = Wanted(
        threshold,
        server.options.max_lines,
        texts=_texts(server, document),
        # What was asked for by a key may have been rejected before.
        unwanted=memory.habits.unwanted_at(document.text, offset) if threshold else frozenset(),
    )
    work = ghost_work(task, wanted)
    reply = await server.proposer.ask(document, work, is_asked=False)
    if reply.snapshot is not None and server.documents.is_current(document):
        memory = server.memories.get(uri)
        server.memories.keep(uri, replace(memory, snapshot=reply.snapshot))
    return reply


def _texts(server: LintseqServer, document: Document) -> tuple[str, ...] | None:
    return server.other_texts(document) if server.options.imports else None
