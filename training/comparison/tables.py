"""A comparison as Markdown: the tables of `docs/reproduction.md`."""

from collections.abc import Iterator, Sequence

from training.comparison.best import Difference
from training.comparison.plan import ARMS
from training.comparison.qualities import HEADS, QUALITIES
from training.comparison.results import Comparison, Measured, Tuned
from training.evaluate.bootstrap import Interval
from training.evaluate.code.passk import Estimate

_TITLES = {arm.name: arm.title for arm in ARMS}
_BENCHMARKS = {"humaneval": "HumanEval", "mbpp": "MBPP"}


def markdown(comparison: Comparison) -> str:
    """All tables, each under its heading. Shares are in percent."""
    ks = comparison.settings["ks"]
    parts = ["### Tuning", _table(_TUNED, [_tuned(one) for one in comparison.tuned])]
    for measured in comparison.measured:
        name = f"{_BENCHMARKS[measured.benchmark]}, {measured.problems} problems"
        parts += [f"### {name}, {measured.samples} samples", _passes(measured, ks)]
        parts += [*_nothing_passed(measured)]
        parts += ["Differences, in points, on the same problems:", _differences(measured, ks)]
        parts += ["With every setting of the sweep:", _samples(measured, ks)]
        parts += ["Differences of these, in points, both with the same setting:"]
        parts += [_quality_differences(measured)]
    return "\n\n".join(parts) + "\n"


_TUNED = ("arm", "examples", "rows", "tokens", "of answers", "seen", "epochs", "last loss")


def _tuned(one: Tuned) -> tuple[str, ...]:
    counts = (one.examples, one.rows, one.tokens, one.targets, one.seen)
    return (
        _TITLES[one.arm],
        *(f"{count:,}" for count in counts),
        f"{one.epochs:.2f}",
        f"{one.loss:.3f}",
    )


def _passes(measured: Measured, ks: Sequence[int]) -> str:
    heads = ["arm", *(f"pass@{k}" for k in ks), *(f"tokens for {k}" for k in ks)]
    rows = []
    for arm, title in _TITLES.items():
        points = [measured.point(arm, k) for k in ks]
        passes = (
            f"{_percent(point.best.estimate.value)} ({_interval(point.best.estimate.interval)};"
            f" {point.best.setting})"
            for point in points
        )
        rows.append((title, *passes, *(f"{point.tokens:,.0f}" for point in points)))
    return _table(heads, rows)


def _differences(measured: Measured, ks: Sequence[int]) -> str:
    rows = [
        (_less(names), *(_difference(by[str(k)]) for k in ks))
        for names, by in measured.differences.items()
    ]
    return _table(["", *(f"pass@{k}" for k in ks)], rows)


def _nothing_passed(measured: Measured) -> Iterator[str]:
    """What can be said of the arms that solved nothing: a bootstrap of zeros has no width.

    Source: Clopper and Pearson 1934, the one-sided limit for no success in n.
    """
    samples = measured.samples
    points = {title: measured.point(arm, samples) for arm, title in _TITLES.items()}
    arms = ", ".join(title for title, point in points.items() if not point.best.estimate.value)
    if arms:
        most = 1 - 0.05 ** (1 / measured.problems)
        yield (
            f"No sample of {arms} passed: with 95 % confidence at most {100 * most:.1f} % of such "
            f"problems are solved by one of {samples} samples."
        )


def _quality_differences(measured: Measured) -> str:
    rows = [
        (_less(names), setting, *(_difference(by_name[name]) for name in QUALITIES))
        for names, by_setting in measured.quality_differences.items()
        for setting, by_name in by_setting.items()
    ]
    return _table(["", "setting", *HEADS.values()], rows)


def _samples(measured: Measured, ks: Sequence[int]) -> str:
    heads = ["arm", "setting", *(f"pass@{k}" for k in ks), *HEADS.values()]
    heads += ["ended", "programs", "tokens", "tokens a problem"]
    rows = []
    for row in measured.rows:
        figures = row.figures
        rows.append(
            (
                *(_TITLES[row.arm], row.setting),
                *(_percent(row.pass_at_k[str(k)]) for k in ks),
                *(_estimate(row.qualities[name]) for name in QUALITIES),
                *(_percent(figures["finished"]), f"{figures['distinct']:.1f}"),
                *(f"{figures['tokens']:.0f}", f"{figures['tokens_per_problem']:,.0f}"),
            )
        )
    return _table(heads, rows)


def _less(names: str) -> str:
    return " less ".join(_TITLES[name] for name in names.split(" - "))


def _difference(one: Difference | Estimate) -> str:
    return f"{100 * one.value:+.2f} ({_interval(one.interval)})"


def _estimate(one: Estimate) -> str:
    return f"{_percent(one.value)} ({_interval(one.interval)})"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


def _interval(interval: Interval) -> str:
    return f"{100 * interval.low:.2f} to {100 * interval.high:.2f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines([heads, ["---"] * len(heads), *rows]))


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |"
