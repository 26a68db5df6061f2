"""While the cursor rests the model reads what stands around it: the next answer is soon there.

Only what it has not read: a change outside of the snapshot, or many lines typed behind it. Once
that is done nothing runs.
"""

import asyncio
import threading
from dataclasses import replace

from lintseq.infer.engine import Engine
from lintseq.infer.request import PromptTooLong, Request
from lintseq.tasks import CursorTask, Window, cursor_task, windows
from server.convert import line_and_character
from server.documents import Document
from server.session import LintseqServer
from server.work import Found

_REST_S = 0.4
# Behind so many lines the next snapshot is taken before the prompt gets long.
_MOST_TYPED = 16


def begin(server: LintseqServer, document: Document, offset: int) -> None:
    """Prepare for the cursor at this offset when nothing has happened for a while."""

    def prepare() -> None:
        server.rests.pop(document.uri, None)
        if server.documents.is_current(document) and not server.why_not(document):
            server.keep_running(_prepare(server, document, offset))

    end(server, document.uri)
    loop = asyncio.get_running_loop()
    server.rests[document.uri] = loop.call_later(_REST_S, prepare)


def end(server: LintseqServer, uri: str) -> None:
    """Prepare nothing for the text."""
    if timer := server.rests.pop(uri, None):
        timer.cancel()


async def _prepare(server: LintseqServer, document: Document, offset: int) -> None:
    memory = server.memories.get(document.uri)
    line, character = line_and_character(document.text, offset)
    window = server.options.window
    known = cursor_task(document.text, line, character, memory.snapshot, window)
    if known.snapshot is memory.snapshot and len(known.typed) <= _MOST_TYPED:
        return
    task = cursor_task(document.text, line, character, None, window)

    def work(engine: Engine, stop: threading.Event) -> Found:
        return _read(engine, task, window, stop)

    found = await server.proposer.prepare(document, work)
    if found is not None and found.snapshot and server.documents.is_current(document):
        memory = server.memories.get(document.uri)
        server.memories.keep(document.uri, replace(memory, snapshot=found.snapshot))


def _read(engine: Engine, task: CursorTask, widest: Window, stop: threading.Event) -> Found:
    line = task.text.count("\n", 0, task.offset)
    for window in windows(widest):
        fitting = cursor_task(task.text, line, len(task.prefix), None, window)
        try:
            engine.generate(Request(fitting.prompt(), max_tokens=0), stop)
        except PromptTooLong:
            continue
        return Found(snapshot=fitting.snapshot)
    return Found()
