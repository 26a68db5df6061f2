import pytest

from server.options import Options, parse_options


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, Options()),
        ({}, Options()),
        ({"enabled": False}, Options(enabled=False)),
        ({"eagerness": "manual"}, Options(eagerness="manual")),
        ({"model": "~/m.gguf"}, Options(model="~/m.gguf")),
        ({"model": None}, Options()),
        ({"max_lines": 1, "threads": 2}, Options(max_lines=1, threads=2)),
        ({"exclude": ["*.secret"]}, Options(exclude=("*.secret",))),
    ],
)
def test_right_options_are_taken(raw: object, expected: Options) -> None:
    assert parse_options(raw) == (expected, ())


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("enabled", "no", "true or false"),
        ("enabled", 1, "true or false"),
        ("eagerness", "maximal", '"manual", "low", "normal", "high"'),
        ("eagerness", 3, '"manual", "low", "normal", "high"'),
        ("model", 7, "path of a GGUF file"),
        ("max_lines", "3", "from 1 to 20"),
        ("max_lines", 0, "from 1 to 20"),
        ("max_lines", True, "from 1 to 20"),
        ("threads", 0, "from 1 to 256"),
        ("exclude", ".env", "list of patterns"),
        ("exclude", [1], "list of patterns"),
        ("eagernes", "low", "unknown option, allowed are enabled, eagerness"),
    ],
)
def test_wrong_options_are_named_and_the_rest_still_counts(
    key: str, value: object, allowed: str
) -> None:
    other = {"max_lines": 2} if key != "max_lines" else {"enabled": False}
    options, problems = parse_options({key: value} | other)
    assert options == Options(**other)
    (problem,) = problems
    assert problem.startswith(f"{key}: ")
    assert allowed in problem


def test_options_of_no_object_are_a_problem() -> None:
    options, (problem,) = parse_options(["enabled"])
    assert options == Options()
    assert "allowed is an object" in problem


@pytest.mark.parametrize(
    ("path", "is_excluded"),
    [
        ("/home/ada/.env", True),
        ("/home/ada/.env.local", True),
        ("/home/ada/server.pem", True),
        ("/home/ada/secrets/x.py", True),
        ("/home/ada/environment.py", False),
        ("/home/ada/secrets.py", False),
    ],
)
def test_files_that_hold_secrets_are_excluded_by_default(path: str, is_excluded: bool) -> None:
    assert Options().excludes(path) is is_excluded
