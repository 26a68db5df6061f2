"""Completion items, for editors without ghost text: one entry, low in the list, only if opted in.

No character triggers it. The list is always incomplete, so that the editor asks again.
"""

import re

from lsprotocol import types

from lintseq.infer.ghost import THRESHOLDS
from lintseq.infer.propose import Proposal
from server.changes import proposed_changes
from server.convert import Positions, text_edits
from server.features.inline_completion import texts_at, why_not_unasked
from server.session import LintseqServer

_WORD = re.compile(r"\w*\Z")
# Behind whatever other servers offer.
_LAST = "\uffff"


def register(server: LintseqServer) -> None:
    """Advertise completion; for a session whose options ask for it."""
    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions())(completion)


async def completion(
    server: LintseqServer, params: types.CompletionParams
) -> types.CompletionList | None:
    """The text for the cursor as one item; none, for the reason in the status."""
    document = server.documents.get(params.text_document.uri)
    if document is None:
        return None
    places = server.positions(document.text)
    offset = places.offset(params.position)
    items: list[types.CompletionItem] = []
    if reason := server.why_not(document) or why_not_unasked(server, document, offset):
        server.proposer.decline(reason)
    else:
        threshold = THRESHOLDS[server.options.eagerness]
        found = await texts_at(server, document, offset, threshold)
        items = [_item(places, offset, best) for best in found[:1]]
    return types.CompletionList(is_incomplete=True, items=items)


def _item(places: Positions, offset: int, best: Proposal) -> types.CompletionItem:
    """The item; its edit begins with the word in front of the cursor, by which editors filter."""
    line = places.text[places.text.rfind("\n", 0, offset) + 1 : offset]
    word = _WORD.search(line)
    typed = word[0] if word else ""
    area = types.Range(places.position(offset - len(typed)), places.position(offset))
    changes = proposed_changes(places.text, best, offset)
    imports = [change for change in changes if change.text != best.shown or change.start != offset]
    return types.CompletionItem(
        label=(typed + best.shown).splitlines()[0].strip(),
        kind=types.CompletionItemKind.Text,
        detail="; ".join(("LintSeq", *best.imports)),
        sort_text=_LAST,
        filter_text=typed or best.shown,
        insert_text_format=types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(area, typed + best.shown),
        additional_text_edits=text_edits(places, imports) or None,
    )
