"""Building blocks: conditions and conversions of single values, in words and in code.

A table has one block a line, its parts between bars. `$k:2-9` draws a whole number, `$c:aeo` a letter and
`$w:pre,un` a word; `$k` repeats what was drawn. `@limit` in words and code is a further parameter.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Type = Literal["int", "str", "char", "digit"]

_DRAWN = re.compile(r"\$(\w)(?::(\w[\w.-]*(?:,\w+)*|-_))?")


@dataclass(frozen=True, slots=True)
class Condition:
    """What may hold for a value `{x}`."""

    clause: str
    """"is even": behind "a number that"."""
    code: str
    slug: str
    """For names of functions: "even"."""
    helper: str = ""
    """A definition that the code calls."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a value `{x}` may become."""

    many: str
    """"the squares of {}": around the values in the plural."""
    code: str
    slug: str
    """For names of functions: "squares"."""
    gives: Type
    helper: str = ""


def fill(text: str, rng: random.Random) -> str:
    """Return the text with what is to be drawn drawn."""
    drawn: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        name, options = match[1], match[2]
        if options:
            drawn[name] = _draw(options, rng)
        return drawn[name]

    return _DRAWN.sub(value, text)


def _draw(options: str, rng: random.Random) -> str:
    if span := re.fullmatch(r"(\d+)-(\d+)", options):
        return str(rng.randint(int(span[1]), int(span[2])))
    return rng.choice(options.split(",") if "," in options else list(options))


def condition(kind: Type, rng: random.Random) -> Condition:
    """Return a condition on a value of a type."""
    clause, code, slug, *helper = _parts(rng.choice(_CONDITIONS[kind]), rng)
    return Condition(clause, code, slug, HELPERS[helper[0]] if helper else "")


def conversion(kind: Type, rng: random.Random) -> Conversion:
    """Return a conversion of a value of a type."""
    many, code, slug, gives, *helper = _parts(rng.choice(_CONVERSIONS[kind]), rng)
    is_known: Type = "int" if gives == "int" else "str"
    return Conversion(many, code, slug, is_known, HELPERS[helper[0]] if helper else "")


def _parts(line: str, rng: random.Random) -> list[str]:
    return [part.strip() for part in fill(line, rng).split("|")]


def _rows(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.strip().split("\n") if line.strip())


HELPERS: Mapping[str, str] = {
    "is_prime": """
def is_prime(n):
    if n < 2:
        return False
    for divisor in range(2, int(n**0.5) + 1):
        if n % divisor == 0:
            return False
    return True
""",
    "digit_sum": """
def digit_sum(n):
    total = 0
    n = abs(n)
    while n > 0:
        total += n % 10
        n //= 10
    return total
""",
    "is_palindrome": """
def is_palindrome(text):
    return text == text[::-1]
""",
    "count_vowels": """
def count_vowels(text):
    return sum(1 for char in text.lower() if char in "aeiou")
""",
    "reverse_digits": """
def reverse_digits(n):
    sign = -1 if n < 0 else 1
    return sign * int(str(abs(n))[::-1])
""",
    "count_divisors": """
def count_divisors(n):
    return sum(1 for d in range(1, n + 1) if n % d == 0)
""",
    "clamp": """
def clamp(value, low, high):
    return max(low, min(value, high))
""",
    "has_double_letter": """
def has_double_letter(text):
    for a, b in zip(text, text[1:]):
        if a == b:
            return True
    return False
""",
    "is_sorted": """
def is_sorted(text):
    return list(text) == sorted(text)
""",
    "collatz": """
def collatz_length(n):
    steps = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
""",
    "letter_value": """
def letter_value(char):
    if char.isalpha():
        return ord(char.lower()) - ord("a") + 1
    return 0
""",
}

_CONDITIONS: Mapping[Type, tuple[str, ...]] = {
    "int": _rows("""
is even | {x} % 2 == 0 | even
is odd | {x} % 2 == 1 | odd
is odd | {x} % 2 != 0 | odd
is positive | {x} > 0 | positive
is negative | {x} < 0 | negative
is not zero | {x} != 0 | nonzero
is divisible by $k:3-9 | {x} % $k == 0 | multiples_of_$k
is not divisible by $k:2-7 | {x} % $k != 0 | non_multiples_of_$k
is divisible by $k:2-3 but not by $m:4-5 | {x} % $k == 0 and {x} % $m != 0 | special
leaves a remainder of 1 when divided by $k:3-6 | {x} % $k == 1 | remainder_one
is greater than $k:3-25 | {x} > $k | large
is less than $k:5-25 | {x} < $k | small
is at least $k:3-20 | {x} >= $k | high
is at most $k:5-20 | {x} <= $k | low
lies between $k:1-5 and $m:12-30, both included | $k <= {x} <= $m | in_range
lies outside the range from $k:2-6 to $m:10-20 | {x} < $k or {x} > $m | outside
ends in the digit $k:0-9 | abs({x}) % 10 == $k | ending_in_$k
does not end in 0 | {x} % 10 != 0 | unrounded
has exactly two digits | 10 <= abs({x}) <= 99 | two_digit
has only one digit | -10 < {x} < 10 | single_digit
contains the digit $k:1-9 | "$k" in str({x}) | with_digit_$k
reads the same backwards | str({x}) == str({x})[::-1] | palindromic
is prime | is_prime({x}) | prime | is_prime
is not prime | not is_prime({x}) | non_prime | is_prime
has an even digit sum | digit_sum({x}) % 2 == 0 | even_digit_sum | digit_sum
has a digit sum above $k:4-9 | digit_sum({x}) > $k | high_digit_sum | digit_sum
is a perfect square | {x} >= 0 and int({x}**0.5) ** 2 == {x} | square
is a power of two | {x} > 0 and {x} & ({x} - 1) == 0 | power_of_two
has an absolute value above $k:5-15 | abs({x}) > $k | extreme
has no digit above $k:4-7 | all(int(d) <= $k for d in str(abs({x}))) | low_digit
has more than $k:2-4 divisors | count_divisors({x}) > $k | rich | count_divisors
is greater than @limit | {x} > limit | above_limit
is at least @minimum | {x} >= minimum | from_minimum
is at most @maximum | {x} <= maximum | up_to_maximum
is divisible by @divisor | {x} % divisor == 0 | divisible
is different from @value | {x} != value | other
lies strictly between @low and @high | low < {x} < high | between
"""),
    "digit": _rows("""
is even | {x} % 2 == 0 | even
is odd | {x} % 2 == 1 | odd
is not zero | {x} != 0 | nonzero
is greater than $k:3-7 | {x} > $k | large
is less than $k:3-7 | {x} < $k | small
is at least $k:3-7 | {x} >= $k | high
is divisible by 3 | {x} % 3 == 0 | threefold
is prime | {x} in (2, 3, 5, 7) | prime
lies between $k:1-3 and $m:6-8, both included | $k <= {x} <= $m | middle
is different from $k:0-9 | {x} != $k | other
is at most @maximum | {x} <= maximum | up_to_maximum
"""),
    "str": _rows("""
is longer than $k:3-6 characters | len({x}) > $k | long
has at least $k:3-6 characters | len({x}) >= $k | long
is shorter than $k:4-7 characters | len({x}) < $k | short
has an even length | len({x}) % 2 == 0 | even_length
has an odd length | len({x}) % 2 == 1 | odd_length
starts with the letter $c:abcmrst | {x}.startswith("$c") | starting_with_$c
ends with the letter $c:elnrty | {x}.endswith("$c") | ending_with_$c
starts with a vowel | {x}[:1].lower() in set("aeiou") | vowel_first
ends with a vowel | {x}[-1:] in set("aeiou") | vowel_final
contains the letter $c:aeiorn | "$c" in {x} | with_$c
does not contain the letter $c:aeot | "$c" not in {x} | without_$c
contains a digit | any(char.isdigit() for char in {x}) | with_digits
consists of letters only | {x}.isalpha() | alphabetic
is written in lower case | {x}.islower() | lowercase
is written in capitals | {x}.isupper() | uppercase
begins with a capital letter | {x}[:1].isupper() | capitalized
is a palindrome | {x} == {x}[::-1] | palindromic
is a palindrome | is_palindrome({x}) | palindromic | is_palindrome
has no repeated character | len(set({x})) == len({x}) | isogram
contains a double letter | has_double_letter({x}) | double_letter | has_double_letter
begins and ends with the same character | {x} != "" and {x}[0] == {x}[-1] | same_ends
has more than $k:2-3 vowels | count_vowels({x}) > $k | vowel_rich | count_vowels
has exactly $k:2-3 vowels | count_vowels({x}) == $k | with_$k_vowels | count_vowels
has its letters in alphabetical order | is_sorted({x}) | ordered | is_sorted
contains the letter $c:aeo at least $k:2-3 times | {x}.count("$c") >= $k | repeated_$c
is not empty | {x} | nonempty
is longer than @limit | len({x}) > limit | longer
has at least @size characters | len({x}) >= size | sized
starts with @prefix | {x}.startswith(prefix) | prefixed
contains @letter | letter in {x} | containing
does not contain @letter | letter not in {x} | lacking
"""),
    "char": _rows("""
is a vowel | {x} in "aeiouAEIOU" | vowel
is a lowercase vowel | {x} in "aeiou" | vowel
is a digit | {x}.isdigit() | digit
is a letter | {x}.isalpha() | letter
is not a letter | not {x}.isalpha() | non_letter
is a capital letter | {x}.isupper() | capital
is a lowercase letter | {x}.islower() | lowercase
is a consonant | {x}.isalpha() and {x}.lower() not in "aeiou" | consonant
is not a space | {x} != " " | visible
is a letter or a digit | {x}.isalnum() | alphanumeric
belongs to neither letters nor digits nor spaces | not ({x}.isalnum() or {x}.isspace()) | symbol
is an even digit | {x} in "02468" | even_digit
comes before $c:fgkmn in the alphabet | "a" <= {x}.lower() < "$c" | early
comes after $c:fgkmn in the alphabet | "$c" < {x}.lower() <= "z" | late
is one of @letters | {x} in letters | allowed
is not one of @letters | {x} not in letters | other
"""),
}

_CONVERSIONS: Mapping[Type, tuple[str, ...]] = {
    "int": _rows("""
the squares of {} | {x} ** 2 | squares | int
the squares of {} | {x} * {x} | squares | int
the cubes of {} | {x} ** 3 | cubes | int
the doubles of {} | 2 * {x} | doubles | int
{}, each divided by 2 and rounded down | {x} // 2 | halves | int
the absolute values of {} | abs({x}) | absolute_values | int
the negatives of {} | -{x} | negatives | int
the remainders modulo $k:3-9 of {} | {x} % $k | remainders | int
the last digits of {} | abs({x}) % 10 | last_digits | int
the digit sums of {} | digit_sum({x}) | digit_sums | int | digit_sum
the digit sums of {} | sum(int(d) for d in str(abs({x}))) | digit_sums | int
the numbers of digits of {} | len(str(abs({x}))) | digit_counts | int
the reversed digits of {} | reverse_digits({x}) | reversals | int | reverse_digits
the successors of {} | {x} + 1 | successors | int
the distances from $k:5-20 of {} | abs({x} - $k) | distances | int
the differences between $k:20-30 and each of {} | $k - {x} | gaps | int
{}, each limited to the range from 0 to $k:5-15 | clamp({x}, 0, $k) | clamped | int | clamp
{}, each limited to at most $k:10-20 | min({x}, $k) | capped | int
the numbers of divisors of {} | count_divisors({x}) | divisor_counts | int | count_divisors
the Collatz lengths (the numbers of steps until 1 is reached) of {} | collatz_length({x}) | collatz_lengths | int | collatz
the products with @factor of {} | {x} * factor | multiples | int
the distances from @target of {} | abs({x} - target) | distances | int
{}, each as a string | str({x}) | strings | str
the binary representations of {} | format({x}, "b") | binaries | str
the hexadecimal representations of {} | format({x}, "x") | hex_strings | str
{}, each as a string padded with zeros to $k:3-5 digits | str({x}).zfill($k) | padded | str
{}, each as a string followed by a percent sign | f"{{x}}%" | percentages | str
"""),
    "digit": _rows("""
the squares of {} | {x} ** 2 | squares | int
the cubes of {} | {x} ** 3 | cubes | int
the doubles of {} | 2 * {x} | doubles | int
the differences between 9 and each of {} | 9 - {x} | complements | int
the halves, rounded down, of {} | {x} // 2 | halves | int
"""),
    "str": _rows("""
the lengths of {} | len({x}) | lengths | int
the numbers of vowels in {} | count_vowels({x}) | vowel_counts | int | count_vowels
the numbers of distinct characters in {} | len(set({x})) | distinct_counts | int
the numbers of capital letters in {} | sum(1 for char in {x} if char.isupper()) | capital_counts | int
the numbers of times that $c:aeo occurs in {} | {x}.count("$c") | $c_counts | int
the squared lengths of {} | len({x}) ** 2 | squared_lengths | int
the alphabet values (a counts 1, z counts 26) of {} | sum(letter_value(char) for char in {x}) | alphabet_values | int | letter_value
{}, each in upper case | {x}.upper() | upper | str
{}, each in lower case | {x}.lower() | lower | str
{}, each reversed | {x}[::-1] | reversed | str
the first letters of {} | {x}[:1] | first_letters | str
the last letters of {} | {x}[-1:] | last_letters | str
the first $k:2-4 letters of {} | {x}[:$k] | prefixes | str
the last $k:2-3 letters of {} | {x}[-$k:] | suffixes | str
{}, each capitalized | {x}.capitalize() | capitalized | str
{}, each without its vowels | "".join(char for char in {x} if char not in "aeiou") | devoweled | str
{}, each with its letters sorted | "".join(sorted({x})) | sorted_letters | str
{}, each with every $c:aeo replaced by $d:-_ | {x}.replace("$c", "$d") | masked | str
{}, each in single quotes | f"'{{x}}'" | quoted | str
{}, each padded with spaces on the left to $k:5-8 characters | {x}.rjust($k) | padded | str
{}, each with @prefix in front | prefix + {x} | prefixed | str
{}, each repeated twice | {x} * 2 | doubled | str
"""),
    "char": _rows("""
{}, each in upper case | {x}.upper() | upper | str
{}, each in lower case | {x}.lower() | lower | str
{}, each with its case swapped | {x}.swapcase() | swapped | str
the character codes of {} | ord({x}) | codes | int
the alphabet positions (from 1; 0 for other characters) of {} | letter_value({x}) | positions | int | letter_value
"""),
}
