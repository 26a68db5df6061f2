"""What becomes of the values of a pipeline: a sum, the largest, a dictionary …, in words and in code.

In code `{g}` stands for "value for x in xs if …", `{v}` for the value, within a loop.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.exercises.blocks import Type


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One way to end a pipeline."""

    takes: tuple[Type, ...]
    phrase: str
    """"the sum of {}"."""
    slug: str
    returns: str
    short: tuple[str, ...]
    """Bodies made of one expression."""
    start: str
    step: str
    end: str
    """The three parts of a body with a loop."""
    detail: str = ""
    imports: tuple[str, ...] = ()
    plain_only: bool = False
    """Whether it makes no sense behind a conversion: counting does not."""
    parameter: str = ""
    """A further parameter that the code uses."""


def _a(takes: str, phrase: str, slug: str, returns: str, short: str, loop: str, **more: object) -> Aggregation:
    kinds: tuple[Type, ...] = tuple(takes.split())  # type: ignore[assignment]
    start, step, end = (part.strip("\n") for part in loop.split("@@"))
    return Aggregation(kinds, phrase, slug, returns, tuple(each.strip("\n") for each in short.split("~~")), start, step, end, **more)  # type: ignore[arg-type]


_NONE = "If there are none, return None."

AGGREGATIONS: tuple[Aggregation, ...] = (
    _a("int", "the sum of {}", "sum", "int", "return sum({g})", "total = 0@@total += {v}@@return total"),
    _a("int", "the total of {}", "total", "int", "return sum([{g}])", "total = 0@@total = total + {v}@@return total"),
    _a("int str char", "the number of {}", "count", "int", "return len([{g}])~~return sum(1 for {loops})", "count = 0@@count += 1@@return count", plain_only=True),
    _a("int", "the product of {}", "product", "int", "return prod({g})~~result = 1\nfor factor in [{g}]:\n    result *= factor\nreturn result", "result = 1@@result *= {v}@@return result", imports=("from math import prod",), detail="The product of no numbers is 1."),
    _a("int", "the largest of {}", "largest", "int | None", "return max(({g}), default=None)~~values = [{g}]\nreturn max(values) if values else None~~values = [{g}]\nif not values:\n    return None\nreturn max(values)", "best = None@@if best is None or {v} > best:\n    best = {v}@@return best", detail=_NONE),
    _a("int", "the smallest of {}", "smallest", "int | None", "return min(({g}), default=None)~~values = sorted({g})\nreturn values[0] if values else None", "best = None@@if best is None or {v} < best:\n    best = {v}@@return best", detail=_NONE),
    _a("int", "the largest of {}", "max", "int", "return max(({g}), default=0)", "best = None@@if best is None or {v} > best:\n    best = {v}@@return 0 if best is None else best", detail="If there are none, the result is 0."),
    _a("int", "the difference between the largest and the smallest of {}", "spread", "int", "values = [{g}]\nreturn max(values) - min(values) if values else 0~~values = sorted({g})\nif not values:\n    return 0\nreturn values[-1] - values[0]", "low = high = None@@if low is None or {v} < low:\n    low = {v}\nif high is None or {v} > high:\n    high = {v}@@return 0 if low is None else high - low", detail="Without any, the difference is 0."),
    _a("int", "the average of {}", "average", "float | None", "values = [{g}]\nreturn sum(values) / len(values) if values else None~~values = [{g}]\nif not values:\n    return None\nreturn sum(values) / len(values)", "total = 0\ncount = 0@@total += {v}\ncount += 1@@if count == 0:\n    return None\nreturn total / count", detail=_NONE),
    _a("int", "the mean of {}, rounded to two decimals", "mean", "float", "values = [{g}]\nif not values:\n    return 0.0\nreturn round(sum(values) / len(values), 2)", "total = 0\ncount = 0@@total += {v}\ncount += 1@@return round(total / count, 2) if count else 0.0", detail="The mean of nothing is 0.0."),
    _a("int str char", "a list of {}", "list", "list", "return [{g}]", "result = []@@result.append({v})@@return result"),
    _a("int str", "a list of {}, in reverse order", "reversed", "list", "return [{g}][::-1]~~return list(reversed([{g}]))", "result = []@@result.insert(0, {v})@@return result"),
    _a("int str", "a list of {}, in ascending order", "sorted", "list", "return sorted({g})", "result = []@@result.append({v})@@result.sort()\nreturn result"),
    _a("int str", "a list of {}, in descending order", "descending", "list", "return sorted(({g}), reverse=True)", "result = []@@result.append({v})@@result.sort(reverse=True)\nreturn result"),
    _a("int str char", "a sorted list of the different values among {}", "distinct", "list", "return sorted({{g}})~~return sorted(set({g}))", "seen = set()@@seen.add({v})@@return sorted(seen)"),
    _a("int str char", "a list of {}, without repetitions and in the order of their first appearance", "unique", "list", "return list(dict.fromkeys({g}))", "result = []@@if {v} not in result:\n    result.append({v})@@return result"),
    _a("int str char", "the set of {}", "set", "set", "return {{g}}~~return set({g})", "result = set()@@result.add({v})@@return result"),
    _a("int str char", "the number of different values among {}", "count_distinct", "int", "return len({{g}})~~return len(set({g}))", "seen = set()\ncount = 0@@if {v} not in seen:\n    seen.add({v})\n    count += 1@@return count"),
    _a("int str char", "a dictionary that tells how often each value occurs among {}", "frequencies", "dict", "return dict(Counter({g}))", "counts = {}@@counts[{v}] = counts.get({v}, 0) + 1@@return counts", imports=("from collections import Counter",)),
    _a("int str char", "the first of {}", "first", "int | None", "return next(({g}), None)~~found = [{g}]\nreturn found[0] if found else None", "@@return {v}@@return None", detail=_NONE),
    _a("int str char", "the last of {}", "last", "int | None", "found = [{g}]\nreturn found[-1] if found else None", "last = None@@last = {v}@@return last", detail=_NONE),
    _a("int", "the list of running totals of {}", "running_totals", "list", "return list(accumulate({g}))", "totals = []\ntotal = 0@@total += {v}\ntotals.append(total)@@return totals", imports=("from itertools import accumulate",)),
    _a("int", "the list of running maxima of {}", "running_maxima", "list", "return list(accumulate(({g}), max))", "maxima = []@@maxima.append({v} if not maxima else max(maxima[-1], {v}))@@return maxima", imports=("from itertools import accumulate",)),
    _a("int", "the second largest of the different values among {}", "second_largest", "int | None", "values = sorted({{g}})\nreturn values[-2] if len(values) > 1 else None", "first = second = None@@if first is None or {v} > first:\n    first, second = {v}, first\nelif {v} != first and (second is None or {v} > second):\n    second = {v}@@return second", detail="Return None if there are fewer than two."),
    _a("int", "the median of {}", "median", "float | None", "values = sorted({g})\nif not values:\n    return None\nmiddle = len(values) // 2\nif len(values) % 2:\n    return values[middle]\nreturn (values[middle - 1] + values[middle]) / 2", "values = []@@values.append({v})@@if not values:\n    return None\nvalues.sort()\nmiddle = len(values) // 2\nif len(values) % 2 == 1:\n    return values[middle]\nreturn (values[middle - 1] + values[middle]) / 2", detail=_NONE),
    _a("int", "the {k} largest of {}, in descending order", "top", "list", "return sorted(({g}), reverse=True)[:k]~~return nlargest(k, ({g}))", "result = []@@result.append({v})@@result.sort(reverse=True)\nreturn result[:k]", imports=("from heapq import nlargest",), parameter="k", detail="If there are fewer than {k}, return all of them."),
    _a("int str char", "the most frequent value among {}", "most_frequent", "int | None", "counts = Counter({g})\nif not counts:\n    return None\nreturn min(counts, key=lambda value: (-counts[value], value))", "counts = {}@@counts[{v}] = counts.get({v}, 0) + 1@@if not counts:\n    return None\nmost = max(counts.values())\nreturn min(value for value in counts if counts[value] == most)", imports=("from collections import Counter",), detail="Among equally frequent ones choose the smallest, and return None if there are none."),
    _a("int", "whether the sum of {} is even", "sum_is_even", "bool", "return sum({g}) % 2 == 0", "total = 0@@total += {v}@@return total % 2 == 0"),
    _a("int", "whether the sum of {} exceeds {limit}", "sum_exceeds", "bool", "return sum({g}) > limit", "total = 0@@total += {v}@@return total > limit", parameter="limit"),
    _a("int", "whether {} never decrease", "never_decreasing", "bool", "values = [{g}]\nreturn values == sorted(values)~~values = [{g}]\nreturn all(a <= b for a, b in zip(values, values[1:]))", "previous = None@@if previous is not None and {v} < previous:\n    return False\nprevious = {v}@@return True"),
    _a("int str char", "whether {} are all different", "all_different", "bool", "values = [{g}]\nreturn len(set(values)) == len(values)", "seen = set()@@if {v} in seen:\n    return False\nseen.add({v})@@return True"),
    _a("int", "a string with {}, separated by commas", "joined", "str", 'return ",".join(str(each) for each in [{g}])', 'parts = []@@parts.append(str({v}))@@return ",".join(parts)'),
    _a("int", "the alternating sum of {}: the first minus the second plus the third and so on", "alternating_sum", "int", "values = [{g}]\nreturn sum(values[::2]) - sum(values[1::2])", "total = 0\nsign = 1@@total += sign * {v}\nsign = -sign@@return total"),
    _a("int", "the sum of the products of {} with their positions, counted from 1", "weighted_sum", "int", "return sum(position * each for position, each in enumerate([{g}], 1))", "total = 0\nposition = 0@@position += 1\ntotal += position * {v}@@return total"),
    _a("str", "the longest of {}", "longest", "str | None", "return max(({g}), key=len, default=None)", "best = None@@if best is None or len({v}) > len(best):\n    best = {v}@@return best", detail="Of several equally long ones take the first; return None if there are none."),
    _a("str", "the shortest of {}", "shortest", "str | None", "return min(({g}), key=len, default=None)", "best = None@@if best is None or len({v}) < len(best):\n    best = {v}@@return best", detail="In a tie the first one wins. Return None if there are none."),
    _a("str", "the alphabetically first of {}", "alphabetically_first", "str | None", "return min(({g}), default=None)", "best = None@@if best is None or {v} < best:\n    best = {v}@@return best", detail=_NONE),
    _a("str", "the total length of {}", "total_length", "int", "return sum(len(each) for each in [{g}])", "total = 0@@total += len({v})@@return total"),
    _a("str", "a string of {}, joined with spaces", "joined", "str", 'return " ".join({g})', 'parts = []@@parts.append({v})@@return " ".join(parts)'),
    _a("str", "a string of {}, each followed by a comma and a space except the last", "comma_joined", "str", 'return ", ".join([{g}])', 'result = ""@@if result:\n    result += ", "\nresult += {v}@@return result'),
    _a("str", "a string of {}, joined with {separator}", "joined", "str", "return separator.join({g})", "parts = []@@parts.append({v})@@return separator.join(parts)", parameter="separator"),
    _a("str", "a list of {}, sorted by length", "by_length", "list", "return sorted(({g}), key=len)", "result = []@@result.append({v})@@result.sort(key=len)\nreturn result", detail="Those of equal length keep their order."),
    _a("str", "a list of {}, longest first and those of equal length in alphabetical order", "longest_first", "list", "return sorted(({g}), key=lambda each: (-len(each), each))", "result = []@@result.append({v})@@result.sort(key=lambda each: (-len(each), each))\nreturn result"),
    _a("str char", "a string made of {}", "text", "str", 'return "".join({g})', 'result = ""@@result += {v}@@return result'),
    _a("str char", "a string made of {}, in reverse order", "backwards", "str", 'return "".join([{g}][::-1])', 'result = ""@@result = {v} + result@@return result'),
    _a("str", "a numbered list of {}, as strings such as \"1. apple\"", "numbered", "list", 'return [f"{number}. {each}" for number, each in enumerate([{g}], 1)]', 'result = []\nnumber = 0@@number += 1\nresult.append(str(number) + ". " + {v})@@return result'),
    _a("str", "a dictionary that groups {} by their first letters", "by_initial", "dict", "groups = {}\nfor each in [{g}]:\n    groups.setdefault(each[:1], []).append(each)\nreturn groups", "groups = {}@@if {v}[:1] not in groups:\n    groups[{v}[:1]] = []\ngroups[{v}[:1]].append({v})@@return groups"),
    _a("str", "a dictionary that groups {} by their lengths", "by_length", "dict", "groups = defaultdict(list)\nfor each in [{g}]:\n    groups[len(each)].append(each)\nreturn dict(groups)", "groups = {}@@groups.setdefault(len({v}), []).append({v})@@return groups", imports=("from collections import defaultdict",)),
    _a("int", "a dictionary that groups {} into lists under the keys \"even\" and \"odd\"", "by_parity", "dict", 'groups = {"even": [], "odd": []}\nfor each in [{g}]:\n    groups["even" if each % 2 == 0 else "odd"].append(each)\nreturn groups', 'groups = {"even": [], "odd": []}@@if {v} % 2 == 0:\n    groups["even"].append({v})\nelse:\n    groups["odd"].append({v})@@return groups'),
    _a("int", "a tuple with the smallest and the largest of {}", "extremes", "tuple | None", "values = [{g}]\nreturn (min(values), max(values)) if values else None", "values = []@@values.append({v})@@if not values:\n    return None\nreturn min(values), max(values)", detail=_NONE),
    _a("int", "a tuple with the number of {} and their sum", "count_and_sum", "tuple", "values = [{g}]\nreturn len(values), sum(values)", "count = 0\ntotal = 0@@count += 1\ntotal += {v}@@return count, total", plain_only=True),
)
