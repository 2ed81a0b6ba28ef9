"""One line of help for a response that is right for another command line.

An invalid response may be what another system writes, lie in an envelope, be one of a
list, or have another shape. All of that is tried, once a response is known to be
invalid, and what makes it valid is said.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import cast

from shapespec.ground.pointer import pointer_to
from shapespec.responses.contract import Contract
from shapespec.responses.finding import AnyFinding
from shapespec.responses.guesses import guess
from shapespec.responses.read import Response
from shapespec.runtime._part import is_named

MOST_TRIED = 5
"""How many responses of a run are looked at; the others have the same trouble."""

_LONGEST = 1_000_000
_MOST_INSIDE = 50
_DEEPEST = 3
_MOST_SHAPES = 200
_MOST_COUNTED = 1_000
"""Of a response with more errors it is not counted how many another form leaves."""

_CLEARER = 5
"""How many times fewer errors another form has to have, where some are left."""


_DOCUMENTS = {
    "shapespec": ("a spec", "in a folder, --exclude passes it over"),
    "$schema": ("a schema", "in a folder, --exclude passes it over"),
    "openapi": ("an OpenAPI description", "--spec takes it as the contract"),
}
"""What is no response, by a key that it has, and what can be done with it."""


class Hints:
    """Looks for what would make the invalid responses of a run valid."""

    def __init__(
        self, contract: Contract, options: Mapping[str, object], *, rows: bool
    ) -> None:
        """Validate by `contract`, as `options` say, unless they are the trouble."""
        self._validate = contract.validate
        self._is_valid = contract.is_valid
        self._options = dict(options)
        self._rows = rows
        self._left = MOST_TRIED
        self._name = cast("ModuleType", contract).__name__

    def hint(self, response: Response, findings: Sequence[AnyFinding]) -> str | None:
        """What would make a response valid that is not; none if nothing would."""
        if not self._left:
            return None
        self._left -= 1
        errors = _errors(findings)
        value = response.value
        if isinstance(value, str):
            return guess(response.text) or self._quoted(value)
        if response.kind == "yaml" and response.text.lstrip()[:1] not in ("{", "["):
            said = guess(response.text)  # prose with a colon is YAML, too
            if said is not None:
                return said
        for look in (
            self._error,
            self._document,
            self._right_form,
            self._moments,
            self._near_form,
            self._list,
            self._boxed,
            self._inside,
            self._written,
            self._shape,
        ):
            said = look(value, errors)
            if said is not None:
                return said
        return None

    def _moments(self, value: object, errors: int) -> str | None:
        """R and MongoDB write a moment as an object; R also as milliseconds."""
        moments = [*_odd_moments(value)]
        if not moments:
            return None
        plain = _with_moments(value)
        for form in (self._options["form"], *self._forms()):
            left = self._errors(plain, form=form)
            if left is not None and left < errors and left * _CLEARER <= errors:
                what = (
                    'objects with "$date"'
                    if isinstance(moments[0], dict)
                    else "milliseconds since 1970"
                )
                return (
                    f"its timestamps are {what}; R writes text with"
                    ' jsonlite::toJSON(x, POSIXt = "ISO8601")'
                )
        return None

    def _boxed(self, value: object, errors: int) -> str | None:
        """R has no scalars: its JSON has lists of one item unless told otherwise."""
        plain = _unboxed(value)
        if plain == value:
            return None
        for form in (self._options["form"], *self._forms()):
            if errors > _MOST_COUNTED and not self._fits(plain, form=form):
                continue
            left = self._errors(plain, form=form)
            if left is not None and left * _CLEARER <= errors:
                return (
                    "each value is in a list, as R writes it; write it with"
                    " jsonlite::toJSON(x, auto_unbox = TRUE)"
                )
        return None

    def _error(self, value: object, errors: int) -> str | None:
        """AWS answers a request that failed with something else."""
        del errors
        if not isinstance(value, dict):
            return None
        kind = value.get("__type")
        inside = value.get("Error")
        if isinstance(kind, str) and {"message", "Message"} & value.keys():
            return (
                f"this is an error of AWS ({kind.rpartition('#')[2]}), not a response"
            )
        if isinstance(inside, dict) and {"Code", "Message"} <= inside.keys():
            return f"this is an error of AWS ({inside['Code']}), not a response"
        return None

    def _document(self, value: object, errors: int) -> str | None:
        """A folder of responses may hold what describes them, too."""
        del errors
        if not isinstance(value, dict):
            return None
        for key, (kind, command) in _DOCUMENTS.items():
            if isinstance(value.get(key), str | int) and not self._knows(key):
                return f"this is {kind}, not a response; {command}"
        return None

    def _knows(self, member: str) -> bool:
        findings = self._validate({member: ""}, **self._options)
        return all(one.rule != "unknown-member" for one in findings)

    def _best_form(self, value: object, errors: int) -> tuple[str | None, int]:
        """The form with the fewest errors, and how many these are."""
        best, left = None, errors
        for form in self._forms():
            if errors > _MOST_COUNTED and not self._fits(value, form=form):
                continue
            found = self._errors(value, form=form)
            if found is not None and found < left:
                best, left = form, found
        return best, left

    def _right_form(self, value: object, errors: int) -> str | None:
        best, left = self._best_form(value, errors)
        if best is None or left:
            return None
        return f"this is what {best} writes; with --form {best} it is valid"

    def _near_form(self, value: object, errors: int) -> str | None:
        best, left = self._best_form(value, errors)
        if best is None or left * _CLEARER > errors:
            return None
        count = f"{left} error{'' if left == 1 else 's'}"
        return f"this looks like what {best} writes; with --form {best} it has {count}"

    def _list(self, value: object, errors: int) -> str | None:
        del errors
        if self._rows or not isinstance(value, list) or not value:
            return None
        for form in (self._options["form"], *self._forms()):
            if self._fits(value[0], form=form):
                more = "" if form == self._options["form"] else f" and --form {form}"
                return f"this is a list of responses; with --rows{more} each is read"
        return None

    def _inside(self, value: object, errors: int) -> str | None:
        del errors
        for at, inner in _below(value):
            for form in (self._options["form"], *self._forms()):
                if self._fits(inner, form=form):
                    more = "" if form == self._options["form"] else f" --form {form}"
                    return f"the response is within; with --at {at}{more} it is valid"
            first = inner[0] if isinstance(inner, list) and inner else None
            if not self._rows and self._fits(first):
                return f"{at} is a list of responses; with --rows each is read"
        return None

    def _written(self, value: object, errors: int) -> str | None:
        """A function behind a gateway returns its answer as text."""
        del errors
        for name, text in value.items() if isinstance(value, dict) else ():
            if name.isidentifier() and self._fits_any(_read(text)):
                return (
                    f"the response is JSON in a string; jq '.{name} | fromjson'"
                    " unpacks it"
                )
        return None

    def _quoted(self, value: object) -> str | None:
        """What was written as JSON twice."""
        if not self._fits_any(_read(value)):
            return None
        return "this is JSON in a string of JSON; jq fromjson unpacks it"

    def _fits_any(self, value: object) -> bool:
        return any(
            self._fits(value, form=form)
            for form in (self._options["form"], *self._forms())
        )

    def _shape(self, value: object, errors: int) -> str | None:
        del errors
        names = _names(self._name)
        if not value or len(names) > _MOST_SHAPES:
            return None
        usual = getattr(self._validate, "__kwdefaults__", None) or {}
        tried = self._options.get("shape", usual.get("shape"))
        fitting = [
            shape
            for shape in names
            if shape != tried and self._fits(value, shape=shape, strict=True)
        ]
        if not 1 <= len(fitting) <= 3:
            return None
        shapes = " or ".join(f"--shape {shape}" for shape in fitting)
        return f"it has another shape; with {shapes} it is valid"

    def _fits(self, value: object, **given: object) -> bool:
        """Whether a value is valid, read in another way; no findings are made of it."""
        if not isinstance(value, dict) or not value:
            return False
        try:
            valid = self._is_valid(value, **{**self._options, **given})
        except (ValueError, TypeError):
            return False
        return valid and self._errors(value, **given) == 0

    def _errors(self, value: object, **given: object) -> int | None:
        """How many errors a value has, read in another way; none if it hides them.

        What has no member that is known is valid where no member is required.
        """
        if not isinstance(value, dict) or not value:
            return None
        options = {**self._options, **given}
        try:
            findings = self._validate(value, **options)
        except (ValueError, TypeError):
            return None
        strange = sum(finding.rule == "unknown-member" for finding in findings)
        return None if strange * 2 >= len(value) else _errors(findings)

    def _forms(self) -> Iterator[str]:
        forms: Mapping[str | None, object] = self._module("_forms").FORMS
        for form in forms:
            if form is not None and form != self._options["form"]:
                yield form

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self._name}.{name}")


def shapes_of(contract: Contract) -> tuple[str, ...]:
    """The names of the shapes that a response of a contract may have."""
    return _names(cast("ModuleType", contract).__name__)


def _names(package: str) -> tuple[str, ...]:
    found: Iterable[str] = importlib.import_module(f"{package}._contract").SHAPES
    return tuple(filter(is_named, found))


def forms_of(contract: Contract) -> tuple[str, ...]:
    """The names of a contract's forms."""
    name = cast("ModuleType", contract).__name__
    found: Mapping[str | None, object] = importlib.import_module(f"{name}._forms").FORMS
    return tuple(form for form in found if form is not None)


def _read(text: object) -> object:
    """What a string holds that is the JSON of an object; none for any other value."""
    if not isinstance(text, str) or text.lstrip()[:1] != "{" or len(text) > _LONGEST:
        return None
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _unboxed(value: object) -> object:
    """A value with each list of one scalar replaced by that scalar."""
    match value:
        case [(str() | int() | float()) as one]:
            return one
        case list():
            return [_unboxed(item) for item in value]
        case dict():
            return {name: _unboxed(item) for name, item in value.items()}
        case _:
            return value


_MILLISECONDS = (10**11, 10**14)
"""Numbers that are moments in milliseconds, and far from any in seconds."""


def _is_odd_moment(value: object) -> bool:
    match value:
        case {"$date": _, **rest}:
            return not rest
        case [int() | float() as number]:  # as R writes a vector
            return _MILLISECONDS[0] <= number < _MILLISECONDS[1]
        case _:
            return False


def _odd_moments(value: object) -> Iterator[object]:
    """Values that stand for moments as R or MongoDB write them."""
    if _is_odd_moment(value):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _odd_moments(item)


def _with_moments(value: object) -> object:
    """The same with a moment as text in their places, which every form reads."""
    if _is_odd_moment(value):
        return "2023-11-14T22:13:20Z"
    match value:
        case list():
            return [*map(_with_moments, value)]
        case dict():
            return {name: _with_moments(item) for name, item in value.items()}
        case _:
            return value


def _errors(findings: Sequence[AnyFinding]) -> int:
    return sum(finding.severity == "error" for finding in findings)


def _below(value: object) -> Iterator[tuple[str, object]]:
    """What is inside of a value, the nearest first, as far as it may be an envelope."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), value)]
    for way, outer in waiting:
        if isinstance(outer, dict) and len(way) < _DEEPEST:
            for name, inner in outer.items():
                if isinstance(inner, dict | list) and len(waiting) < _MOST_INSIDE:
                    waiting.append(((*way, str(name)), inner))
    for way, inner in waiting[1:]:
        yield pointer_to(way), inner
