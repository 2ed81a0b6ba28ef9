"""Patterns: Java's dialect, the same in every engine, and never slow."""

from __future__ import annotations

import importlib
import itertools
import json
import pkgutil
import random
import re
import shutil
import subprocess
from base64 import b64encode
from functools import partial
from pathlib import Path

import pytest

from sagemaker_training_job._cel import to_duration
from shapespec.backends.json_schema import document as json_schema
from shapespec.cel.search import search_ecma, search_python
from shapespec.compiler import compile_spec
from shapespec.contract.schema import String
from shapespec.patterns import PatternRefused, emit, meaning, translate, wider_source
from shapespec.patterns.ast import (
    Atomic,
    Chars,
    Choice,
    Edge,
    Look,
    Regex,
    Repeat,
    Sequence,
    choice,
    sequence,
)
from shapespec.patterns.backtracking import cost
from shapespec.patterns.charset import CharSet
from shapespec.patterns.determinise import determinised
from shapespec.patterns.ease import eased
from shapespec.patterns.forms import for_others, for_python
from shapespec.patterns.normal import normal
from shapespec.patterns.parse import parse
from shapespec.patterns.places import settled
from shapespec.patterns.quick import quick
from shapespec.patterns.rewrite import possessive, simplify
from shapespec.project.files import read_source
from tests.pump.attacks import attacks
from tests.pump.backtracker import Backtracker, TooManySteps
from tests.support import FLAGSHIP, compile_text

DIALECT: list[tuple[str, list[str], list[str]]] = [
    (r"\p{Alnum}+", ["aZ9"], ["é", "", "a_"]),
    (r"\p{L}+", ["aé", "字"], ["1", "a b"]),
    (r"\P{L}", ["1", "-"], ["a", "é"]),
    (r"\p{Lu}\p{IsLetter}*", ["Éa"], ["éa"]),
    (r"[a-z]*+a", [], ["a", "ba"]),
    (r"[a-z]++[0-9]", ["ab1"], ["ab", "1"]),
    (r"(?>a|ab)c", ["ac"], ["abc"]),
    (r"[a-z&&[^aeiou]]+", ["xyz"], ["xa", "&"]),
    (r"[\w&&[^\d_]]", ["a"], ["1", "_"]),
    (r"[a-c[x-z]]+", ["axz"], ["d"]),
    (r"a\hb", ["a b", "a\tb", "a\u00a0b"], ["a\nb", "ab"]),
    (r"a\Rb", ["a\nb", "a\r\nb", "a\u2028b"], ["a b"]),
    (r"abc\Z", ["abc"], ["abc\n", "abcd"]),
    (r"\Aabc\z", ["abc"], ["abc\n"]),
    (r"abc", ["abc"], ["abc\n", "xabc", "abcx"]),
    (r"^abc", ["abc"], ["abc\n", "abcx"]),
    (r"abc$", ["abc"], ["abc\n", "xabc"]),
    (r"^abc$|^x$", ["abc", "x"], ["abc\n", "x\n"]),
    (r"\x{1F600}", ["😀"], ["x"]),
    (r"[\x{41}-\x{43}]+", ["ABC"], ["D"]),
    (r"\u0041\x42", ["AB"], ["ab"]),
    (r"(?i)ab", ["aB", "AB"], ["ac"]),
    (r"a(?i:b)c", ["aBc"], ["AbC"]),
    (r"(?s)a.b", ["a\nb"], ["ab"]),
    (r"a.b", ["a.b", "a😀b"], ["a\nb", "a\u2028b", "a\x85b"]),
    (r"(?x) a b # both", ["ab"], ["a b"]),
    (r"(?=.*\d)[a-z\d]+", ["a1"], ["ab"]),
    (r"(?!aws)[a-z]+", ["abc"], ["awsome"]),
    (r"[a-z-]+(?<!-)", ["a-b"], ["ab-"]),
    (r"(?<=a)b|ab", ["ab"], ["b"]),
    (r"\Q.*\E", [".*"], ["ab"]),
    (r"[^\n]*", ["", "a"], ["a\n"]),
    (r".*", ["", "a"], ["\n", "a\n"]),
    (r"\bab\b-c", ["ab-c"], ["abc"]),
]
"""Pattern, what it matches, what it does not: the whole text, whatever the anchors."""

REWRITTEN = [
    r"(?:\Za)*(?:(?=[ab])|a|)(?:[ab]+)*",
    r"(?:a?){3}a{3}",
    r"(?:a|){2,3}b",
    r"(?:a*b?){2}?b",
    r"(a*)*b",
    r"(a|a)*b",
    r"(a+)+",
    r"(x+x+)+y",
    r"a*a*b",
    r"a+[ab]*",
    r"(a*b)*c",
    r"(a*b)+",
    r"(b*b)*c",
    r"(a*b+)*c",
    r"(ab*)*b",
    r"(a[ab]*)+c",
    r"(?:a[ab]*)*c",
    r".*:.*:.*",
    r".+/.+",
    r".*ab.*",
    r".*ab.*ab.*c",
    r"a{2,}a[ab]*",
    r"a?[ab]+c",
    r"a(-*[ab]){0,62}",
    r"[ab]*b[ab]*c",
    r"(a|b)*abb",
    r"(a{1,3})*b",
    r"((a{2}){1,4})*b",
    r"(a{1,2}){1,64}b",
    r"(a{2,3}){2,3}",
    r"(a{2,}){0,3}b",
    r"(a+,?)*b",
    r"(a?b?c?)*",
    r"(a|b|ab|ba)*c",
    r"a(-?[ab]+){0,4}",
    r"(.[ab]{2,4})+/",
    r"a:(.+:){2,4}.+",
    r"([ab]+.)+[ab]+/",
    r"(/+[^/]+/*)+",
    r".*[a-c]+.*",
    r"[ab]*.[ab]*.[ab]*",
    r"(ab|aab|aaab|aaaab)*",
    r"(abc|abb|ac|b)+",
    r"a(:.*){2}(:ab.*)",
    r"( *[ a-c]+( +[ a-c]+)* *)",
    r"((a|ab)(c|bc)?)*",
    r"(a*?b??)*?c",
    r"(?=a)(a+b?)*c",
]
"""Patterns that are rewritten in some way, over few letters."""


@pytest.mark.parametrize(("pattern", "matched", "other"), DIALECT)
def test_dialect(pattern: str, matched: list[str], other: list[str]) -> None:
    """Python and ECMA-262 are given patterns that mean what Java's mean."""
    found = translate(pattern)

    for engine in (re.compile(found.python).fullmatch, re.compile(found.ecma).search):
        assert matched == [text for text in [*matched, *other] if engine(text)]


@pytest.mark.parametrize(
    "pattern",
    [r"(a)\1", r"\p{IsLatin}", r"\G", r"(?m)^a", "(a", "a{2,1}", r"(?<=a+)b", "a**"],
)
def test_what_cannot_be_carried_over_is_refused(pattern: str) -> None:
    """What another engine cannot say with the same meaning is no guess."""
    with pytest.raises(PatternRefused):
        translate(pattern)


@pytest.mark.parametrize("pattern", [row[0] for row in DIALECT] + REWRITTEN)
def test_a_rewritten_pattern_matches_what_it_did(pattern: str) -> None:
    """No rewriting changes a verdict, on texts drawn from the pattern and beside it."""
    tree = emit.trim_edges(parse(pattern))
    plain = re.compile(emit.python(tree)).fullmatch
    found = translate(pattern)
    rewritten = re.compile(found.python).fullmatch
    ecma = re.compile(found.ecma).search
    chance = random.Random(3)  # noqa: S311 - not for secrets

    for _ in range(200):
        text = drawn(tree, chance)[:14]
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(text) + 1)
            odd = chance.choice(["", "a", "b", "c", ":", "/", "-", "\n", text[:2]])
            text = text[:at] + odd + text[at + chance.randrange(2) :]

        expected = plain(text) is not None
        assert expected == (rewritten(text) is not None), text
        assert expected == (ecma(text) is not None), text


def made_up(chance: random.Random, depth: int = 3, *, asserts: bool = False) -> Regex:
    """A pattern over two letters that repeats and chooses a good deal."""
    if asserts and chance.random() < 0.2:
        letter = Chars(CharSet.chars(chance.choice(["a", "b", "ab"])))
        look = Look(letter, chance.random() < 0.5, chance.random() < 0.5)
        return chance.choice([Edge.START, Edge.END, look, look])
    inner = partial(made_up, chance, depth - 1, asserts=asserts)
    match chance.randrange(8) if depth else 7:
        case 0 | 1 | 2:
            low = chance.choice([0, 0, 0, 1, 1, 2])
            high = chance.choice([None, None, low + 1, low + 2])
            return Repeat(inner(), low, high)
        case 3 | 4:
            return choice(
                [made_up(chance, depth - 1, asserts=asserts) for _ in range(2)]
            )
        case 5 | 6:
            count = chance.randint(2, 3)
            return sequence(
                [made_up(chance, depth - 1, asserts=asserts) for _ in range(count)]
            )
        case _:
            return Chars(CharSet.chars(chance.choice(["a", "b", "ab"])))


TEXTS = ["".join(row) for n in range(7) for row in itertools.product("abc", repeat=n)]
"""Every text over three letters, of which patterns know two, up to six characters."""


@pytest.mark.parametrize("seed", range(40))
def test_made_up_patterns_stay_what_they_are(seed: int) -> None:
    """Each form of a pattern takes each of all short texts as the plain one does."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(5):
        plain = made_up(chance)
        regex = simplify(plain)
        expected = re.compile(emit.python(plain)).fullmatch
        forms = [normal(regex), eased(regex), for_python(regex).regex]
        if (found := determinised(regex)) is not None:
            forms.append(found)
        engines = [re.compile(emit.python(form)).fullmatch for form in forms]
        engines.append(re.compile(emit.ecma(for_others(regex).regex)).search)

        for engine in engines:
            for text in TEXTS:
                same = (expected(text) is None) == (engine(text) is None)
                assert same, (emit.python(plain), engine, text)


@pytest.mark.parametrize("seed", range(40))
def test_assertions_are_settled_as_they_hold(seed: int) -> None:
    """A pattern says without assertions what it says with them, of each short text."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(20):
        plain = made_up(chance, asserts=True)
        try:
            expected = re.compile(emit.python(plain)).fullmatch
        except PatternRefused:
            continue
        engine = re.compile(emit.python(settled(plain))).fullmatch

        for text in TEXTS[:400]:
            same = (expected(text) is None) == (engine(text) is None)
            assert same, (emit.python(plain), engine, text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\((\b[0-5]?[0-9]\b) x", r"\([0-5]?[0-9] x"),
        (r".*(^[0-9]+$|b).*", r".*b.*|[0-9]+"),
        (r"(?!-)[a-z-]{1,62}", r"[a-z][a-z-]{0,61}"),
        (r"[a-z-]+(?<!-)x", r"[a-z-]*[a-z]x"),
        (r"a^b|c", r"c"),
        (r"(^a|b)+", r"b+|ab*"),
    ],
)
def test_settled(pattern: str, expected: str) -> None:
    """What an assertion says is said by sets where that can be."""
    assert normal(meaning(expected)) == normal(settled(meaning(pattern)))


def drawn(regex: Regex, chance: random.Random) -> str:
    """A text that a pattern matches, look-arounds aside."""
    match regex:
        case Chars(chars):
            low, high = chance.choice(chars.ranges)
            return chr(chance.choice([low, high, min(high, low + 1)]))
        case Sequence(parts):
            return "".join(drawn(part, chance) for part in parts)
        case Choice(options):
            return drawn(chance.choice(options), chance)
        case Repeat(part, low, high):
            most = low + 3 if high is None else min(high, low + 3)
            count = chance.randint(low, most)
            return "".join(drawn(part, chance) for _ in range(count))
        case Atomic(part):
            return drawn(part, chance)
        case _:
            return ""


# --- how long it takes ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "degree"),
    [
        (r"[a-z]*:[a-z]*", 1),
        (r"[a-z](-*[a-z]){0,62}", 1),
        (r"\d{1,3}.\d{1,3}.\d{1,3}", 1),
        (r"(a|ab)*c", 1),
        (r"([A-Z]{4})*([A-Z]{3}=|[A-Z]{2}==)?", 1),
        (r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", 1),
        (r"(?:(?!\$\{[a-z]+:)[!-~])*", 1),
        (r"(?:(?![a-z]+:)[!-~])*", 2),
        (r"[0-9]+.[0-9]+", 2),
        (r"[0-9]{1,60}[0-9]{1,60}[0-9]*x", 2),
        (r"[0-9]*.[0-9]*.[0-9]*", 3),
        (r"\S+@\S+\.\S+", 3),
        (r"\w*\w*:\w*\w*:", 3),
    ],
)
def test_degree(pattern: str, degree: int) -> None:
    """The power of a text's length that the steps grow with is known without a try."""
    found = cost(possessive(parse(pattern)))

    assert not found.exponential
    assert degree == found.degree


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\w+,?)*;",
        r"(a|b|ab)*c",
        r"(a?[ab]+,?)*;",
        r"(?=(\w+,?)*;).*",
        r"(\d+)*x",
        r"([a-z]{1,8})*;",
        r"(?:a{1,3})*b",
        r"(?:(?:a{2}){1,4})*b",
        r"(?:a{1,2}){1,64}b",
        r"(?:(?:[a-z0-9]{1,5}-?){1,5}){1,8}!",
        r"(?:a|b|ab|ba){1,40}c",
        "a?[ab]?" * 20 + "[ab]{40}",
        r"(?>(\w+,?)*;)",
        r"(?:[a-z]?[a-z0-9]?)*!",
        r"(.?){50}z",
        r"(?:a?){30}a{30}",
        r"(?:a*b?){30}c",
        r"(?:a?|b){40}c",
        "(?:(?=b)|)" * 30 + "b",
        "a" + "(?:(?=b)|)" * 30 + "b",
        "a" + "(?:(?=b)|)" * 30,
    ],
)
def test_what_doubles_is_seen(pattern: str) -> None:
    """Two ways around a loop are found, however often the loop is run, at most."""
    assert cost(parse(pattern)).exponential


def test_the_analysis_has_a_budget() -> None:
    """A pattern that is too much to analyse counts as one that doubles."""
    words = "|".join(f"{'a' * length}b?" for length in range(1, 80))

    assert cost(parse(f"(?:{words})*c")).exponential


@pytest.mark.parametrize(
    "pattern",
    [
        r"((?!xy)\w+,?)*;",
        r"([a-z]+(?=;|ab)\d*)*x",
        r"(?:[a-z0-9]{1,5}-?){1,400}!",
        r"(?:(?:[a-z0-9]{1,5}-?){1,5}){1,8}!",
    ],
)
def test_what_would_explode_is_refused(pattern: str) -> None:
    """No validator is made that some forty characters could stop."""
    with pytest.raises(PatternRefused, match="so many ways"):
        translate(pattern)


@pytest.mark.parametrize(
    ("longest", "refused"), [(None, True), (1_000, True), (60, False)]
)
def test_a_length_bounds_a_power(longest: int | None, *, refused: bool) -> None:
    """What grows with the cube needs a length that bounds it."""
    pattern = r"[0-9]*(?!xy).[0-9]*(?!yx).[0-9]*"
    if refused:
        with pytest.raises(PatternRefused, match="grows with the"):
            translate(pattern, longest)
        return

    found = translate(pattern, longest)

    for engine in (re.compile(found.python).fullmatch, re.compile(found.ecma).search):
        assert engine("1" * 60)
        assert not engine("a" * 60)
        assert engine("a" * 61), "longer than `length`: not held to the pattern"


MANY_WORDS = [
    "(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve| )+",
    f"(?:{'|'.join('a' * count + 'b' for count in range(1, 12))})*",
    f"(?:{'|'.join(f'name{count}' for count in range(60))})*",
    f"(?:{'[a-z]?' * 60})*",
    f"(?:{'[a-z]?' * 300})*",
    f"{'([a-z]{1,60}-)' * 150}",
    f"{'[^a]*a' * 300}",
]
"""Patterns that are long, and harmless."""


@pytest.mark.parametrize("pattern", MANY_WORDS)
def test_long_patterns_are_read(pattern: str) -> None:
    """A long pattern with one way through it is taken, without trying all ways."""
    assert translate(pattern).cost.is_linear


EMITTED = [
    r"([^;]+=[^;]+;)*",
    r"([^;]*:[^;]*;)*",
    r"(.+)/(.+)/(.+)/(.+)",
    r".+/.+",
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    r"([a-z]*-){0,5}",
    r"a?[ab]+:.*",
    r"(.?){50}z",
    r"(?:a?){30}a{30}",
    r"(?:a|){40}a{40}",
    r"(?:(?:a?){5}){6}b",
    "a" + "(?:(?=b)|)" * 30 + "b",
]
"""Patterns that are fast in one form, and would not be in another."""


@pytest.mark.parametrize("pattern", EMITTED)
def test_every_form_is_judged(pattern: str) -> None:
    """What each engine is given is linear, not only what one of them is given."""
    regex = meaning(pattern)
    found = quick(translate(pattern))

    assert for_others(regex).cost.is_linear
    assert cost(parse(translate(pattern).python)).is_linear
    assert cost(parse(found.pattern)).is_linear


@pytest.mark.parametrize(
    "pattern",
    [r"^((?!xy)[a-z]+,?)*;$", r"((?!xy)[a-z]+,?)*;$", r"\d*(?!--)-?\d*(?!--)-?\d*x"],
)
def test_patterns_of_rules_are_judged(pattern: str) -> None:
    """What a rule searches for may not explode either, nor grow with the cube."""
    with pytest.raises(PatternRefused, match="so many ways"):
        search_python(pattern)
    with pytest.raises(PatternRefused, match="so many ways"):
        search_ecma(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(a+)+$", r"^(a+)+$", r"[a-z]+:", r"^a|b$", "ab", r"^([ab]+,?)*:$"),
        *(r"([ab]+:?)*\n$", r"(a|aa)+$", r"a*:?a*:?a*b", r"(^|:)(a+b?)+(:|$)"),
    ],
)
def test_patterns_of_rules_find_what_they_did(pattern: str) -> None:
    """A rewritten search finds what the plain one finds."""
    plain = re.compile(emit.python(parse(pattern.replace("$", r"\z"))))
    chance = random.Random(7)  # noqa: S311 - not for secrets
    engines = [re.compile(search_python(pattern)), re.compile(search_ecma(pattern))]
    for _ in range(300):
        text = "".join(chance.choices("ab:\n", k=chance.randrange(8)))
        for engine in engines:
            assert (plain.search(text) is None) == (engine.search(text) is None), text


def flagship() -> list[str]:
    """The patterns of the flagship."""
    schema = compile_spec(read_source(FLAGSHIP))
    return sorted(
        {
            shape.pattern.source
            for shape in schema.shapes.values()
            if isinstance(shape, String) and shape.pattern is not None
        }
    )


def test_a_row_is_no_choice() -> None:
    """Patterns of different kinds are different, though they hold the same parts."""
    parts = (Chars(CharSet.chars("a")), Chars(CharSet.chars("b")))

    assert Sequence(parts) == Sequence(parts)
    assert Sequence(parts) != Choice(parts)
    assert len({Sequence(parts), Choice(parts)}) == 2
    assert Atomic(parts[0]) != Chars(parts[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", [r"(?>a)*+b", r"((?>a|ab)++c)*+", r"(?>(?>a)*b)+"])
def test_groups_of_ecma_are_counted_right(pattern: str) -> None:
    """What gives nothing back within what gives nothing back is numbered as it is."""
    found = emit.ecma(meaning(pattern))
    for text in TEXTS[:400]:
        same = re.fullmatch(pattern, text) is not None
        assert same == (re.search(found, text) is not None), text


def expressions(package: str) -> dict[str, str]:
    """The regular expressions that the modules of a package hold, by where they are."""
    found = {}
    for one in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{one.name}")
        for name, value in vars(module).items():
            pattern = getattr(value, "__self__", value)
            if isinstance(pattern, re.Pattern):
                found[f"{one.name}.{name}"] = pattern.pattern
    table = importlib.import_module(f"{package}._contract")
    for name, part in table.SHAPES.items():
        if part.pattern is not None:
            found[f"_contract.{name}"] = part.regex
        if part.formatted is not None:
            found[f"_contract.{name}, format"] = part.formatted[1]
    return found


def test_the_package_holds_no_slow_expression() -> None:
    """Every expression of a generated package takes one pass over the text."""
    found = expressions("sagemaker_training_job")

    assert {"_cel._DURATION_PART", "_contract.TrainingJobName"} <= found.keys()
    assert len(found) > 30
    for place, pattern in found.items():
        named = re.sub(r"\(\?P<\w+>", "(", pattern)
        assert cost(parse(named)).is_linear, place


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1h30m", 5400),
        ("-2.5s", -2.5),
        ("+1ms", 0.001),
        ("1m1ms", 60.001),
        *((text, None) for text in ("", "1", "s", "1x", "1s ", "1.2.3s", "11", "1s1")),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    """A duration is numbers with units, and nothing else."""
    found = to_duration(text)

    assert seconds == (None if found is None else found.total_seconds())


@pytest.mark.parametrize("pattern", [*flagship(), *REWRITTEN])
def test_steps_grow_with_the_text(pattern: str) -> None:
    """Twice the text takes twice the steps, at most, wherever it is made longer."""
    tree = parse(translate(pattern).python)

    assert cost(tree).is_linear
    for text in attacks(tree, 300):
        assert steps(tree, text) <= 20 * (len(text) + 20), text
    for text, longer in pumped(meaning(pattern)):
        most = max(2.3 * steps(tree, text) + 80, 10 * len(longer))
        assert steps(tree, longer) <= most, longer


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(?:a{1,3})*b",
        r"(\w+,?)*;",
        r".*(?:[ \r\n\t].*)*",
        r"(?:a|b|ab)*c",
        r"x:(.+:){2,4}.+",
        r".*\S+.*",
        r"([^;]+=[^;]+;)*",
        r"(.+)/(.+)/(.+)/(.+)",
        r"(?:(?:[a-z0-9]{1,5}-?){1,5}){1,8}!",
        r"https://x-y.([a-z]{2}-[a-z-]{1,20}-[1-9])(.[0-9A-Za-z]{2,4})+/z",
    ],
)
def test_attacks_find_what_is_slow(pattern: str) -> None:
    """Of patterns as they are written, the attacks find the slow ones."""
    tree = parse(pattern)
    texts = [*attacks(tree, 100)]

    with pytest.raises(TooManySteps):
        any(Backtracker(tree, 300_000).fullmatch(text) is None for text in texts)

    emitted = parse(translate(wider_source(pattern) or "").python)
    for text in texts:
        assert steps(emitted, text) < 10_000


@pytest.mark.parametrize("seed", range(10))
def test_the_counting_engine_matches_as_python_does(seed: int) -> None:
    """The engine of these tests gives the verdicts of `re`."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(20):
        plain = made_up(chance, asserts=seed % 2 == 0)
        try:
            expected = re.compile(emit.python(plain)).fullmatch
        except PatternRefused:
            continue
        for text in TEXTS[:130]:
            found = Backtracker(plain).fullmatch(text)
            assert found == (expected(text) is not None), (emit.python(plain), text)


def pumped(regex: Regex) -> list[tuple[str, str]]:
    """Texts that nearly match, each with a longer one: a piece of it, more often."""
    chance = random.Random(5)  # noqa: S311 - not for secrets
    found = []
    for _ in range(25):
        text = drawn(regex, chance)[:120]
        at = chance.randrange(len(text) + 1)
        piece = text[at : at + chance.randint(1, 8)] or "a"
        end = chance.choice(["\n", "!", "", "-"])
        head, tail = text[:at], text[at:] + end
        found.append((head + piece * 40 + tail, head + piece * 80 + tail))
    return found


def steps(regex: Regex, text: str) -> int:
    """How many steps a backtracking engine takes to hold a text against a pattern."""
    engine = Backtracker(regex)
    engine.fullmatch(text)
    return engine.steps


def test_a_wider_pattern_can_be_read() -> None:
    """A wider pattern that nobody could read is none."""
    letters = r"(?:(?!xy)[\p{L}\p{N}]+[\p{Lu}-]?)"

    assert wider_source(f"{letters}*{letters}{{9,99}};") is None


def test_a_slow_pattern_is_named_in_the_schema() -> None:
    """What grows with the square of a text without bound says so in JSON Schema."""
    schema = compile_text(
        r"""
        shapespec: 1
        package: slow
        shapes:
          R:
            type: structure
            members:
              Slow: {type: string, pattern: '\d*(?!ab).\d*'}
              Bounded: {type: string, length: {max: 90}, pattern: '\d*(?!ab).\d*'}
              Fast: {type: string, pattern: '\d*.\d*'}
        """
    ).schema
    said = json.dumps(json_schema(schema, "R"))

    assert said.count("the pattern takes time with the square") == 1


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"x://([.\-_a-z]+/?){3,1016}", r"x://[\-._a-z](?:/?[\-._a-z]){2,}/?"),
        (r"(?:(?:[a-z]{1,5}-?){1,5}){1,8}!", r"[a-z](?:-?[a-z])*-?!"),
        (r"((?!xy)\w+,?)*;", r"(?:[0-9A-Z_a-z](?:,?[0-9A-Z_a-z])*,?)?;"),
    ],
)
def test_a_wider_pattern(pattern: str, expected: str) -> None:
    """Where no equal pattern is fast, one that matches more may be."""
    found = wider_source(pattern)

    assert expected == found
    assert cost(parse(expected)).is_linear
    more = re.compile(translate(expected).python).fullmatch
    chance = random.Random(11)  # noqa: S311 - not for secrets
    exact = Backtracker(meaning(pattern))
    for _ in range(200):
        text = drawn(meaning(pattern), chance)
        assert more(text) or not exact.fullmatch(text)


# --- other engines --------------------------------------------------------------------

JAVA = """
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.Base64;
import java.util.regex.Pattern;

class Check {
    public static void main(String[] names) throws Exception {
        StringBuilder said = new StringBuilder();
        for (String row : Files.readAllLines(Path.of(names[0]))) {
            String[] parts = row.split(" ", -1);
            Pattern pattern = Pattern.compile(text(parts[0]));
            for (int i = 1; i < parts.length; i++)
                said.append(pattern.matcher(text(parts[i])).matches() ? '1' : '0');
            said.append('\\n');
        }
        System.out.print(said);
    }

    static String text(String encoded) {
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
"""
NODE = """
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = rows.map(([pattern, texts]) => {
  const regex = new RegExp(pattern, "u");
  return texts.map((text) => (regex.test(text) ? "1" : "0")).join("") + "\\n";
});
process.stdout.write(said.join(""));
"""


def rows() -> list[tuple[str, list[str]]]:
    """Patterns, and texts that they match or nearly match."""
    chance = random.Random(9)  # noqa: S311 - not for secrets
    found = [(pattern, [*yes, *no]) for pattern, yes, no in DIALECT]
    for pattern in [*flagship(), *REWRITTEN]:
        texts = []
        for _ in range(30):
            text = drawn(meaning(pattern), chance)
            at = chance.randrange(len(text) + 1)
            odd = chance.choice(["", "", "-", "a", "\n", "é", "\x85", "/"])
            texts.append(text[:at] + odd + text[at:])
        found.append((pattern, texts))
    return found


def disagreements(said: str) -> list[tuple[str, str]]:
    """The patterns and texts of which another engine does not say what Python says."""
    return [
        (pattern, text)
        for (pattern, texts), line in zip(rows(), said.splitlines(), strict=True)
        for text, verdict in zip(texts, line, strict=True)
        if (verdict == "1") != bool(re.fullmatch(translate(pattern).python, text))
    ]


@pytest.mark.skipif(shutil.which("java") is None, reason="needs java")
def test_java_agrees(tmp_path: Path) -> None:
    """java.util.regex says of the pattern as written what Python says of ours."""
    program, given = tmp_path / "Check.java", tmp_path / "rows"
    program.write_text(JAVA, "utf-8")
    encoded = [
        " ".join(b64encode(text.encode()).decode() for text in [pattern, *texts])
        for pattern, texts in rows()
    ]
    given.write_text("\n".join(encoded), "ascii")

    done = subprocess.run(
        ["java", str(program), str(given)],  # noqa: S607 - wherever it is installed
        capture_output=True,
        text=True,
        check=True,
    )

    assert [] == disagreements(done.stdout)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_node_agrees() -> None:
    """An engine of ECMA-262 says of our JSON Schema's pattern what Python says."""
    given = [(translate(pattern).ecma, texts) for pattern, texts in rows()]

    done = subprocess.run(
        ["node", "-e", NODE],  # noqa: S607 - wherever it is installed
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )

    assert [] == disagreements(done.stdout)
