from training.evaluate.reasons import silent_reasons


def test_silent_reasons() -> None:
    reasons = [
        "suppressed: undefined name 'a'",
        "8 candidates suppressed, 3 of them: undefined name 'b'",
        "suppressed: syntax error: invalid syntax",
        "suppressed: DuplicateArgument a",
        "suppressed: DuplicateArgument b",
        "",
        "cancelled",
        "not sure enough (40%, wanted 50%)",
    ]
    assert silent_reasons(reasons) == {
        "undefined name": 2,
        "DuplicateArgument": 2,
        "syntax error": 1,
        "cancelled": 1,
        "not sure enough": 1,
    }


def test_no_reasons() -> None:
    assert silent_reasons([]) == {}
