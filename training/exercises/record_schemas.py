"""Records as lists of dictionaries hold them: orders, students, songs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from training.exercises.words import ANIMALS, CITIES, COLORS, FIRST_NAMES, PRODUCTS


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record."""

    key: str
    spoken: str
    """"unit price"."""
    values: tuple[Any, ...]
    """Labels, or the smallest and the largest number; empty for truth values."""
    yes: str = ""
    """Of a truth value: "that are paid"."""
    no: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A kind of record."""

    one: str
    many: str
    name: Field
    """What tells records apart."""
    labels: tuple[Field, ...]
    numbers: tuple[Field, ...]
    flags: tuple[Field, ...]

    def draw(self, rng: random.Random, keys: frozenset[str]) -> list[dict[str, Any]]:
        """Return some records with these keys."""
        fields = [each for each in self.fields if each.key in keys]
        return [{each.key: _value(each, rng) for each in fields} for _ in range(rng.randint(0, 4))]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of them, the name first."""
        return (self.name, *self.labels, *self.numbers, *self.flags)


def _value(field: Field, rng: random.Random) -> Any:
    if not field.values:
        return rng.random() < 0.5
    if isinstance(field.values[0], int):
        return rng.randint(field.values[0], field.values[1])
    return rng.choice(field.values)


_NAME = Field("name", "name", FIRST_NAMES)


def _label(key: str, values: str, spoken: str = "") -> Field:
    return Field(key, spoken or key.replace("_", " "), tuple(values.split()))


def _number(key: str, low: int, high: int, spoken: str = "") -> Field:
    return Field(key, spoken or key.replace("_", " "), (low, high))


def _flag(key: str, yes: str, no: str) -> Field:
    return Field(key, key, (), yes, no)


SCHEMAS: tuple[Schema, ...] = (
    Schema(
        "student",
        "students",
        _NAME,
        (_label("course", "art math music physics"), Field("city", "city", CITIES)),
        (_number("score", 0, 100), _number("age", 15, 30)),
        (_flag("passed", "who passed", "who did not pass"),),
    ),
    Schema(
        "order",
        "orders",
        Field("customer", "customer", FIRST_NAMES),
        (Field("product", "product", PRODUCTS), _label("status", "open shipped returned")),
        (_number("quantity", 1, 9), _number("price", 2, 80)),
        (_flag("paid", "that are paid", "that are not paid"),),
    ),
    Schema(
        "employee",
        "employees",
        _NAME,
        (_label("department", "sales legal support research"), Field("city", "city", CITIES)),
        (_number("salary", 20, 90), _number("years", 0, 30, "number of years")),
        (_flag("remote", "who work remotely", "who do not work remotely"),),
    ),
    Schema(
        "book",
        "books",
        _label("title", "Dune Emma Ulysses Beloved Walden Ivanhoe"),
        (_label("genre", "novel essay poetry drama"), Field("author", "author", FIRST_NAMES)),
        (_number("pages", 80, 900, "number of pages"), _number("year", 1900, 2024)),
        (_flag("available", "that are available", "that are not available"),),
    ),
    Schema(
        "song",
        "songs",
        _label("title", "Skyline Echo Harbor Velvet Runaway Ember"),
        (_label("genre", "rock jazz folk pop"), Field("artist", "artist", FIRST_NAMES)),
        (
            _number("seconds", 90, 400, "length in seconds"),
            _number("plays", 0, 500, "number of plays"),
        ),
        (_flag("favorite", "that are favorites", "that are no favorites"),),
    ),
    Schema(
        "product",
        "products",
        Field("name", "name", PRODUCTS),
        (_label("category", "office kitchen garden toys"), Field("color", "color", COLORS)),
        (_number("price", 1, 99), _number("stock", 0, 40)),
        (_flag("discontinued", "that are discontinued", "that are not discontinued"),),
    ),
    Schema(
        "city",
        "cities",
        Field("name", "name", CITIES),
        (_label("country", "Norway Peru Egypt Japan"), _label("climate", "dry mild humid cold")),
        (_number("population", 50, 9000), _number("area", 10, 500)),
        (_flag("coastal", "that lie on the coast", "that do not lie on the coast"),),
    ),
    Schema(
        "animal",
        "animals",
        Field("name", "name", FIRST_NAMES),
        (Field("species", "species", ANIMALS), _label("zone", "north south east west")),
        (_number("age", 1, 20), _number("weight", 1, 300)),
        (_flag("vaccinated", "that are vaccinated", "that are not vaccinated"),),
    ),
    Schema(
        "flight",
        "flights",
        _label("number", "LX12 BA7 QF1 AF90 KL33"),
        (Field("origin", "origin", CITIES), Field("destination", "destination", CITIES)),
        (
            _number("passengers", 20, 300, "number of passengers"),
            _number("delay", 0, 120, "delay in minutes"),
        ),
        (_flag("cancelled", "that are cancelled", "that are not cancelled"),),
    ),
    Schema(
        "task",
        "tasks",
        _label("title", "plan build test deploy review document"),
        (Field("owner", "owner", FIRST_NAMES), _label("project", "alpha beta gamma")),
        (_number("priority", 1, 5), _number("hours", 1, 40, "number of hours")),
        (_flag("done", "that are done", "that are not done"),),
    ),
    Schema(
        "reading",
        "readings",
        _label("sensor", "s1 s2 s3 s4"),
        (Field("place", "place", CITIES), _label("unit", "C F K")),
        (_number("value", -20, 90), _number("hour", 0, 23)),
        (_flag("valid", "that are valid", "that are not valid"),),
    ),
    Schema(
        "match",
        "matches",
        _label("home", "Reds Blues Lions Hawks Owls", "home team"),
        (
            _label("away", "Bears Foxes Wolves Eagles", "away team"),
            _label("stage", "group semifinal final"),
        ),
        (
            _number("home_goals", 0, 6, "number of home goals"),
            _number("away_goals", 0, 6, "number of away goals"),
        ),
        (_flag("extra_time", "that went into extra time", "that ended in normal time"),),
    ),
    Schema(
        "message",
        "messages",
        Field("sender", "sender", FIRST_NAMES),
        (Field("receiver", "receiver", FIRST_NAMES), _label("channel", "email chat phone")),
        (_number("length", 1, 200), _number("replies", 0, 9, "number of replies")),
        (_flag("read", "that were read", "that were not read"),),
    ),
    Schema(
        "car",
        "cars",
        _label("model", "Comet Falcon Pioneer Ranger Swift"),
        (Field("color", "color", COLORS), _label("fuel", "petrol diesel electric")),
        (_number("mileage", 0, 200), _number("seats", 2, 7, "number of seats")),
        (_flag("sold", "that are sold", "that are not sold"),),
    ),
)
