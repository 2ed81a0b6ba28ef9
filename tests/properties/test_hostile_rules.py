"""Any rule over any document: the validators never raise, and say what CEL says.

Expressions are drawn by their types, so most of them compile. cel-python is the oracle
where it has a value: it knows neither integers beyond 64 bits nor blobs as responses
write them, and an error of CEL is no verdict of ours.

`FUZZ=10000 make fuzz` draws so many.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice
from typing import Any

from hypothesis import HealthCheck, Phase, event, given, settings, strategies as st

from shapespec.diagnostics.model import Faults
from tests.support import Generated, compile_text, walked
from tests.support.cel_oracle import Oracle, program
from tests.support.fuzzing import ASKED, fuzz, inputs, tried

FUZZ = fuzz()
MEMBERS = {
    "A": "string",
    "S": "string",
    "B": "boolean",
    "N": "integer",
    "M": "integer",
    "D": "double",
    "E": "double",
    "T": "timestamp",
    "U": "timestamp",
    "Doc": "document",
    "Doc2": "document",
    "Ns": {"type": "list", "member": "integer"},
    "As": {"type": "list", "member": "string"},
    "Ts": {"type": "list", "member": "timestamp"},
    "Docs": {"type": "list", "member": "document"},
    "Ms": {"type": "map", "key": "string", "value": "integer"},
    "In": {"target": "Inner"},
    "In2": {"target": "Inner"},
    "Ins": {"type": "list", "member": "Inner"},
}
INNER = {"X": "integer", "Y": "string", "At": "timestamp", "In": {"target": "Inner"}}
program("true")  # cel-python raises the limit of recursion when it is first used
EACH = (
    "!has(item.At) || !this.Ins.exists(x, x.At > item.At && x.At < this.T)",
    "this.T <= item.At || this.U > item.At && has(this.Ins)",
    "item.At - this.T < duration(string(item.X) + 's')",
)
"""Rules about each of some items, whose times are compared with others."""
MANY = 400 if ASKED else 10
"""How many documents of the pool a spec is asked about."""

RULES = 4
"""How many rules a spec has, since compiling takes longer than asking."""


# --- expressions ----------------------------------------------------------------------


def either(*options: Any) -> st.SearchStrategy[str]:
    """One of some texts, or of what some strategies give."""
    return st.one_of(
        *(st.just(one) if isinstance(one, str) else one for one in options)
    )


def made(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A text with parts in it."""
    return st.tuples(*parts).map(lambda found: template.format(*found))


@cache
def typed(kind: str, deep: int = 3) -> st.SearchStrategy[str]:
    """An expression of a type."""
    leaf = LEAVES[kind]
    if deep == 0:
        return leaf

    def of(inner: str) -> st.SearchStrategy[str]:
        return typed(inner, deep - 1)

    inside = made("({} ? {} : {})", of("bool"), of(kind), of(kind))
    match kind:
        case "bool":
            compared = st.sampled_from(["<", "<=", ">", ">="])
            alike = st.sampled_from(["==", "!="])
            parts = [
                made("!({})", of("bool")),
                made("({} && {})", of("bool"), of("bool")),
                made("({} || {})", of("bool"), of("bool")),
                made("this.Ns.all(x, {} < x)", of("int")),
                made("this.As.exists(x, x == {})", of("string")),
                made("this.Docs.all(x, x != {})", of("int")),
                made("this.Ins.exists_one(x, x.X == {})", of("int")),
                made("{} in this.Ns", of("int")),
                made("{} in [{}, {}]", of("string"), of("string"), of("string")),
                made("{} in this.Ts", of("time")),
                made("this.Ins.all(x, x.At {} {})", compared, of("time")),
                made("this.Ins.exists(x, {} {} x.At)", of("time"), compared),
                made(
                    "this.Ins.exists(x, x.At - {} {} {})",
                    of("time"),
                    compared,
                    of("span"),
                ),
                made("this.Ins.all(x, this.Ins.exists(y, x.At {} y.At))", compared),
                made("this.Ins.all(x, this.Ins[0].At {} x.At)", compared),
                made("this.Ins.filter(x, !has(x.At)).size() > {}", of("int")),
                made("this.Doc == {}", of("int")),
                made("this.Doc == {}", of("string")),
                made("this.Doc < {}", of("int")),
                made("{}.startsWith({})", of("string"), of("string")),
                made("{}.contains({})", of("string"), of("string")),
            ]
            for one in ("int", "double", "string", "time", "span"):
                parts.append(made("{} {} {}", of(one), compared, of(one)))
                parts.append(made("({} {} {})", of(one), alike, of(one)))
            return st.one_of(leaf, inside, *parts)
        case "int":
            operator = st.sampled_from("+-*/%")
            return either(
                leaf,
                inside,
                made("({} {} {})", of("int"), operator, of("int")),
                made("-({})", of("int")),
                made("size({})", of("string")),
                made("int({})", of("double")),
                made("int({})", of("string")),
                made("this.Ns[{}]", of("int")),
                made("this.Ns.map(x, x + {})[0]", of("int")),
                made("this.Ns.filter(x, x > {}).size()", of("int")),
            )
        case "double":
            operator = st.sampled_from("+-*/")
            return either(
                leaf,
                inside,
                made("({} {} {})", of("double"), operator, of("double")),
                made("double({})", of("int")),
                made("double({})", of("string")),
            )
        case "string":
            return either(
                leaf,
                inside,
                made("({} + {})", of("string"), of("string")),
                made("string({})", of("int")),
            )
        case "time":
            return either(
                leaf, inside, made("({} + {})", of("time"), of("span")), "this.Ts[0]"
            )
        case _:
            return either(leaf, inside, made("({} - {})", of("time"), of("time")))


LEAVES: dict[str, st.SearchStrategy[str]] = {
    "bool": either(
        "this.B",
        "true",
        "false",
        "has(this.A)",
        "has(this.S)",
        "this.In == this.In2",
        "this.Ns == [1, 2]",
        "this.Doc == this.Doc2",
        "this.Doc in this.Docs",
        "this.Docs == this.Docs",
        "'k' in this.Ms",
        "this.A.matches('^[a-c]+$')",
    ),
    "int": either(
        "this.N",
        "this.M",
        "this.In.X",
        "this.In.In.X",
        "this.Ms['k']",
        "this.Ms.k",
        "0",
        "1",
        "-3",
        "9223372036854775807",
        "size(this.Ns)",
        "this.T.getFullYear()",
        "int(this.T)",
    ),
    "double": either("this.D", "this.E", "0.0", "1.5", "-1e308", "1.7e308"),
    "string": either("this.A", "this.S", "this.In.Y", "''", "'b'", "'é😀'", "'12'"),
    "time": either(
        "this.T",
        "this.U",
        "this.Ins[0].At",
        "timestamp('2025-06-03T09:14:02Z')",
        "timestamp(this.A)",
    ),
    "span": either("duration('90s')", "duration('87600h')", "duration(this.A + 's')"),
}

# --- documents ------------------------------------------------------------------------

texts = st.sampled_from(
    ["", "a", "b", "é😀", "12", "-7", "1e400", "2025-06-03T09:14:02Z"]
)
whole = st.integers(-4, 4) | st.sampled_from([2**63 - 1, -(2**63)])
huge = st.sampled_from([10**400, -(10**5000), 2**64, 1e308, 5e-324, float(2**60)])
MOMENTS = [
    *(0, 1748942042, 1748942042.0, 1748942042.0000002, 1748942042.0000014),
    *("2025-06-03T09:14:02Z", "2025-06-03 11:14:02.000001+02:00", 1748942041.9999998),
    *(253402300799, 4e9, -1.5, "0001-01-01T00:00:00Z"),
]
times = st.sampled_from(MOMENTS) | st.datetimes(timezones=st.none() | st.just(UTC))
odd = st.sampled_from(
    [None, True, 1, 1.0, "x", [], {}, b"x", object(), datetime(9999, 12, 31), 10**400]
)
documents = st.recursive(
    st.none() | st.booleans() | whole | st.floats(allow_nan=False) | texts,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from("ab"), below, max_size=2)
    ),
    max_leaves=5,
)
inner = st.deferred(
    lambda: st.fixed_dictionaries(
        {}, optional={"X": whole, "Y": texts, "At": times, "In": inner}
    )
)
RIGHT: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys("AS", texts),
    "B": st.booleans(),
    **dict.fromkeys("NM", whole),
    **dict.fromkeys("DE", st.floats(-1e300, 1e300)),
    **dict.fromkeys("TU", times),
    **dict.fromkeys(("Doc", "Doc2"), documents),
    "Ns": st.lists(whole, max_size=3),
    "As": st.lists(texts, max_size=3),
    "Ts": st.lists(times, max_size=2),
    "Docs": st.lists(documents, max_size=3),
    "Ms": st.dictionaries(st.sampled_from(["k", "l"]), whole, max_size=2),
    **dict.fromkeys(("In", "In2"), inner),
    "Ins": st.lists(inner, max_size=3),
}
right = st.fixed_dictionaries({}, optional=RIGHT)
wrong = st.fixed_dictionaries(
    {}, optional={name: one | odd | huge | documents for name, one in RIGHT.items()}
)


def compiled(expressions: list[str]) -> Generated | None:
    """A contract with these rules; none where one of them is refused, as it may be."""
    rules = {
        f"r{index}": {"cel": one, "message": "m", "severity": severity}
        for index, one in enumerate(expressions)
        for severity in [("error", "advice")[index % 2]]
    }
    for at, one in enumerate(EACH):
        rules[f"each{at}"] = {
            "cel": one,
            "message": "m",
            "severity": "advice",
            "each": "Ins",
        }
    shapes = {
        "Root": {"type": "structure", "members": MEMBERS, "rules": rules},
        "Inner": {"type": "structure", "members": INNER},
    }
    spec = {"shapespec": 1, "package": "p", "roots": ["Root"], "shapes": shapes}
    try:
        return compile_text(json.dumps(spec, ensure_ascii=False))
    except Faults as faults:
        found = {one.rule for one in faults.diagnostics}
        assert found <= {"cel-syntax", "cel-type", "cel-unsupported"}, found
        return None


@cache
def pool() -> tuple[Any, ...]:
    """Documents that are drawn once, since drawing takes longer than judging."""
    found: list[Any] = []

    @settings(
        max_examples=min(inputs(60), 1_000),
        deadline=None,
        derandomize=not ASKED,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(right | wrong)
    def collect(one: Any) -> None:
        found.append(one)

    collect()
    return tuple(found)


def agrees(package: Any, response: Any) -> list[Any]:
    """The findings of a response, which the checks and the walk have in common."""
    findings: list[Any] = package.validate(response)
    errors = any(one.severity == "error" for one in findings)
    tried()
    assert package.is_valid(response) is not errors
    assert findings == walked(package, response)
    return findings


@FUZZ
@given(st.lists(typed("bool"), min_size=RULES, max_size=RULES), st.data())
def test_any_rule_of_any_document(expressions: list[str], data: st.DataObject) -> None:
    """`is_valid`, `validate` and cel-python agree, whatever rules and documents are.

    Most documents are asked about without cel-python, which takes longest.
    """
    generated = compiled(expressions)
    event(f"compiled: {generated is not None}")
    if generated is None:
        return
    package = generated.package
    oracle = Oracle(generated.schema)
    first = data.draw(st.integers(0, len(pool()) - 1))
    for response in islice(cycle(pool()), first, first + MANY):
        agrees(package, response)
    for _ in range(6):
        agrees(package, data.draw(wrong))
        response = data.draw(right)
        broken = {one.rule for one in agrees(package, response)}
        for verdict in oracle.verdicts(response, "Root"):
            if verdict.holds is not None and verdict.rule[0] == "r":
                event(f"holds: {verdict.holds}")
                expected = verdict.holds is False
                assert expected is (verdict.rule in broken), (
                    expressions[int(verdict.rule[1:])],
                    response,
                )
