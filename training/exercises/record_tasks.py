"""What can be done with a list of records, in words and in code.

In words `{items}` stands for "the orders in {orders} that are paid". In code `@many` is the list, `@r` a
record, `@V` its number, `@L` its label, `@N` its name, `@if` a condition behind a comprehension; lines
that begin with `?` are done under the condition. Bodies that mean the same are parted by `~~`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordTask:
    """One thing to do."""

    slug: str
    returns: str
    phrase: str
    bodies: tuple[str, ...]
    detail: str = ""


def _tasks(text: str) -> tuple[RecordTask, ...]:
    return tuple(_task(block) for block in text.strip("\n").split("\n\n"))


def _task(block: str) -> RecordTask:
    head, phrase, *lines = block.split("\n")
    slug, returns = head.split(" -> ")
    detail = ""
    if lines[0].startswith("+ "):
        detail = lines.pop(0)[2:]
    bodies = tuple(each.strip("\n") for each in "\n".join(lines).split("~~"))
    return RecordTask(slug, returns, phrase, bodies, detail)


TASKS = _tasks("""
total_<V> -> int
the total <V> of {items}
return sum(@V for @r in @many@if)
~~
total = 0
for @r in @many:
?    total += @V
return total

average_<V> -> float
the average <V> of {items}, rounded to two decimals
+ Without any, the average is 0.0.
values = [@V for @r in @many@if]
if not values:
    return 0.0
return round(sum(values) / len(values), 2)
~~
total = count = 0
for @r in @many:
?    total += @V
?    count += 1
return round(total / count, 2) if count else 0.0

largest_<V> -> int | None
the largest <V> among {items}
+ Return None if there are none.
return max((@V for @r in @many@if), default=None)
~~
best = None
for @r in @many:
?    if best is None or @V > best:
?        best = @V
return best

<N>_with_largest_<V> -> str | None
the <N> of the <one> with the largest <V> among {items}
+ In a tie the first one wins; return None if there are none.
best = None
for @r in @many:
?    if best is None or @V > @V:best:
?        best = @r
return None if best is None else @N:best
~~
chosen = [@r for @r in @many@if]
if not chosen:
    return None
return max(chosen, key=lambda @r: @V)[@Nkey]

<Ns>_by_<V> -> list[str]
the <Ns> of {items}, ordered by <V>, smallest first
chosen = [@r for @r in @many@if]
chosen.sort(key=lambda @r: @V)
return [@N for @r in chosen]
~~
return [@N for @r in sorted(@many, key=lambda @r: @V)@if]

top_<many>_by_<V> -> list[str]
the <Ns> of {items}, those with the largest <V> first and equal ones in alphabetical order
chosen = [@r for @r in @many@if]
chosen.sort(key=lambda @r: (-@V, @N))
return [@N for @r in chosen]
~~
pairs = []
for @r in @many:
?    pairs.append((-@V, @N))
return [name for _, name in sorted(pairs)]

total_<V>_by_<L> -> dict[str, int]
a dictionary that maps each <L> to the total <V> of its <many>, considering {items}
totals = {}
for @r in @many:
?    totals[@L] = totals.get(@L, 0) + @V
return totals
~~
totals = defaultdict(int)
for @r in @many:
?    totals[@L] += @V
return dict(totals)

count_by_<L> -> dict[str, int]
a dictionary that tells for each <L> how many of {items} have it
counts = {}
for @r in @many:
?    counts[@L] = counts.get(@L, 0) + 1
return counts
~~
return dict(Counter(@L for @r in @many@if))
~~
counts = {}
for @r in @many:
?    if @L not in counts:
?        counts[@L] = 0
?    counts[@L] += 1
return counts

<Ns>_by_<L> -> dict[str, list[str]]
a dictionary that maps each <L> to the list of the <Ns> of its <many>, considering {items}
groups = {}
for @r in @many:
?    groups.setdefault(@L, []).append(@N)
return groups
~~
groups = defaultdict(list)
for @r in @many:
?    groups[@L].append(@N)
return dict(groups)

largest_<V>_by_<L> -> dict[str, int]
a dictionary that maps each <L> to the largest <V> among {items} that have it
best = {}
for @r in @many:
?    if @L not in best or @V > best[@L]:
?        best[@L] = @V
return best
~~
groups = {}
for @r in @many:
?    groups.setdefault(@L, []).append(@V)
return {label: max(values) for label, values in groups.items()}

average_<V>_by_<L> -> dict[str, float]
a dictionary that maps each <L> to the average <V> of its <many>, considering {items}
groups = {}
for @r in @many:
?    groups.setdefault(@L, []).append(@V)
return {label: sum(values) / len(values) for label, values in groups.items()}
~~
totals = {}
counts = {}
for @r in @many:
?    totals[@L] = totals.get(@L, 0) + @V
?    counts[@L] = counts.get(@L, 0) + 1
return {label: totals[label] / counts[label] for label in totals}

<L>_with_largest_total_<V> -> str | None
the <L> with the largest total <V>, considering {items}
+ Among equal totals choose the alphabetically first, and return None if there are none.
totals = {}
for @r in @many:
?    totals[@L] = totals.get(@L, 0) + @V
if not totals:
    return None
return min(totals, key=lambda label: (-totals[label], label))
~~
totals = {}
for @r in @many:
?    totals[@L] = totals.get(@L, 0) + @V
best = None
for label in sorted(totals):
    if best is None or totals[label] > totals[best]:
        best = label
return best

<Ls> -> list[str]
a sorted list of the different values of "<Lkey>" in {items}
return sorted({@L for @r in @many@if})
~~
found = []
for @r in @many:
?    if @L not in found:
?        found.append(@L)
return sorted(found)

<N>_list -> list[str]
a list of the <Ns> of {items}
return [@N for @r in @many@if]
~~
result = []
for @r in @many:
?    result.append(@N)
return result

<N>_and_<V>_lines -> str
a text with one line for each of {items}, made of its <N>, a colon, a space and its <V>
return "\\n".join(f"{@N'}: {@V'}" for @r in @many@if)
~~
lines = []
for @r in @many:
?    lines.append(f"{@N'}: {@V'}")
return "\\n".join(lines)
~~
lines = []
for @r in @many:
?    lines.append(str(@N) + ": " + str(@V))
return "\\n".join(lines)

<V>_by_<N> -> dict[str, int]
a dictionary that maps the <N> of each of {items} to its <V>
+ If a <N> comes more than once, the last one counts.
return {@N: @V for @r in @many@if}
~~
result = {}
for @r in @many:
?    result[@N] = @V
return result

without_<Vkey> -> list[dict]
a list of copies of {items}, each without the key "<Vkey>"
return [{key: value for key, value in @r.items() if key != "<Vkey>"} for @r in @many@if]
~~
result = []
for @r in @many:
?    copy = dict(@r)
?    del copy["<Vkey>"]
?    result.append(copy)
return result

raise_<Vkey> -> list[dict]
a list of copies of {items}, each with its <V> increased by {amount}
return [{**@r, "<Vkey>": @V + amount} for @r in @many@if]
~~
result = []
for @r in @many:
?    copy = dict(@r)
?    copy["<Vkey>"] += amount
?    result.append(copy)
return result

first_<N> -> str | None
the <N> of the first of {items}
+ Return None if there is none.
for @r in @many:
?    return @N
return None
~~
return next((@N for @r in @many@if), None)

range_of_<V> -> tuple[int, int] | None
the smallest and the largest <V> of {items}, as a tuple
+ Return None if there are none.
values = [@V for @r in @many@if]
return (min(values), max(values)) if values else None
~~
low = high = None
for @r in @many:
?    if low is None or @V < low:
?        low = @V
?    if high is None or @V > high:
?        high = @V
return None if low is None else (low, high)

count_pairs_of_<Lkey>_and_<Vkey> -> int
how many different combinations of <L> and <V> occur in {items}
return len({(@L, @V) for @r in @many@if})
~~
seen = set()
for @r in @many:
?    seen.add((@L, @V))
return len(seen)

sorted_by_<Lkey>_and_<Vkey> -> list[tuple[str, int]]
the (<L>, <V>) tuples of {items}, ordered by <L> and within one <L> by decreasing <V>
return sorted(((@L, @V) for @r in @many@if), key=lambda pair: (pair[0], -pair[1]))
~~
pairs = []
for @r in @many:
?    pairs.append((@L, @V))
pairs.sort(key=lambda pair: pair[1], reverse=True)
pairs.sort(key=lambda pair: pair[0])
return pairs

enough_<V> -> bool
whether the total <V> of {items} reaches {amount}
return sum(@V for @r in @many@if) >= amount
~~
total = 0
for @r in @many:
?    total += @V
?    if total >= amount:
?        return True
return total >= amount

<Ls>_above_<V> -> list[str]
a sorted list of the <L> values whose <many> have more than {amount} as their total <V>, considering {items}
totals = {}
for @r in @many:
?    totals[@L] = totals.get(@L, 0) + @V
return sorted(label for label, total in totals.items() if total > amount)
~~
totals = defaultdict(int)
for @r in @many:
?    totals[@L] += @V
result = []
for label in sorted(totals):
    if totals[label] > amount:
        result.append(label)
return result

longest_run_of_<many> -> int
the length of the longest run of consecutive entries of {many} that all belong to {items}
best = current = 0
for @r in @many:
    if @C:
        current += 1
        best = max(best, current)
    else:
        current = 0
return best
~~
runs = [0]
for @r in @many:
    if @C:
        runs[-1] += 1
    else:
        runs.append(0)
return max(runs)

split_<many> -> tuple[list[str], list[str]]
a tuple of two lists of <Ns>: first those of {items}, then those of all other entries
matching = []
others = []
for @r in @many:
    if @C:
        matching.append(@N)
    else:
        others.append(@N)
return matching, others
~~
matching = [@N for @r in @many if @C]
others = [@N for @r in @many if not (@C)]
return matching, others

share_of_<many> -> float
the share of {items} among all entries of {many}, as a number between 0 and 1
+ The share is 0.0 if {many} is empty.
if not @many:
    return 0.0
return sum(1 for @r in @many if @C) / len(@many)
~~
count = 0
for @r in @many:
    if @C:
        count += 1
return count / len(@many) if @many else 0.0
""")
