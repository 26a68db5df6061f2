"""Asks the server about scenes as an editor would, and has every answer judged."""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.requests.asked import Asked, ask_for_body, ask_for_name, ask_next
from tests.requests.checker import insertion_problem
from tests.requests.open_text import OpenText
from tests.requests.rpc import Message
from tests.requests.scenes import Scene
from tests.requests.screen import BrokenEditError

_CHUNK = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_CHUNKS = 7


@dataclass(slots=True)
class Tally:
    """What came of the requests so far."""

    requests: int = 0
    answered: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def note(self, asked: Asked, where: str) -> None:
        """Count a request, and keep what is wrong with its answer."""
        self.requests += 1
        self.answered += asked.is_answered
        self.by_kind[f"{asked.kind}: {'answered' if asked.is_answered else 'silent'}"] += 1
        self.problems += [f"{where}: {asked.kind}: {problem}" for problem in asked.problems]


def merged(tallies: Iterable[Tally]) -> Tally:
    """All of them in one."""
    whole = Tally()
    for tally in tallies:
        whole.requests += tally.requests
        whole.answered += tally.answered
        whole.by_kind += tally.by_kind
        whole.problems += tally.problems
    return whole


class Driver:
    """One text after the other in one session."""

    def __init__(self, open_text: OpenText, tally: Tally, rng: random.Random) -> None:
        self._open = open_text
        self._tally = tally
        self._rng = rng

    async def play(self, scene: Scene, most: int) -> None:
        """Do what the scene says and ask, `most` requests at most."""
        self._open.open(scene.text)
        if scene.doing == "typing":
            await self._type(scene, self._tally.requests + most)
        else:
            await self._ask(scene, scene.offset)
        self._open.close()

    async def _type(self, scene: Scene, end: int) -> None:
        """The wanted text in pieces, and a request after each."""
        offset = scene.offset
        chunks = _CHUNK.findall(scene.wanted)[:_MOST_CHUNKS]
        for number in range(len(chunks) + 1):
            if self._tally.requests >= end:
                break
            await self._ask(scene, offset)
            if number < len(chunks):
                self._open.type(offset, chunks[number])
                offset += len(chunks[number])

    async def _ask(self, scene: Scene, offset: int) -> None:
        text = self._open.text
        try:
            asked = await self._asked(scene, offset)
        except (BrokenEditError, ValueError, KeyError) as error:
            asked = Asked("error", problems=[f"{type(error).__name__}: {error}"])
        near = text[max(offset - 60, 0) : offset + 20]
        self._tally.note(asked, f"{scene.name} at {offset} {near!r}")

    async def _asked(self, scene: Scene, offset: int) -> Asked:
        if scene.doing == "implementing":
            return await ask_for_body(self._open, scene, self._rng)
        if scene.doing == "repairing":
            return await ask_for_name(self._open, scene, self._rng)
        chance = self._rng.random()
        if chance < 0.88:
            return await self._ghost(offset)
        if chance < 0.99:
            return await self._item(offset)
        return await ask_next(self._open, offset)

    async def _ghost(self, offset: int) -> Asked:
        asked = Asked("ghost text")
        kind = 1 if self._rng.random() < 0.85 else 2  # invoked, or by itself
        parameters = self._open.at(offset) | {"context": {"triggerKind": kind}}
        answer = await self._open.client.request("textDocument/inlineCompletion", parameters)
        text, position = self._open.text, self._open.position(offset)
        for item in (answer or {}).get("items", []):
            asked.is_answered = True
            if item["range"] != {"start": position, "end": position}:
                asked.judge(f"for another place: {item['range']}")
            after = text[:offset] + item["insertText"] + text[offset:]
            if item.get("command"):
                after = await self._with_import(asked, offset, item)
            asked.judge(insertion_problem(text, offset, item["insertText"], after))
        return asked

    async def _with_import(self, asked: Asked, offset: int, item: Message) -> str:
        """The text when the item is accepted and its command is run; the text stays as it was."""
        self._open.type(offset, item["insertText"])
        client = self._open.client
        client.edits.clear()
        command = {key: item["command"][key] for key in ("command", "arguments")}
        result = await client.request("workspace/executeCommand", command)
        after = self._open.text
        if result["applied"]:
            (edit,) = client.edits
            after = self._open.after(edit)
        else:
            asked.judge(f"the import is not applied: {result['reason']}")
        self._open.replace(offset, offset + len(item["insertText"]), "")
        return after

    async def _item(self, offset: int) -> Asked:
        asked = Asked("completion item")
        request = self._open.client.request
        answer = await request("textDocument/completion", self._open.at(offset))
        text, position = self._open.text, self._open.position(offset)
        for item in (answer or {}).get("items", []):
            asked.is_answered = True
            edit = item["textEdit"]
            typed = text[self._open.offset(edit["range"]["start"]) : offset]
            if edit["range"]["end"] != position or not edit["newText"].startswith(typed):
                asked.judge(f"not at the cursor: {edit}")
            after = self._open.with_edits([edit, *item.get("additionalTextEdits", [])])
            asked.judge(insertion_problem(text, offset, edit["newText"][len(typed) :], after))
        return asked
