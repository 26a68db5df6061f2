"""Values at any depth: nested lists, trees, dictionaries and linked lists, mostly by recursion."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from training.exercises.blocks import Conversion, conversion
from training.exercises.choice import Choice, choose
from training.exercises.draft import Draft, Parameter
from training.exercises.english import around
from training.exercises.extras import extra_parameters, mentioned, names_of_extras
from training.exercises.nested_values import MAKERS
from training.exercises.read_table import rows
from training.exercises.rename import names_in

_Row = Mapping[str, Any]
_STRUCTURES, _TASKS = rows("structures"), rows("tree_tasks")
_WALKERS = ("walk", "values_of", "flatten", "iterate")
_WIDTH = 84


def draw_tree(rng: random.Random) -> Draft:
    """Return a task on the values of a nested structure."""
    while True:
        structure = rng.choice(_STRUCTURES)
        choice = choose(structure["type"], rng, (0, 1, 1, 1, 2))
        is_converted = rng.random() < (0.35 if choice.conditions else 0.8)
        convert = conversion(structure["type"], rng) if is_converted else None
        gives = convert.gives if convert else structure["type"]
        task = rng.choice([each for each in _TASKS if gives in each["takes"].split()])
        if _is_sensible(structure, choice, convert, task):
            return _draft(structure, choice, convert, task, rng)


def _extras(choice: Choice, convert: Conversion | None, task: _Row) -> list[str]:
    told = names_of_extras([convert.many]) if convert else []
    return [*choice.extras, *told, *([task["parameter"]] if "parameter" in task else [])]


def _is_sensible(structure: _Row, choice: Choice, convert: Conversion | None, task: _Row) -> bool:
    extras = _extras(choice, convert, task)
    taken = {structure["name"], structure["x"]}
    is_plain = convert is None and not choice.conditions
    return (
        len(extras) == len(set(extras)) <= 1
        and not taken & set(extras)
        and not (convert and task.get("is_plain"))
        and not (is_plain and task["slug"] in ("text", "first"))
    )


def _draft(
    structure: _Row, choice: Choice, convert: Conversion | None, task: _Row, rng: random.Random
) -> Draft:
    extras = _extras(choice, convert, task)
    name = "_".join(filter(None, (task["slug"], choice.slug, convert.slug if convert else "")))
    name = name if "_" in name else f"{name}_values"
    code = _Code(structure, choice, convert, task)
    own = [] if extras else code.recursive(name)
    gathered, walker = code.gathered(rng)
    bodies = [each for each in own if max(map(len, each.split("\n"))) <= _WIDTH]
    is_own = bool(bodies) and rng.random() < 0.6
    body = rng.choice(bodies) if is_own else gathered
    # A walker on its own is the other way to do it.
    other = gathered if is_own else code.looped(walker)
    helpers = [choice.helpers, convert.helper.strip("\n") if convert else "", walker[1]]
    details = [structure["detail"], *([task["detail"]] if "detail" in task else [])]
    inner = "int" if code.gives == "int" else "str"
    returns: str = task["returns"]
    known = {"list": f"list[{inner}]", "set": f"set[{inner}]", "value": f"{inner} | None"}
    return Draft(
        kind="recursion",
        family="trees",
        name=name,
        parameters=(
            Parameter(
                structure["name"],
                structure["annotation"],
                structure["noun"],
                MAKERS[structure["values"]],
            ),
            *extra_parameters(extras),
        ),
        returns=known.get(returns, returns),
        phrase=mentioned(code.phrase()),
        body=body,
        reference=other,
        details=tuple(details),
        imports=(*([task["imports"]] if "imports" in task else []),),
        helpers="\n\n\n".join(dict.fromkeys(filter(None, helpers))),
    )


class _Code:
    """What a task on a structure comes to, in words and in code."""

    def __init__(
        self, structure: _Row, choice: Choice, convert: Conversion | None, task: _Row
    ) -> None:
        self._structure, self._choice = structure, choice
        self._convert, self._task = convert, task
        self._x: str = structure["x"]
        self._value = convert.code.replace("{x}", self._x) if convert else self._x
        self.gives = convert.gives if convert else structure["type"]

    def phrase(self) -> str:
        """What comes back."""
        chosen = self._structure["all"]
        if self._choice.conditions:
            chosen = f"{chosen} that {self._choice.clauses}"
        if self._convert:
            chosen = around(self._convert.many, chosen)
        phrase: str = self._task["phrase"].replace("{chosen}", chosen)
        return phrase.replace(",,", ",").removesuffix(",")

    def recursive(self, name: str) -> list[str]:
        """Bodies of a function that calls itself, or keeps a stack."""
        if "total" not in self._task:
            return []
        forms = [self._structure[key] for key in ("recursive", "stack") if key in self._structure]
        return [self._filled(each, name) for each in forms]

    def _filled(self, form: str, name: str) -> str:
        task = self._task
        one = task["one"].replace("{value}", self._value)
        known = {"p": self._structure["name"], "name": name, "one": one}
        known |= {key: task[key] for key in ("start", "op", "total")}
        test = self._choice.code(self._x)
        known["test"] = test or _ALWAYS
        text = re.sub(r"\{(\w+)\}", lambda match: known[match[1]], form).strip("\n")
        text = text.replace(f"elif {_ALWAYS}:", "else:")
        return re.sub(rf"( *)if {_ALWAYS}:\n +(.*)", r"\1\2", text)

    def gathered(self, rng: random.Random) -> tuple[str, tuple[str, str]]:
        """A body that takes the values from a generator, and that generator's name and code."""
        used = names_in(f"{self._structure} {self._task}")
        name = rng.choice([each for each in _WALKERS if each not in used])
        parameter = self._structure["name"]
        known = {"p": parameter, "name": name}
        walk = re.sub(r"\{(\w+)\}", lambda match: known[match[1]], self._structure["walk"])
        helper = f"def {name}({parameter}):\n{textwrap.indent(walk.strip(chr(10)), '    ')}"
        body = self._put(self._task["gather"], f"{name}({parameter})")
        return body, (name, helper)

    def looped(self, walker: tuple[str, str]) -> str:
        """The same from a list of all values."""
        listed = f"list({walker[0]}({self._structure['name']}))"
        return f"everything = {listed}\n" + self._put(self._task["gather"], "everything")

    def _put(self, text: str, over: str) -> str:
        loop = f"{self._x} in {over}{self._choice.filter(self._x)}"
        generator = f"{self._value} for {loop}"
        known = {"{{g}}": f"{{{generator}}}", "{g}": generator, "{loop}": loop}
        return _GATHERED.sub(lambda match: known[match[0]], text).strip("\n")


_ALWAYS = "True"
_GATHERED = re.compile(r"\{\{g\}\}|\{g\}|\{loop\}")
