"""Asks the server about scenes as an editor would, and has every answer judged."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.requests.checker import edit_problem, insertion_problem
from tests.requests.rpc import Client, Message
from tests.requests.screen import BrokenEditError, applied, edits_of, offset_of, position_of
from tests.requests.texts import Scene

_CHUNK = re.compile(r"\w+|\s+|[^\w\s]")
_URI = "file:///project/example.py"
_MOST_CHUNKS = 7


@dataclass(slots=True)
class Tally:
    """What came of the requests so far."""

    requests: int = 0
    answered: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def note(self, kind: str, *, is_answered: bool) -> None:
        self.requests += 1
        self.answered += is_answered
        self.by_kind[f"{kind}: {'answered' if is_answered else 'silent'}"] += 1


class Driver:
    """One text after the other in one session."""

    def __init__(self, client: Client, encoding: str, tally: Tally, rng: random.Random) -> None:
        self._client = client
        self._encoding = encoding
        self._tally = tally
        self._rng = rng
        self._version = 0
        self._text = ""

    async def play(self, scene: Scene, most: int) -> None:
        """Type the wanted text in pieces and ask after each, `most` requests at most."""
        self._open(scene.text)
        offset, end = scene.offset, self._tally.requests + most
        chunks = _CHUNK.findall(scene.wanted)[:_MOST_CHUNKS]
        for number in range(len(chunks) + 1):
            if self._tally.requests >= end:
                break
            await self._ask(scene, offset)
            if number < len(chunks):
                self._type(offset, chunks[number])
                offset += len(chunks[number])
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": _URI}})

    async def _ask(self, scene: Scene, offset: int) -> None:
        before = len(self._tally.problems)
        chance = self._rng.random()
        try:
            if chance < 0.88:
                await self._ghost(offset)
            elif chance < 0.98:
                await self._item(offset)
            else:
                await self._action(offset)
        except (BrokenEditError, ValueError, KeyError) as error:
            self._tally.problems.append(f"{type(error).__name__}: {error}")
        for number in range(before, len(self._tally.problems)):
            near = self._text[max(offset - 60, 0) : offset + 20]
            found = self._tally.problems[number]
            self._tally.problems[number] = f"{scene.name} at {offset} {near!r}: {found}"

    async def _ghost(self, offset: int) -> None:
        position = position_of(self._text, offset, self._encoding)
        kind = 1 if self._rng.random() < 0.85 else 2  # invoked, or by itself
        parameters = self._at(position) | {"context": {"triggerKind": kind}}
        answer = await self._client.request("textDocument/inlineCompletion", parameters)
        items = (answer or {}).get("items", [])
        self._tally.note("ghost text", is_answered=bool(items))
        for item in items:
            if item["range"] != {"start": position, "end": position}:
                self._tally.problems.append(f"for another place: {item['range']}")
            after = self._text[:offset] + item["insertText"] + self._text[offset:]
            if item.get("command"):
                after = await self._with_import(offset, item)
            self._judge(insertion_problem(self._text, offset, item["insertText"], after))

    async def _with_import(self, offset: int, item: Message) -> str:
        """The text when the item is accepted and its command is run; the text stays as it was."""
        self._type(offset, item["insertText"])
        self._client.edits.clear()
        command = {key: item["command"][key] for key in ("command", "arguments")}
        result = await self._client.request("workspace/executeCommand", command)
        after = self._text
        if result["applied"]:
            (edit,) = self._client.edits
            after = applied(after, edits_of(edit, _URI, self._version), self._encoding)
        else:
            self._tally.problems.append(f"the import is not applied: {result['reason']}")
        self._replace(offset, offset + len(item["insertText"]), "")
        return after

    async def _item(self, offset: int) -> None:
        position = position_of(self._text, offset, self._encoding)
        answer = await self._client.request("textDocument/completion", self._at(position))
        items = (answer or {}).get("items", [])
        self._tally.note("completion item", is_answered=bool(items))
        for item in items:
            edit = item["textEdit"]
            start = offset_of(self._text, edit["range"]["start"], self._encoding)
            typed = self._text[start:offset]
            if edit["range"]["end"] != position or not edit["newText"].startswith(typed):
                self._tally.problems.append(f"not at the cursor: {edit}")
            shown = edit["newText"][len(typed) :]
            added = [edit, *item.get("additionalTextEdits", [])]
            after = applied(self._text, added, self._encoding)
            self._judge(insertion_problem(self._text, offset, shown, after))

    async def _action(self, offset: int) -> None:
        position = position_of(self._text, offset, self._encoding)
        parameters = self._at(position) | {
            "range": {"start": position, "end": position},
            "context": {"diagnostics": []},
        }
        actions = [
            action
            for action in await self._client.request("textDocument/codeAction", parameters)
            if "data" in action
        ]
        action = self._rng.choice(actions)
        resolved = await self._client.request("codeAction/resolve", action)
        edit: Any = resolved.get("edit")
        self._tally.note(str(action["kind"]), is_answered=edit is not None)
        if edit is not None:
            edits = edits_of(edit, _URI, self._version)
            self._judge(edit_problem(self._text, applied(self._text, edits, self._encoding)))
        elif not resolved["disabled"]["reason"]:
            self._tally.problems.append("silent without a reason")

    def _judge(self, problem: str) -> None:
        if problem:
            self._tally.problems.append(problem)

    def _at(self, position: dict[str, int]) -> Message:
        return {"textDocument": {"uri": _URI}, "position": position}

    def _open(self, text: str) -> None:
        self._version += 1
        self._text = text
        item = {"uri": _URI, "languageId": "python", "version": self._version, "text": text}
        self._client.notify("textDocument/didOpen", {"textDocument": item})

    def _type(self, offset: int, text: str) -> None:
        self._replace(offset, offset, text)

    def _replace(self, start: int, end: int, text: str) -> None:
        self._version += 1
        area = {
            "start": position_of(self._text, start, self._encoding),
            "end": position_of(self._text, end, self._encoding),
        }
        self._text = self._text[:start] + text + self._text[end:]
        parameters = {
            "textDocument": {"uri": _URI, "version": self._version},
            "contentChanges": [{"range": area, "text": text}],
        }
        self._client.notify("textDocument/didChange", parameters)
