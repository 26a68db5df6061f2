"""What is asked for by a key: a body, whole or step by step; an instruction; an undefined name."""

import random
import re
from dataclasses import dataclass, field

from tests.requests.checker import edit_problem, undefined_problem
from tests.requests.open_text import OpenText
from tests.requests.rpc import Message
from tests.requests.scenes import Scene

_WORDS = ("return what the name says", "use a loop", "add a check of the arguments")


@dataclass(slots=True)
class Asked:
    """What came of one request."""

    kind: str
    is_answered: bool = False
    problems: list[str] = field(default_factory=list)

    def judge(self, problem: str) -> None:
        """Keep the problem, if it is one."""
        if problem:
            self.problems.append(problem)


async def ask_for_body(open_text: OpenText, scene: Scene, rng: random.Random) -> Asked:
    """The body of the function at the scene, in one of the three ways."""
    chance = rng.random()
    if chance < 0.4:
        return await _steps(open_text, scene)
    if chance < 0.7:
        return await _instructed(open_text, scene, rng)
    actions = await _actions(open_text, scene.offset, [])
    return await _resolved(open_text, [each for each in actions if "implement" in each["kind"]])


async def ask_for_name(open_text: OpenText, scene: Scene, rng: random.Random) -> Asked:
    """An import or a definition of the scene's name, as the diagnostics of another server ask."""
    start = open_text.position(scene.offset)
    end = open_text.position(scene.offset + len(scene.wanted))
    diagnostic = {
        "range": {"start": start, "end": end},
        "message": f"undefined name '{scene.wanted}'",
        "source": "pyflakes",
    }
    diagnostics = [diagnostic] if rng.random() < 0.7 else []
    actions = await _actions(open_text, scene.offset, diagnostics)
    fixes = [each for each in actions if each["kind"].startswith("quickfix")]
    before = open_text.text
    asked = await _resolved(open_text, [rng.choice(fixes)] if fixes else [], scene.wanted)
    if diagnostics and not fixes:
        asked.judge(f"no quick fix for {scene.wanted!r} in {before[:60]!r}")
    return asked


async def ask_next(open_text: OpenText, offset: int) -> Asked:
    """Whatever is missing anywhere."""
    actions = await _actions(open_text, offset, [])
    return await _resolved(open_text, [each for each in actions if "nextEdit" in each["kind"]])


async def _actions(open_text: OpenText, offset: int, diagnostics: list[Message]) -> list[Message]:
    place = open_text.position(offset)
    parameters = {
        "textDocument": open_text.at(offset)["textDocument"],
        "range": {"start": place, "end": place},
        "context": {"diagnostics": diagnostics},
    }
    listed = await open_text.client.request("textDocument/codeAction", parameters)
    return [action for action in listed or [] if "data" in action]


async def _resolved(open_text: OpenText, actions: list[Message], name: str = "") -> Asked:
    """What the first of the actions comes to; it is judged and not applied."""
    if not actions:
        return Asked("no action")
    asked = Asked(str(actions[0]["kind"]))
    resolved = await open_text.client.request("codeAction/resolve", actions[0])
    if resolved.get("edit") is None:
        asked.judge("" if resolved["disabled"]["reason"] else "silent without a reason")
        return asked
    asked.is_answered = True
    after = open_text.after(resolved["edit"])
    asked.judge(edit_problem(open_text.text, after))
    if name:
        asked.judge(undefined_problem(open_text.text, after, name))
    return asked


async def _instructed(open_text: OpenText, scene: Scene, rng: random.Random) -> Asked:
    asked = Asked("instruct")
    uri, place = open_text.this()["uri"], open_text.position(scene.offset)
    arguments = [uri, place, rng.choice(_WORDS)]
    open_text.client.edits.clear()
    command = {"command": "lintseq.instruct", "arguments": arguments}
    result = await open_text.client.request("workspace/executeCommand", command)
    if not result["applied"]:
        asked.judge("" if result["reason"] else "silent without a reason")
        return asked
    asked.is_answered = True
    (edit,) = open_text.client.edits
    asked.judge(edit_problem(open_text.text, open_text.after(edit)))
    return asked


async def _steps(open_text: OpenText, scene: Scene) -> Asked:
    """The steps, accepted one after the other, and the last one taken back."""
    asked = Asked("steps")
    request = open_text.client.request
    parameters = open_text.place(scene.offset) | {"kind": "implement"}
    offered = await request("lintseq/steps", parameters)
    if offered["id"] is None:
        asked.judge("" if offered["silent"] else "silent without a reason")
        return asked
    asked.is_answered = True
    first = before = open_text.text
    for step in offered["steps"]:
        where = open_text.this() | {"id": offered["id"], "step": step["number"]}
        moved = await request("lintseq/accept", where)
        if moved["edit"] is None:
            asked.judge(f"step {step['number']} is not accepted: {moved['silent']}")
            return asked
        before = open_text.text
        open_text.become(open_text.after(moved["edit"]))
        asked.judge(edit_problem(before, open_text.text))
        asked.judge(edit_problem(first, open_text.text))
    undone = await request("lintseq/undo", open_text.this() | {"id": offered["id"]})
    after = open_text.after(undone["edit"])
    asked.judge("" if after == before else "undone, it is not what it was before")
    asked.judge("" if re.search(r"\S", after) else "nothing is left")
    return asked
