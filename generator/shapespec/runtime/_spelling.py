"""From the spelling of a form to that of the service, and back.

Forms spell members otherwise, wrap values, leave absent members empty, or put the
response into an envelope. Validators and dataclasses know one spelling; `understood`
makes it, and knows where each part stood in what was given.
"""
# pyright: basic

from __future__ import annotations

import json
import re
from datetime import datetime

from ._contract import SHAPES
from ._form import Form, read_milliseconds
from ._forms import FORMS
from ._part import Member, Part, with_parts
from ._report import At, Unnamed

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

_HSTORE_TEXT = r'"((?:[^"\\]|\\.)*)"'
_HSTORE_PAIR = re.compile(
    rf"{_HSTORE_TEXT}\s*=>\s*(?:{_HSTORE_TEXT}|(NULL))\s*(?:,\s*|$)"
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_INTEGER = re.compile(r"([-+]?[0-9]{1,400})(?:\.0+)?")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_TRUTHS = {"true": True, "t": True, "false": False, "f": False}
_FEWEST_MARKS = 2


class Foreign(str):
    """A name that the response has and the form does not, whatever it spells."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class Reading:
    """A response in the spelling of the service.

    Attributes:
        value: The response.
        form: The form that it came in.
    """

    __slots__ = ("_given", "_prefix", "_source", "_texts", "form", "value")

    def __init__(self, response: Any, shape: str, form: Form) -> None:
        self.form = form
        self._source = response  # keeps alive what is known by its identity
        self._prefix: At = None
        self._given: dict[int, dict[Any, tuple[Any, ...]]] = {}
        self._texts: dict[int, Any] = {}
        if form.envelope is not None and _is_envelope(response, shape, form):
            self._prefix = (None, form.envelope)
            response = response[form.envelope]
        reader = _Reader(form, self._given, self._texts)
        self.value: object = reader.read(response, shape)

    def place(self, at: At) -> At:
        """The way to a value in the response as it was given.

        What stands inside a text has no place of its own; it is where the text is.
        """
        steps = []
        while at is not None:
            at, step = at
            steps.append(step)
        found = self._prefix
        inside: Any = self.value
        for step in reversed(steps):
            if id(inside) in self._texts:
                break
            given = self._given.get(id(inside), {})
            for one in given.get(step, (step,)):
                unnamed = isinstance(step, Unnamed)
                found = (found, Unnamed(one) if unnamed else one)
            if isinstance(inside, dict):
                inside = inside.get(step)
            elif isinstance(inside, list) and isinstance(step, int):
                inside = inside[step] if step < len(inside) else None
            else:
                inside = None
        return found


def understood(response: Any, shape: str, form: Form) -> Reading | None:
    """The response as the service spells it; none where it is spelt so already.

    Args:
        response: What was received.
        shape: The shape it should have.
        form: The form it should have; where that is any, another one is recognised by
            its marks.
    """
    if not form.name:
        form = FORMS[form_of(response, shape)]
    return Reading(response, shape, form) if form.respells else None


def form_of(response: Any, shape: str) -> str | None:
    """The form that a response unmistakably has; none for the spelling of the service.

    It is in the envelope of a form, or has some names that only forms give to members
    and none that is a member.
    """
    _, part = _meant(response, shape)
    if not isinstance(response, dict) or part is None or part.kind != "structure":
        return None
    if not part.members.keys().isdisjoint(response):
        return None
    for name, form in FORMS.items():
        if (
            form.marks
            and _is_envelope(response, shape, form)
            and _is_marked(response, form)
        ):
            return name
    if len(part.by_snake.keys() & response.keys()) < _FEWEST_MARKS:
        return _named_form(response, part)
    spelt = [(name, form) for name, form in FORMS.items() if form.snake_case]
    for name, form in spelt:
        if not form.extra_members.isdisjoint(response):
            return name
    if _has_columns(response, part):
        spelt.sort(key=lambda one: not one[1].columns)
    return spelt[0][0] if spelt else _named_form(response, part)


def _named_form(response: dict[Any, Any], part: Part) -> str | None:
    """The form that has names of its own for members, if some of them are there."""
    for name, form in FORMS.items():
        if form.named:
            known = part.by_spelling(form).keys() & response.keys()
            if len(known) >= _FEWEST_MARKS:
                return name
    return None


def _has_columns(response: dict[Any, Any], part: Part) -> bool:
    """Whether parts of a row are text, or spelt as the service spells them.

    Numbers and truth values as text are a row where all else is text, too.
    """
    if any(
        isinstance(response.get(snake), str) and _in_text(part.members[name].shape)
        for snake, name in part.by_snake.items()
    ) and all(isinstance(item, str) for item in response.values()):
        return True
    for snake, name in part.by_snake.items():
        item = response.get(snake)
        below = with_parts(SHAPES.get(part.members[name].shape))
        if below is None or below.kind in ("timestamp", "document", "one_of"):
            continue
        if isinstance(item, str):
            return True
        if isinstance(item, list) and item:
            item, below = item[0], with_parts(SHAPES.get(below.target)) or below
        if isinstance(item, dict) and any(
            key in below.members and key not in below.by_snake for key in item
        ):
            return True
    return False


def respelt(response: dict[str, Any], shape: str, form: Form) -> dict[str, Any]:
    """A response of the service as a form spells it."""
    return _Writer(form).write(response, shape) if form.respells else response


def _is_envelope(response: Any, shape: str, form: Form) -> bool:
    """Whether what was given is the envelope of a form, and not what it holds."""
    part = SHAPES.get(shape)
    return (
        form.envelope is not None
        and isinstance(response, dict)
        and isinstance(response.get(form.envelope), dict)
        and (part is None or form.envelope not in part.members)
    )


def _is_marked(response: dict[Any, Any], form: Form) -> bool:
    """Whether an envelope says that it is the one of this form."""
    return all(
        isinstance(found := response.get(name), str) and found == mark
        for name, mark in form.marks.items()
    )


def _meant(
    value: Any, target: str, form: Form | None = None
) -> tuple[str, Part | None]:
    """A shape and what it is made of; of a choice, the option that a value is."""
    part = with_parts(SHAPES.get(target))
    while part is not None and part.kind == "one_of":
        option = part.meant(value, form)
        if not option:
            return target, part.bare if isinstance(value, dict) else None
        target, part = option, with_parts(SHAPES.get(option))
    return target, part


class _Reader:
    """Makes the spelling of the service, without recursion."""

    def __init__(
        self,
        form: Form,
        given: dict[int, dict[Any, tuple[Any, ...]]],
        texts: dict[int, Any],
    ) -> None:
        self.form = form
        self.given = given
        self.texts = texts
        self.made: dict[tuple[int, str], Any] = {}
        self.pending: list[tuple[Any, Part, Any, bool]] = []
        self.structures: list[tuple[dict[Any, Any], Any, dict[Any, Any]]] = []
        self.kept: list[tuple[dict[Any, Any], Any, Any]] = []

    def read(self, response: Any, shape: str) -> Any:
        root, _ = self.convert(response, shape, nested=False)
        while self.pending:
            value, part, made, nested = self.pending.pop()
            if part.kind == "structure":
                self.fill_structure(value, part, made, nested=nested)
            else:
                self.fill(value, part, made)
        if "empty-structure" in self.form.absent:
            self.prune()
        # What is required is there, empty as it may be, if what requires it is there.
        for above, name, item in self.kept:
            above.setdefault(name, item)
        return root

    def convert(
        self, value: Any, target: str, *, nested: bool = True
    ) -> tuple[Any, tuple[int, ...]]:
        """A value in the service's spelling, and the steps to it in the given one."""
        target, part = _meant(value, target, self.form)
        kind = "scalar" if part is None else part.kind
        if kind in ("scalar", "timestamp"):
            steps: tuple[int, ...] = ()
            if self.form.vectors and isinstance(value, list) and len(value) == 1:
                value, steps = value[0], (0,)
            if kind == "timestamp" and self.form.milliseconds:
                value = read_milliseconds(value)
            return value, steps
        wanted = list if kind in ("list", "tuple") else dict
        if part is None or kind == "document" or not isinstance(value, wanted):
            return value, ()
        key = id(value), target
        if key not in self.made:
            self.made[key] = wanted()
            self.pending.append((value, part, self.made[key], nested))
        return self.made[key], ()

    def fill_structure(
        self, value: dict[Any, Any], part: Part, made: dict[Any, Any], *, nested: bool
    ) -> None:
        form = self.form
        spelling = part.by_spelling(form)
        either = not spelling or (nested and bool(form.columns))
        given: dict[Any, tuple[Any, ...]] = {}
        columns = not nested and bool(form.columns)
        blank = columns and "text" in form.columns and _is_csv(value, part, spelling)
        if spelling and not (nested and form.columns):
            given = {name: (spelt,) for spelt, name in spelling.items()}
        for key, item in value.items():
            name = spelling.get(key)
            if name is None and key in part.members:
                name = key if either else Foreign(key)
            if name is None:
                name = key
            if name in made:
                name = Foreign(key)
            if blank and item == "":
                if name in part.members:
                    given[name] = (key,)
                continue
            if name not in part.members:
                is_text = columns and isinstance(item, str)
                made[name] = self.added(name, item) if is_text else item
                continue
            member = part.members[name]
            target = member.shape
            found = item
            if columns and isinstance(item, str):
                found = self.column(item, target)
            if isinstance(found, list) and not found and "empty-list" in form.absent:
                given[name] = (key,)
                if _is_kept(member):
                    self.kept.append((made, name, []))
                continue
            found, steps = self.convert(found, target)
            made[name] = found
            given[name] = (key, *steps)
            _, below = _meant(found, target)
            if isinstance(found, dict) and below and below.kind == "structure":
                self.structures.append((made, name, found))
                if _is_kept(member):
                    self.kept.append((made, name, found))
            if isinstance(item, str) and isinstance(found, (dict, list)):
                self.texts[id(found)] = found
        if given:
            self.given[id(made)] = given

    def fill(self, value: Any, part: Part, made: Any) -> None:
        """The items of a list, or the values of a map."""
        given: dict[Any, tuple[Any, ...]] = {}
        is_list = part.kind in ("list", "tuple")
        for key, item in enumerate(value) if is_list else value.items():
            found, steps = self.convert(item, part.inside(key))
            if is_list:
                made.append(found)
            else:
                made[key] = found
            if steps:
                given[key] = (key, *steps)
        if given:
            self.given[id(made)] = given

    def column(self, text: str, target: str) -> Any:
        """What a column holds as text: JSON, hstore, a number; else the text itself."""
        part = with_parts(SHAPES.get(target))
        if part is None:
            return _scalar(text, _in_text(target))
        if part.kind in ("timestamp", "document") or part.takes_text():
            return text
        return self.composed(text, pairs=part.kind == "map")

    def added(self, name: Any, text: str) -> Any:
        """What a column that the form adds holds as text."""
        kind = self.form.extra_types.get(name, "")
        if kind == "json":
            return self.composed(text, pairs=False)
        if kind in ("hstore", "hstore_csv"):
            return self.composed(text, pairs=True)
        return _scalar(text, kind) if "text" in self.form.columns else text

    def composed(self, text: str, *, pairs: bool) -> Any:
        """The value of JSON text, or of hstore where it can be that; else the text."""
        if "json" in self.form.columns:
            try:
                found = json.loads(text, object_pairs_hook=_without_duplicates)
            except (ValueError, RecursionError):
                pass
            else:
                return self.alive(found)
        if "hstore" in self.form.columns and pairs:
            return self.alive(_hstore(text))
        return text

    def alive(self, found: Any) -> Any:
        """The same, kept alive: it is known by its identity."""
        self.made[id(found), ""] = found
        return found

    def prune(self) -> None:
        """Take out structures whose members are all absent, and what they leave."""
        parents: dict[int, list[tuple[dict[Any, Any], Any]]] = {}
        for above, name, structure in self.structures:
            parents.setdefault(id(structure), []).append((above, name))
        empty = [
            structure for _, _, structure in self.structures if _is_empty(structure)
        ]
        while empty:
            for above, name in parents.pop(id(empty.pop()), ()):
                del above[name]
                if _is_empty(above):
                    empty.append(above)


def _is_kept(member: Member) -> bool:
    """Whether it is there, and empty, where a form writes what is empty as absent."""
    shape = SHAPES.get(member.shape)
    return member.required and (
        shape is not None
        and shape.kind in ("list", "document", "structure")
        and not shape.is_union
    )


_HAS_TEXT = any("text" in form.columns for form in FORMS.values())


def _in_text(shape: str) -> str:
    """The kind of a shape of numbers or booleans, if a form reads them as text."""
    part = SHAPES.get(shape)
    is_read = part is not None and part.kind in ("integer", "number", "boolean")
    return part.kind if part is not None and is_read and _HAS_TEXT else ""


def _is_csv(value: dict[Any, Any], part: Part, spelling: dict[Any, Any]) -> bool:
    """Whether a row is one of CSV, where empty text is all that an absent value has.

    It is where some column is empty text that holds neither text nor hstore.
    """
    for key, item in value.items():
        if item == "" and isinstance(item, str):
            name = spelling.get(key, key)
            member = part.members.get(name)
            below = None if member is None else with_parts(SHAPES.get(member.shape))
            if (member is not None and _in_text(member.shape)) or (
                below
                and below.kind not in ("document", "map")
                and not below.takes_text()
            ):
                return True
    return False


def _scalar(text: str, kind: str) -> Any:
    """The number or truth value that a text of a table stands for; else the text."""
    if kind == "boolean":
        return _TRUTHS.get(text.lower(), text)
    if kind == "integer" and (match := _INTEGER.fullmatch(text)):
        return int(match[1])
    if kind == "number" and _NUMBER.fullmatch(text):
        number = float(text)
        return text if number in (float("inf"), float("-inf")) else number
    return text


def _is_empty(structure: dict[Any, Any]) -> bool:
    return not structure or all(item is None for item in structure.values())


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _hstore(text: str) -> Any:
    """An hstore as a dictionary; the text itself where it is none."""
    found: dict[str, Any] = {}
    at = 0
    text = text.strip()
    while at < len(text):
        pair = _HSTORE_PAIR.match(text, at)
        if pair is None:
            return text
        value = None if pair[3] else _ESCAPED.sub(r"\1", pair[2])
        found[_ESCAPED.sub(r"\1", pair[1])] = value
        at = pair.end()
    return found


def _are_pairs(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and (item is None or isinstance(item, str))
        for key, item in value.items()
    )


def _as_hstore(pairs: dict[str, Any]) -> str:
    """Text of PostgreSQL's type hstore."""
    return ", ".join(
        f"{_quoted(key)}=>{'NULL' if item is None else _quoted(item)}"
        for key, item in pairs.items()
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _moment_text(value: Any) -> str:
    """A moment within a column: JSON has no other word for it."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError


class _Writer:
    """Makes the spelling of a form, without recursion."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.pending: list[tuple[Any, Part, Any, bool]] = []

    def write(self, response: dict[str, Any], shape: str) -> dict[str, Any]:
        root: dict[str, Any] = self.convert(response, shape, nested=False)
        while self.pending:
            value, part, made, nested = self.pending.pop()
            if part.kind == "structure":
                self.fill_structure(value, part, made, nested=nested)
            elif part.kind in ("list", "tuple"):
                inside = part.inside
                made.extend(
                    self.convert(one, inside(at)) for at, one in enumerate(value)
                )
            else:
                for key, item in value.items():
                    made[key] = self.convert(item, part.target)
        if self.form.columns:
            self.write_columns(root, shape)
        return root

    def write_columns(self, row: Any, shape: str) -> None:
        """Make text of what is in the columns of a row, as a loader takes it."""
        _, part = _meant(row, shape, self.form)
        if part is None or part.kind != "structure" or not isinstance(row, dict):
            return
        spelling: dict[Any, Any] = part.by_spelling(self.form)
        for name, item in row.items():
            if not isinstance(item, (dict, list)):
                continue
            spelt: Any = spelling.get(name, name)
            member = part.members.get(spelt)
            below = None if member is None else with_parts(SHAPES.get(member.shape))
            pairs = below is not None and below.kind == "map"
            if below is None:
                kind = self.form.extra_types.get(name)
                pairs = kind in ("hstore", "hstore_csv") and isinstance(item, dict)
                if kind != "json" and not pairs:
                    continue
            elif below.kind == "document" or below.takes_text():
                continue
            row[name] = self.text(item, pairs=pairs)

    def text(self, value: Any, *, pairs: bool) -> Any:
        """A structure, list or map as hstore or JSON text; itself if it has none."""
        from ._structure import unfolds  # it is there where anything is written

        columns = self.form.columns
        if pairs and "hstore" in columns and _are_pairs(value):
            return _as_hstore(value)
        # What is shared or contains itself would not end.
        if "json" not in columns or unfolds(value):
            return value
        try:
            return json.dumps(value, separators=(",", ":"), default=_moment_text)
        except (TypeError, ValueError, RecursionError):
            return value

    def convert(self, value: Any, target: str, *, nested: bool = True) -> Any:
        _, part = _meant(value, target, FORMS[None])
        if part is None or part.kind == "timestamp":
            return [value] if self.form.vectors and value is not None else value
        wanted = list if part.kind in ("list", "tuple") else dict
        if part.kind == "document" or not isinstance(value, wanted):
            return value
        made: Any = wanted()
        self.pending.append((value, part, made, nested))
        return made

    def fill_structure(
        self, value: dict[Any, Any], part: Part, made: dict[Any, Any], *, nested: bool
    ) -> None:
        own = not (nested and self.form.columns)
        spelling = part.spelt(self.form) if own else {}
        for name, item in value.items():
            member = part.members.get(name)
            made[spelling.get(name, name)] = (
                item if member is None else self.convert(item, member.shape)
            )
        if "empty-list" in self.form.absent:
            for name in part.members:
                made.setdefault(spelling.get(name, name), [])
