"""Prices made of rules: members, coupons, weekends, and the order in which they count."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined
from training.exercises.read_table import rows


@dataclass(frozen=True, slots=True)
class _Fact:
    """A parameter of a price, and rules that depend on it."""

    name: str
    annotation: str
    rules: tuple[tuple[str, str], ...]
    """Sentence and statement; `@` is the price."""
    values: tuple[Any, ...]
    """The smallest and the largest number, or the texts there are; empty for truth values."""

    def make(self, rng: random.Random) -> object:
        """Return a value to call with."""
        if self.annotation == "bool":
            return rng.random() < 0.5
        return rng.choice(self.values) if self.annotation == "str" else rng.randint(*self.values)


def _fact(row: Mapping[str, Any]) -> _Fact:
    rules = tuple(tuple(rule.split(" | ", 1)) for rule in row["rules"])
    return _Fact(row["name"], row["annotation"], rules, tuple(row.get("values", ())))


_FACTS = tuple(map(_fact, rows("prices")))
_THINGS = (
    ("ticket", "a ticket"),
    ("delivery", "a delivery"),
    ("rental", "a rental"),
    ("booking", "a booking"),
    ("order", "an order"),
    ("trip", "a trip"),
    ("repair", "a repair"),
)
_PRICES = ("price", "cost", "fee", "total")


def draw_price(rng: random.Random) -> Draft:
    """Return a task that computes a price from facts and rules."""
    thing, spoken = rng.choice(_THINGS)
    price = rng.choice(_PRICES)
    facts = rng.sample(_FACTS, rng.choice((1, 2, 2, 3, 3)))
    base = rng.randrange(20, 120, 5)
    details, steps = [f"The base {price} is {base}."], [f"{price} = {base}"]
    for number, fact in enumerate(facts):
        sentence, code = rng.choice(fact.rules)
        drawn = {
            "a": rng.randint(2, 15),
            "p": rng.choice((5, 10, 20, 25)),
            "q": rng.randint(4, 15),
            "s": rng.randint(2, 4),
            "c": rng.randint(4, 12),
        }
        sentence = sentence.format(**drawn)
        details.append(
            f"Then {sentence[0].lower()}{sentence[1:]}"
            if number and rng.random() < 0.2
            else sentence
        )
        steps.append(code.format(**drawn).replace("@", price))
    if len(facts) > 1:
        details.append("Apply the rules in this order.")
    end = f"return {price}"
    if rng.random() < 0.45:
        floor = rng.choice((0, 5, 10))
        details.append(f"The {price} is never below {floor}.")
        end = rng.choice(
            (
                f"return max({floor}, {price})",
                f"if {price} < {floor}:\n    {price} = {floor}\nreturn {price}",
            )
        )
    body = "\n".join([*steps, end])
    reference = body.replace(f"{price} //= 2", f"{price} = {price} // 2").replace(
        f"{price} *= 2", f"{price} = {price} + {price}"
    )
    return Draft(
        kind="decisions",
        family="prices",
        name=rng.choice((f"{thing}_{price}", f"compute_{thing}_{price}", f"{price}_of_{thing}")),
        parameters=tuple(Parameter(fact.name, fact.annotation, "", fact.make) for fact in facts),
        returns="int",
        phrase=f"the {price} of {spoken}"
        + (f" for {joined([f'{{{fact.name}}}' for fact in facts])}" if rng.random() < 0.4 else ""),
        body=body,
        reference=reference,
        details=tuple(details),
    )
