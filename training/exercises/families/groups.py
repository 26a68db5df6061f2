"""Rows, lines, words or games, each with a figure of its own, and a task about these figures."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from training.exercises.choice import Choice, choose
from training.exercises.draft import Draft, Parameter
from training.exercises.english import capitalized
from training.exercises.extras import extra_parameters
from training.exercises.kinds import KINDS
from training.exercises.read_table import rows
from training.exercises.rename import names_in
from training.exercises.words import WORDS, words

_Row = Mapping[str, Any]
_SOURCES, _FIGURES, _TASKS = rows("groups"), rows("figures"), rows("group_tasks")
_WORDS = ("score", "score", "value", "weight", "rating", "strength", "rank", "mark")
"""What the figure is called."""
_WIDTH = 84


def _lists(rng: random.Random) -> list[list[int]]:
    sizes = [rng.randint(0, 4) for _ in range(rng.randint(0, 4))]
    return [[rng.randint(-5, 30) for _ in range(size)] for size in sizes]


def _word_lists(rng: random.Random) -> list[list[str]]:
    return [words(rng, 0, 4) for _ in range(rng.randint(0, 4))]


def _wholes(rng: random.Random) -> list[int]:
    return [rng.randint(0, 10 ** rng.randint(1, 5)) for _ in range(rng.randint(0, 5))]


def _lines(rng: random.Random) -> str:
    lines = (" ".join(rng.choices(WORDS, k=rng.randint(0, 4))) for _ in range(rng.randint(0, 4)))
    return "\n".join(lines)


_MAKERS: Mapping[str, Callable[[random.Random], Any]] = {
    "lists": _lists,
    "wordlists": _word_lists,
    "wholes": _wholes,
    "lines": _lines,
    **{name: KINDS[name].make for name in ("grid", "words", "text")},
}


def draw_groups(rng: random.Random) -> Draft:
    """Return a task about the figures of groups."""
    while True:
        source, task = rng.choice(_SOURCES), rng.choice(_TASKS)
        figure = rng.choice([each for each in _FIGURES if source["type"] in each["takes"].split()])
        choice = choose(source["type"], rng, (0, 1, 1, 1, 2))
        word = rng.choice([each for each in _WORDS if each != source["one"]])
        if not choice.extras:
            return _draft(source, task, _Figure(word, figure, source, choice), rng)


_KNOWN = re.compile(r"\{loops\}|\{one\}|\{\{g\}\}|\{g\}")


class _Figure:
    """The figure of a group: what it is called, what it is, how it is computed."""

    def __init__(self, word: str, row: _Row, source: _Row, choice: Choice) -> None:
        self.word = word
        self._row, self._source, self.choice = row, source, choice

    @property
    def told(self) -> str:
        """The sentence that says what it is."""
        inside = self._source["inside"]
        chosen = f"{inside} that {self.choice.clauses}" if self.choice.conditions else inside
        phrase = self._row["phrase"].replace("{chosen}", chosen)
        return f"The {self.word} of a {self._source['group']} is {phrase}."

    @property
    def imports(self) -> list[str]:
        """Lines that the code needs."""
        return [self._row["imports"]] if "imports" in self._row else []

    def expressions(self) -> list[str]:
        """The figure of a group in one expression."""
        one = self._source["one"]
        loops = f"{one} in {self._source['each']}{self.choice.filter(one)}"
        generator = f"{one} for {loops}"
        known = {"{loops}": loops, "{one}": one, "{{g}}": f"{{{generator}}}", "{g}": generator}
        return [
            _unwrapped(_KNOWN.sub(lambda match: known[match[0]], each))
            for each in self._row["short"]
        ]

    def bodies(self) -> list[str]:
        """Bodies of a function that computes it."""
        found = [f"return {each}" for each in self.expressions()]
        if "step" not in self._row:
            return found
        one = self._source["one"]
        step = self._row["step"].replace("{one}", one).replace("{total}", "total")
        if self.choice.conditions:
            step = f"if {self.choice.code(one)}:\n    {step}"
        loop = f"for {one} in {self._source['each']}:\n{textwrap.indent(step, '    ')}"
        return [*found, *(f"total = 0\n{loop}\nreturn total",) * 2]


def _draft(source: _Row, task: _Row, figure: _Figure, rng: random.Random) -> Draft:
    group = source["group"]
    name = rng.choice((f"{group}_{figure.word}", f"{figure.word}_of", f"compute_{figure.word}"))
    fill = _filler(source, figure.word, name)
    bodies = [fill(each) for each in task["bodies"]]
    # Now and then the figure is computed on the spot.
    on_the_spot = [
        each.replace(f"{name}({group})", rng.choice(figure.expressions())) for each in bodies
    ]
    short = [each for each in on_the_spot if name not in names_in(each) and _width(each) <= _WIDTH]
    body = rng.choice(short) if short and rng.random() < 0.35 else rng.choice(bodies)
    definition = f"def {name}({group}):\n{textwrap.indent(rng.choice(figure.bodies()), '    ')}"
    details = (figure.told, fill(task["detail"])) if "detail" in task else (figure.told,)
    parameter = Parameter(
        source["name"], source["annotation"], source["noun"], _MAKERS[source["kind"]]
    )
    return Draft(
        kind={"int": "numbers", "digit": "numbers"}.get(source["type"], "words"),
        family="groups",
        name=fill(task["slug"]),
        parameters=(
            parameter,
            *extra_parameters([task["parameter"]] if "parameter" in task else []),
        ),
        returns=_precise(task["returns"], source),
        phrase=fill(task["phrase"]),
        body=body,
        reference=rng.choice([each for each in bodies if each != body]),
        details=details,
        imports=(*figure.imports, *((task["imports"],) if "imports" in task else ())),
        helpers="\n\n\n".join(filter(None, (figure.choice.helpers, definition))),
    )


def _width(code: str) -> int:
    return max(map(len, code.split("\n")))


def _unwrapped(code: str) -> str:
    """Without a comprehension that only repeats what it runs over."""
    what = r"(\w+) for \1 in ([\w.]+(?:\((?:[^()]|\([^()]*\))*\))?)"
    code = re.sub(rf"\(\({what}\),", r"(\2,", code)
    code = re.sub(rf"\[{what}\]", r"list(\2)", code)
    code = re.sub(rf"\{{{what}\}}", r"set(\2)", code)
    code = re.sub(rf"(?<=\w)\({what}\)", r"(\2)", code)
    return re.sub(r"list\((sorted\(.*\))\)", r"\1", code)


def _filler(source: _Row, word: str, name: str) -> Callable[[str], str]:
    known = {
        "figure": word,
        "name": name,
        "group": source["group"],
        "bare": source["bare"],
        "Bare": capitalized(source["bare"]),
        "all": source["groups"],
        "over": source["over"],
        "copied": f"list({source['group']})" if source["group"] == "column" else source["group"],
    }

    def fill(text: str) -> str:
        filled = re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], match[0]), text)
        return _unwrapped(filled.strip("\n"))

    return fill


def _precise(returns: str, source: _Row) -> str:
    """The annotation, with what a group is in place of a mere list."""
    inner = {"row": "list[int]", "column": "list[int]", "number": "int"}.get(source["group"], "str")
    if source["kind"] in ("lists", "wordlists"):
        inner = source["annotation"].removeprefix("list[").removesuffix("]")
    known = {"list": f"list[{inner}]", "dict[int, list]": f"dict[int, list[{inner}]]"}
    return known.get(returns, returns)
