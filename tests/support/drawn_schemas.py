"""JSON Schemas that nobody wrote, and values for them: drawn, and made smaller."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from random import Random
from typing import Any, TypeAlias

Schema: TypeAlias = "dict[str, Any] | bool"
Path: TypeAlias = tuple[Any, ...]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HERE = "https://drawn.example/"

NAMES = ("a", "b", "c", "x-1")
HOSTILE = (
    "",
    "$ref",
    "type",
    "__class__",
    "a/b",
    "~0",
    "größe",
    "in",
    "A b",
    "\U0001f40b",
)
TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")
STRINGS = ("x", "y", "xy", "yx", "", "1", "é", "2020-01-01", "QUJD", "\U0001f40b")
NUMBERS = (0, 1, 2, 3, -1, 1.0, 1.5, 2.5, 4, 1e20, 0.3, 2**53 + 1, -0.0)
SCALARS: tuple[Any, ...] = (*STRINGS, *NUMBERS, True, False, None, [], {})
LISTED: tuple[Any, ...] = ("x", "y", "xy", 0, 1, 2, 1.5, None, True, {}, [1])
RARE: tuple[Any, ...] = (
    *(4.0, False, 2**53 + 1, "", [1.0, "x"], [[]]),
    *({"a": 1}, {"a": None}, {"$ref": "#/nowhere"}, {"$id": "D"}),
)
PATTERNS = ("^x", "y$", "x|y", "^$", "[a-z]", "^[^x]+$", r"\d", "^(x)+y?$", "(?!x)y")
FORMATS = ("date", "uri", "email", "int32", "date-time", "byte", "uuid")
KEYS = ("^a", "b", "x", "^[ab]$", "^$", "^")
DEFINED = ("A", "B", "C")
INNER = ("P", "Q")
"""The definitions of a schema, and of the one within it that has a URI of its own.

The last letter of a reference is that of what it refers to, whatever it looks like.
"""


class Drawer:
    """Draws schemas and values, always the same of one seed."""

    def __init__(self, seed: int) -> None:
        """Draw by a seed."""
        self.random = Random(seed)  # noqa: S311  # to draw, not to hide
        self.names = NAMES if self.chance(0.85) else (*self.some(HOSTILE, 3), "a")
        self.references = [f"#/$defs/{name}" for name in DEFINED]
        self.year = self.one((4, 7, 7, 2019, *(2020,) * 12))
        self._liked: dict[str, float] = {}
        self._slip = 0.1

    def likes(self, word: str, of: float) -> bool:
        """Whether to say a word, which one seed likes, and another one does not."""
        if word not in self._liked:
            self._liked[word] = self.one((0.1, 1, 1, 1, 4))
        return self.chance(min(of * self._liked[word], 0.9))

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def one(self, of: Any) -> Any:
        return self.random.choice(of)

    def some(self, of: Any, least: int = 1, most: int = 3) -> list[Any]:
        count = min(self.random.randint(least, most), len(of))
        return self.random.sample([*of], count)

    # --- schemas ------------------------------------------------------------------

    def whole(self) -> dict[str, Any]:
        """A schema with definitions, mostly of an object."""
        within = self.embedded() if self.chance(0.2) else None
        if self.chance(0.1):
            self.references += ["#"] if self.year == 4 else ["#", "#a"]
        made = self.object(3) if self.chance(0.75) else self.schema(3)
        whole: dict[str, Any] = {**made} if isinstance(made, dict) else {}
        whole.setdefault("type", "object") if self.chance(0.8) else None
        defined = {name: self.schema(2) for name in DEFINED}
        if within:
            whole = {"$id": f"{HERE}root", **whole}
            defined["D"] = within
        whole["$defs"] = defined
        if "#a" in self.references:
            defined["A"] = {"allOf": [defined["A"]], "$anchor": "a"}
        if within and self.chance(0.5):
            defined["C"] = {"allOf": [defined["C"]], "$dynamicAnchor": "P"}
        whole = {"$schema": DIALECT, **whole}
        return whole if self.year == 2020 else in_draft(whole, self.year)

    def embedded(self) -> dict[str, Any]:
        """A schema with a URI and definitions of its own; others then refer to them."""
        outer = self.references
        own = [f"#/$defs/{name}" for name in INNER]
        self.references = [*own, f"{HERE}root#/$defs/B", "root#/$defs/C"]
        dynamic = self.year != 4 and self.chance(0.6)
        if dynamic:
            # not by `$ref`: python-jsonschema takes that for a dynamic one, too
            self.references += ["dynamic #P"] * 4
        defined = {name: self.schema(1) for name in INNER}
        made = self.schema(2)
        if dynamic:
            defined["P"] = {"allOf": [defined["P"]], "$dynamicAnchor": "P"}
        self.references = [*outer, "D", "D#/$defs/Q", "#/$defs/D", f"{HERE}D#/$defs/P"]
        led = {"$ref", "$dynamicRef"}
        inner = made if isinstance(made, dict) and not led & {*made} else {}
        return {"$id": "D", **inner, "$defs": defined}

    def schema(self, deep: int) -> Schema:
        """Any schema, with some schemas within it."""
        found: dict[str, Any] = {}
        if self.likes("true", 0.02):
            return self.one((True, False, {}))
        kinds: list[tuple[float, Callable[[int], dict[str, Any]]]] = [
            (0.42, self.scalar),
            (0.22, self.object),
            (0.12, self.array),
            (0.10, self.reference),
            (0.14, self.combined),
        ]
        if deep <= 0:
            kinds = kinds[:1]
        (made,) = self.random.choices(
            [one for _, one in kinds], [weight for weight, _ in kinds]
        )
        found |= made(deep)
        if self.chance(0.08):
            found |= self.scalar(0)
        if deep > 0 and self.chance(0.08):
            found |= self.combined(deep)
        return found

    def scalar(self, deep: int) -> dict[str, Any]:
        """What is said of a string, a number or the like."""
        del deep
        found: dict[str, Any] = {"type": self.one(TYPES[:5])}
        if self.chance(0.15):
            found["type"] = self.some(TYPES, 2, 3)
        if self.chance(0.12):
            del found["type"]
        words: dict[str, Callable[[], Any]] = {
            "minLength": lambda: self.one((0, 1, 2, 1.0)),
            "maxLength": lambda: self.one((0, 1, 2)),
            "minimum": lambda: self.one((0, 1, 1.5)),
            "maximum": lambda: self.one((2, 2.5, 0)),
            "exclusiveMinimum": lambda: self.one((0, 1)),
            "exclusiveMaximum": lambda: self.one((2, 3)),
            "multipleOf": lambda: self.one((1, 2, 0.5, 0.1, 3)),
            "pattern": lambda: self.one(PATTERNS),
            "enum": lambda: self.some((*LISTED, *self.some(RARE))),
            "const": lambda: self.one((*LISTED, *self.some(RARE))),
            "format": lambda: self.one(FORMATS),
            "default": lambda: "x",
            "examples": lambda: [{"$ref": "#/nowhere", "$id": "D"}],
            "title": lambda: self.one(("A", "Drawn", "a", "")),
            "x-more": lambda: {"$ref": "#/nowhere"},
        }
        for word in self.some([*words], 0, 2):
            found[word] = words[word]()
        liked = [word for word in words if self.likes(word, 0.02)]
        return found | {word: words[word]() for word in liked}

    def object(self, deep: int) -> dict[str, Any]:
        """What is said of an object."""
        found: dict[str, Any] = {"type": "object"} if self.chance(0.85) else {}
        if self.chance(0.85):
            found["properties"] = {
                name: self.schema(deep - 1) for name in self.some(self.names)
            }
        words: dict[str, tuple[float, Callable[[], Any]]] = {
            "required": (0.45, lambda: self.some(self.names, 1, 2)),
            "additionalProperties": (
                0.3,
                lambda: self.one((False, False, True, self.schema(deep - 1))),
            ),
            "patternProperties": (
                0.12,
                lambda: {one: self.schema(deep - 1) for one in self.some(KEYS, 1, 2)},
            ),
            "propertyNames": (0.06, self.named),
            "minProperties": (0.06, lambda: self.one((0, 1, 2))),
            "maxProperties": (0.06, lambda: self.one((1, 2))),
            "dependentRequired": (
                0.06,
                lambda: {self.one(self.names): self.some(self.names, 1, 1)},
            ),
            "dependentSchemas": (
                0.05,
                lambda: {self.one(self.names): self.schema(deep - 1)},
            ),
            "unevaluatedProperties": (
                0.07,
                lambda: self.one((False, False, self.schema(0), self.schema(1))),
            ),
        }
        return found | self.said(words)

    def array(self, deep: int) -> dict[str, Any]:
        """What is said of an array."""
        found: dict[str, Any] = {"type": "array"} if self.chance(0.9) else {}
        words: dict[str, tuple[float, Callable[[], Any]]] = {
            "items": (0.75, lambda: self.schema(deep - 1)),
            "prefixItems": (
                0.15,
                lambda: [self.schema(deep - 1) for _ in range(self.one((1, 2)))],
            ),
            "minItems": (0.2, lambda: self.one((0, 1, 2))),
            "maxItems": (0.2, lambda: self.one((0, 1, 2))),
            "uniqueItems": (0.2, lambda: self.chance(0.8)),
            "contains": (0.08, lambda: self.schema(self.one((0, 0, deep - 1)))),
            "minContains": (0.04, lambda: self.one((0, 1, 2))),
            "maxContains": (0.04, lambda: self.one((1, 2))),
            "minProperties": (0.02, lambda: 1),
            "unevaluatedItems": (0.06, lambda: self.one((False, self.schema(0)))),
        }
        return found | self.said(words)

    def said(self, words: dict[str, tuple[float, Callable[[], Any]]]) -> dict[str, Any]:
        liked = {
            word: make for word, (of, make) in words.items() if self.likes(word, of)
        }
        return {word: make() for word, make in liked.items()}

    def named(self) -> Schema:
        """What names may be, which are texts."""
        made = self.schema(self.one((0, 0, 1)))
        if isinstance(made, dict) and self.chance(0.7):
            made.pop("type", None)
        return made

    def reference(self, deep: int) -> dict[str, Any]:
        """A reference, sometimes with something beside it."""
        kind, _, written = self.one(self.references).rpartition(" ")
        found = {"$dynamicRef" if kind else "$ref": written}
        found |= self.unevaluated()
        beside = self.one((self.scalar, self.object, self.array))
        return {**beside(deep), **found} if self.chance(0.15) else found

    def combined(self, deep: int) -> dict[str, Any]:
        """Options, conditions and what must hold together."""
        found: Schema = self.schema(deep - 1) if self.chance(0.4) else {}
        made: dict[str, Any] = {**found} if isinstance(found, dict) else {}
        match self.one(("allOf", "anyOf", "oneOf", "tagged", "null", "not", "if")):
            case "not":
                made["not"] = self.schema(self.one((0, deep - 1)))
            case "if":
                made |= {"if": self.schema(deep - 1), "then": self.schema(deep - 1)}
                if self.chance(0.4):
                    made["else"] = self.schema(deep - 1)
            case "null":
                options = [self.schema(deep - 1), {"type": "null"}]
                self.random.shuffle(options)
                made[self.one(("anyOf", "oneOf"))] = options
            case "tagged":
                made[self.one(("anyOf", "oneOf"))] = [
                    self.tagged(tag, deep) for tag in self.some(("x", "y", "xy"), 2)
                ]
            case word:
                made[word] = [
                    self.schema(deep - 1) for _ in range(self.one((1, 2, 2, 3)))
                ]
        return made | self.unevaluated()

    def unevaluated(self) -> dict[str, Any]:
        """Sometimes, what is said of what nothing evaluates that is beside it."""
        if not self.likes("unevaluated", 0.06):
            return {}
        word = self.one(("unevaluatedProperties", "unevaluatedItems"))
        return {word: self.one((False, False, self.schema(0)))}

    def tagged(self, tag: str, deep: int) -> dict[str, Any]:
        """An object with a member that is always the same."""
        found = self.object(deep - 1)
        found["type"] = "object"
        found["properties"] = {**found.get("properties", {}), "c": {"const": tag}}
        found["required"] = [*{*found.get("required", ()), "c"}]
        return found

    # --- values -------------------------------------------------------------------

    def value(self, schema: Any, whole: dict[str, Any], deep: int = 5) -> Any:
        """A value that a schema may accept, and now and then something else."""
        if schema is whole:
            self._slip = self.one((0.01, 0.03, 0.1))
        if not isinstance(schema, dict) or deep < 0 or self.chance(self._slip):
            return deepcopy(self.one(SCALARS))
        for word in ("$ref", "$dynamicRef"):
            if word in schema and self.chance(0.95):
                led = referred(whole, schema[word])
                own = {key: value for key, value in schema.items() if key != word}
                if own and self.chance(0.6):
                    return self.joined({**own, word: led}, word, whole, deep)
                return self.value(led, whole, deep - 1)
        for word, listed in (("const", [schema.get("const")]), ("enum", None)):
            if word in schema and self.chance(0.8):
                return deepcopy(self.one(listed or schema[word]))
        for word in ("allOf", "anyOf", "oneOf", "then"):
            if word in schema and self.chance(0.6):
                return self.joined(schema, word, whole, deep)
        return self.typed(schema, whole, deep)

    def joined(self, schema: Any, word: str, whole: dict[str, Any], deep: int) -> Any:
        """A value of an option, or of all, with what is said beside them."""
        inner = schema[word] if isinstance(schema[word], list) else [schema[word]]
        every = [self.value(one, whole, deep - 1) for one in inner]
        picked = [self.one(every)] if word in ("anyOf", "oneOf") else every
        own = {key: value for key, value in schema.items() if key != word}
        picked.append(self.value(own, whole, deep - 1))
        if all(isinstance(one, dict) for one in picked):
            return {key: value for one in picked for key, value in one.items()}
        return self.one(picked[:-1])

    def typed(self, schema: Any, whole: dict[str, Any], deep: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self.one(kind)
        if kind is None and {"properties", "required"} & {*schema}:
            kind = "object"
        if kind is None and {"items", "prefixItems"} & {*schema}:
            kind = "array"
        match kind:
            case "string":
                return self.one([*self.fitting(schema, STRINGS), "x"])
            case "integer":
                whole_ones = [one for one in NUMBERS if one % 1 == 0]
                return self.one([*self.fitting(schema, whole_ones), 1])
            case "number":
                return self.one([*self.fitting(schema, NUMBERS), 1])
            case "boolean":
                return self.chance(0.5)
            case "null":
                return None
            case "array":
                return self.items(schema, whole, deep)
            case "object":
                return self.members(schema, whole, deep)
            case _:
                return deepcopy(self.one(SCALARS))

    def fitting(self, schema: Any, values: Iterable[Any]) -> list[Any]:
        """Those of some values that keep the bounds of a schema, mostly."""
        of = [one for one in values if fits(schema, one)]
        return of if self.chance(0.9) else [*values]

    def items(self, schema: Any, whole: dict[str, Any], deep: int) -> list[Any]:
        first, rest = schema.get("prefixItems", []), schema.get("items", True)
        if isinstance(rest, list):
            first, rest = rest, schema.get("additionalItems", True)
        low, high = (schema.get(f"{end}Items") for end in ("min", "max"))
        count = max(self.one((0, 1, 2, 3, len(first))), low or 0)
        count = min(count, 9 if high is None else high)
        each = [*first, *([rest] * count)][:count]
        for at in range(len(each)):
            if "contains" in schema and self.chance(0.4):
                each[at] = schema["contains"]
        return [self.value(one, whole, deep - 1) for one in each]

    def members(self, schema: Any, whole: dict[str, Any], deep: int) -> dict[str, Any]:
        found = {
            name: self.value(one, whole, deep - 1)
            for name, one in schema.get("properties", {}).items()
            if self.chance(0.75)
        }
        for name in schema.get("required", ()):
            if name not in found and self.chance(1 - self._slip):
                said = schema.get("properties", {}).get(name, True)
                found[name] = self.value(said, whole, deep - 1)
        if self.chance(0.05 if schema.get("additionalProperties") is False else 0.25):
            more = schema.get("additionalProperties", True)
            keys = [more, *schema.get("patternProperties", {}).values()]
            name = self.one((*self.names, "zz", "ab"))
            found[name] = self.value(self.one(keys), whole, deep - 1)
        return found

    # --- changes ------------------------------------------------------------------

    def changed(self, whole: dict[str, Any]) -> dict[str, Any]:
        """The same schema with one place that is another."""
        found = deepcopy(whole)
        places = [
            way for way in ways(found) if way[0] != "$schema" and way != ("$defs",)
        ]
        if not places:
            return found
        *way, last = self.one(places)
        owner = found
        for step in way:
            owner = owner[step]
        below = owner[last]
        match below:
            case bool():
                owner[last] = not below
            case int() | float():
                owner[last] = self.one((0, 1, 2, 3))
            case _ if self.chance(0.4) and len(way) != 1:
                del owner[last]
            case dict() if way and way[-1] in ("properties", "$defs"):
                owner[last] = self.schema(1)
            case list():
                self.random.shuffle(below)
            case _:
                pass
        return found


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Whether a text or a number keeps the bounds that are beside its type."""
    if isinstance(value, str):
        low, high = schema.get("minLength", 0), schema.get("maxLength", 9)
        found = re.search(schema.get("pattern", ""), value)
        return bool(low <= len(value) <= high and found)
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    above, below = (schema.get(f"exclusive{end}imum", True) for end in ("Min", "Max"))
    return bool(
        low <= value <= high
        and (above is True or above < value)
        and (below is True or value < below)
    )


def referred(whole: dict[str, Any], reference: str) -> Any:
    """What a reference in a schema that was drawn refers to."""
    name = reference[-1].upper()
    if name == "#":
        return whole
    defined = whole.get("$defs", whole.get("definitions", {}))
    within = defined.get("D", {})
    inner = within.get("$defs", within.get("definitions", {}))
    return {**inner, **defined}.get(name, True)


DRAFTS = {
    4: "http://json-schema.org/draft-04/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: DIALECT,
}
_OLD = {"$defs": "definitions", "dependentRequired": "dependencies"}
_IN_2019 = {"$dynamicRef": "$ref", "$dynamicAnchor": "$anchor"}
_NOT_IN_7 = ("unevaluatedItems", "unevaluatedProperties", "minContains", "maxContains")
_NOT_IN_4 = ("contains", "propertyNames", "if", "then", "else")
_DATA = ("const", "enum", "default", "examples")
_PLAIN = ("uniqueItems", "dependentRequired", "required", "type")
_NAMED = ("$defs", "properties", "patternProperties", "dependentSchemas")


def in_draft(schema: Any, year: int) -> Any:
    """A schema in the words of another draft, as far as that has them."""
    match schema:
        case list():
            return [in_draft(one, year) for one in schema]
        case bool() if year == 4:
            return {} if schema else {"not": {}}
        case {"$ref": str(), "$schema": str()} | {"$ref": str(), "$id": str()}:
            # what is beside a reference does not count there
            named = {"$schema", "$id", "$defs"}
            inner = {word: said for word, said in schema.items() if word not in named}
            outer = {word: said for word, said in schema.items() if word in named}
            return in_draft({**outer, "allOf": [inner]}, year)
        case dict():
            made: dict[str, Any] = {}
            for word, said in schema.items():
                made |= _word(word, said, year)
        case _:
            return schema
    if "prefixItems" in made:
        rest = made.pop("items", None)
        made["items"] = made.pop("prefixItems")
        made |= {} if rest is None else {"additionalItems": rest}
    if year == 4:
        for end in ("minimum", "maximum"):
            above = made.pop(f"exclusive{end.capitalize()}", None)
            if above is not None:
                made |= {end: above, f"exclusive{end.capitalize()}": True}
        if made.get("required") == []:
            del made["required"]
    return made


def _word(word: str, said: Any, year: int) -> dict[str, Any]:
    """A keyword in the words of another draft."""
    if word in _DATA:
        return {"enum": [said]} if word == "const" and year == 4 else {word: said}
    if word == "$schema":
        return {word: DRAFTS[year]}
    if word in _NAMED:
        said = {name: in_draft(one, year) for name, one in said.items()}
    elif isinstance(said, dict | list | bool) and word not in _PLAIN:
        said = in_draft(said, year)
    elif isinstance(said, float) and word == "minLength" and year == 4:
        said = int(said)  # before draft-06, 1.0 was no integer
    word = _IN_2019.get(word, word)
    if year >= 2019:
        return {word: said}
    if word == "$ref":
        return {word: said.replace("/$defs/", "/definitions/")}
    if word == "$anchor":
        return {} if year == 4 else {"$id": f"#{said}"}
    if word == "$id" and year == 4:
        return {"id": said}
    if word == "dependentSchemas":
        return {"dependencies": said}
    left_out = (*_NOT_IN_7, *(_NOT_IN_4 if year == 4 else ()))
    return {} if word in left_out else {_OLD.get(word, word): said}


def ways(value: Any, way: Path = ()) -> Iterator[Path]:
    """The way to each place in a JSON value but the whole."""
    match value:
        case dict():
            steps: list[Any] = [*value]
        case list():
            steps = [*range(len(value))]
        case _:
            steps = []
    for step in steps:
        yield (*way, step)
        yield from ways(value[step], (*way, step))


def smaller(value: Any, still: Callable[[Any], bool], tries: int = 300) -> Any:
    """A value with as few places as keep it what it is."""
    shrunk = True
    while shrunk and tries > 0:
        shrunk = False
        for *way, last in [*ways(value)]:
            less = deepcopy(value)
            owner = less
            for step in way:
                owner = owner[step]
            del owner[last]
            tries -= 1
            if tries > 0 and still(less):
                value, shrunk = less, True
                break
    return value
