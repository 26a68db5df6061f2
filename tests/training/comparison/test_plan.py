"""The commands of a comparison: what each arm has in common, and in what they differ."""

import dataclasses
from pathlib import Path

import pytest

from training.comparison.plan import Plan, Setting, parse_setting, stages

PLAN = Plan(
    base=Path("base"),
    pairs=Path("pairs.jsonl"),
    folder=Path("out"),
    humaneval=Path("humaneval.jsonl"),
    mbpp=Path("mbpp.jsonl"),
    steps=7,
    settings=(Setting(0.5), Setting(1.0, 1.0, 0.1)),
    overrides=("batch_rows=32",),
)


def commands(plan: Plan, name: str) -> list[tuple[str, ...]]:
    return [stage.words for stage in stages(plan) if stage.words[0] == name]


def option(words: tuple[str, ...], name: str) -> str:
    return words[words.index(name) + 1]


def test_arms_differ_in_their_data_alone() -> None:
    tunings = commands(PLAN, "finetune")
    assert len(tunings) == 3
    plain = {
        tuple(
            word for word in words if word not in (option(words, "--run"), option(words, "--rows"))
        )
        for words in tunings
    }
    assert plain == {
        ("finetune", "base", "--run", "--rows", "--steps", "7", "--set", "batch_rows=32")
    }


def test_five_sequences_of_each_program_and_whole_programs_once() -> None:
    packed = commands(PLAN, "examples")
    pairs = [(option(words, "--method"), option(words, "--samples")) for words in packed]
    assert pairs == [("whole", "1"), ("lintseq", "5"), ("random", "5")]
    assert {option(words, "--loss") for words in packed} == {"answer"}


def test_every_arm_is_asked_with_every_setting() -> None:
    asked = commands(PLAN, "evaluate")
    assert len(asked) == 2 * 2 * 3
    assert len({option(words, "--run") for words in asked}) == len(asked)
    formats = {(option(words, "--run").split("/")[1], option(words, "--format")) for words in asked}
    assert formats == {("whole", "whole"), ("lintseq", "edits"), ("random", "edits")}
    assert {option(words, "--model").rsplit("/")[-1] for words in asked} == {"model-f16.gguf"}


def test_a_smaller_type_is_made_of_the_exported_file() -> None:
    plan = dataclasses.replace(PLAN, quantization="Q8_0")
    made = [(words[1], words[2]) for words in commands(plan, "quantize")]
    assert made[0] == ("out/whole/model-f16.gguf", "out/whole/model-q8_0.gguf")
    assert len(made) == 3
    asked = {option(words, "--model").rsplit("/")[-1] for words in commands(plan, "evaluate")}
    assert asked == {"model-q8_0.gguf"}


def test_each_benchmark_has_its_own_number_of_problems() -> None:
    plan = dataclasses.replace(PLAN, problems={"mbpp": 3})
    counts = {
        words[1]: option(words, "--problems") if "--problems" in words else "all"
        for words in commands(plan, "evaluate")
    }
    assert counts == {"humaneval": "all", "mbpp": "3"}


def test_on_a_gpu_nothing_is_exported() -> None:
    plan = dataclasses.replace(PLAN, device="cuda")
    assert not commands(plan, "export")
    assert {option(words, "--device") for words in commands(plan, "evaluate")} == {"cuda"}
    assert option(commands(plan, "evaluate")[0], "--model") == "out/whole/run/checkpoint"


def test_a_published_model_brings_its_tokenizer() -> None:
    plan = dataclasses.replace(PLAN, is_published=True)
    (words,) = commands(plan, "tokenizer")
    assert option(words, "--from") == "base"
    assert option(words, "--output") == option(commands(plan, "examples")[0], "--tokenizer")
    assert option(commands(plan, "finetune")[0], "--from") == "base"


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("0.8", Setting(0.8)),
        ("1:1", Setting(1.0, 1.0)),
        ("1.2:0.9:0.05", Setting(1.2, 0.9, 0.05)),
    ],
)
def test_settings(text: str, setting: Setting) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize("text", ["", "hot", "0", "0.8:0", "0.8:1.5", "1:1:2", "1:1:0:0"])
def test_settings_that_draw_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="got"):
        parse_setting(text)


def test_names_of_settings_differ() -> None:
    settings = [Setting(0.8), Setting(0.8, 1.0), Setting(0.8, 0.95, 0.1), Setting(0.4)]
    assert len({setting.name for setting in settings}) == len(settings)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ks": (1, 60)}, "1 <= k <= 50"),
        ({"ks": ()}, "1 <= k"),
        ({"settings": ()}, "settings that differ"),
        ({"settings": (Setting(0.5), Setting(0.5))}, "settings that differ"),
        ({"steps": 0}, ">= 1"),
        ({"problems": {"mbpp": 0}}, ">= 1"),
    ],
)
def test_plans_that_make_no_sense_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(PLAN, **changes)  # type: ignore[arg-type]
