"""One line of help for a response that is right for another command line.

An invalid response may be what another system writes, lie in an envelope, be one of a
list, or have another shape. All of that is tried, once a response is known to be
invalid, and what makes it valid is said.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import cast

from shapespec.ground.pointer import pointer_to
from shapespec.responses.contract import Contract
from shapespec.responses.envelopes import (
    EACH,
    TEXT,
    Way,
    below,
    found_at,
    json_in,
    query,
    word,
)
from shapespec.responses.finding import AnyFinding
from shapespec.responses.guesses import guess
from shapespec.responses.policy import Verdict
from shapespec.responses.read import Response
from shapespec.responses.rewritten import (
    fold,
    is_typed,
    odd_moments,
    renamed,
    unboxed,
    untyped,
    with_moments,
)
from shapespec.runtime._part import is_named

MOST_TRIED = 5
"""How many responses of a run are looked at; the others have the same trouble."""

_FEW = 10
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


_SAYS = frozenset(
    ("message", "Message", "errorMessage", "error", "errors", "detail", "title")
)
_CODES = ("code", "Code", "errorType", "error", "type", "title")
_ERROR = _SAYS | {
    *("code", "Code", "type", "Type", "status", "statusCode", "errorType", "cause"),
    *("requestId", "RequestId", "requestID", "stackTrace", "trace", "data", "instance"),
    *("jsonrpc", "id", "error_description", "error_uri", "timestamp", "path"),
    *("reason", "details"),
}
"""What the body of an error has: in the protocols of AWS, in API Gateway, Lambda,
OAuth, RFC 9457, GraphQL and Spring."""
_CODE = re.compile(r"[A-Za-z_]{3,60}")
"""What surely is a code, and not a token."""


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
            self._respelt,
            self._item,
            self._shape,
        ):
            said = look(value, errors)
            if said is not None:
                return said
        return None

    def _moments(self, value: object, errors: int) -> str | None:
        """R and MongoDB write a moment as an object; R also as milliseconds."""
        moments = [*odd_moments(value)]
        if not moments:
            return None
        plain = with_moments(value)
        for form in (self._options["form"], *self._forms()):
            left = self._errors(plain, form=form)
            if left is not None and left < errors and left * _CLEARER <= errors:
                if isinstance(moments[0], str):
                    return (
                        "its timestamps are as Python prints them; write it with"
                        " json.dumps(response, default=str)"
                    )
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
        plain = unboxed(value)
        if plain == value or not self._nearly(plain, errors):
            return None
        return (
            "each value is in a list, as R writes it; write it with"
            " jsonlite::toJSON(x, auto_unbox = TRUE)"
        )

    def _error(self, value: object, errors: int) -> str | None:
        """AWS answers a request that failed with something else."""
        del errors
        if not isinstance(value, dict):
            return None
        inside = value.get("Error")
        if isinstance(inside, dict) and {"Code", "Message"} <= inside.keys():
            return f"this is an error of AWS ({inside['Code']}), not a response"
        kind = value.get("__type")
        if isinstance(kind, str) and not self._knows("__type"):
            return (
                f"this is an error of AWS ({kind.rpartition('#')[2]}), not a response"
            )
        if not any(map(value.get, _SAYS)) or not value.keys() <= _ERROR:
            return None
        if any(map(self._knows, value)):
            return None
        codes = (value[name] for name in _CODES if isinstance(value.get(name), str))
        code = next(filter(_CODE.fullmatch, codes), "")
        return f"this is an error{f' ({code})' if code else ''}, not a response"

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
        """An envelope holds a response, or a list or a map of them, or their text."""
        del errors
        for way, inner in below(value):
            for form in (self._options["form"], *self._forms()):
                if self._fits(inner, form=form):
                    more = "" if form == self._options["form"] else f"--form {form}"
                    return self._at(value, way, more)
        return None

    def _at(self, value: object, way: Way, more: str) -> str:
        """What to do about responses that are within.

        Args:
            value: The document.
            way: The way to the first of them.
            more: What else has to be said of them.
        """
        if way[-1] is TEXT and EACH not in way:
            return f"the response is JSON in a string; jq {query(way)} unpacks it"
        siblings = found_at(value, way[:-1])
        if isinstance(siblings, dict) and self._are_responses(siblings):
            way = (*way[:-1], EACH)
        names = [one for one in way if isinstance(one, str)]
        at = word(pointer_to(names))
        if len(names) == len(way):
            also = f" {more}" if more else ""
            return f"the response is within; with --at {at}{also} it is valid"
        if isinstance(siblings, list) and len(names) == len(way) - 1 and not self._rows:
            also = f" and {more}" if more else ""
            return f"{at} is a list of responses; with --rows{also} each is read"
        also = f"; with {more} each is valid" if more else ""
        return f"the responses are within; jq -c {query(way)} takes them out{also}"

    def _are_responses(self, values: Mapping[str, object]) -> bool:
        """Whether a map has responses only, and several."""
        return len(values) > 1 and all(
            self._fits_any(one) for one in list(values.values())[:_FEW]
        )

    def _respelt(self, value: object, errors: int) -> str | None:
        """Other programs write the same names in other letters."""
        shapes: Mapping[str, object] = self._module("_contract").SHAPES
        known = {
            fold(name): name
            for part in shapes.values()
            for name in getattr(part, "members", None) or ()
        }
        odd: dict[str, str] = {}
        respelt = renamed(value, known, odd)
        if not isinstance(value, dict) or not self._nearly(respelt, errors):
            return None
        if sum(name in odd for name in value) * 2 <= len(value):
            return None  # some are mistyped, and their findings say so
        written, name = next(iter(odd.items()))
        return (
            "its names are written in another way: the contract has"
            f" {name}, not {written}"
        )

    def _item(self, value: object, errors: int) -> str | None:
        """DynamoDB writes the type of each value beside it."""
        item = value.get("Item", value) if isinstance(value, dict) else value
        if not isinstance(item, dict) or not item:
            return None
        if not all(map(is_typed, item.values())):
            return None
        if not self._nearly(untyped({"M": item}), errors):
            return None
        return (
            "this is an item of DynamoDB; boto3's TypeDeserializer makes plain values"
            " of it"
        )

    def _nearly(self, value: object, errors: int) -> bool:
        """Whether few errors of many are left, in some form."""
        for form in (self._options["form"], *self._forms()):
            if errors > _MOST_COUNTED and not self._fits(value, form=form):
                continue
            left = self._errors(value, form=form)
            if left is not None and left * _CLEARER <= errors:
                return True
        return False

    def _quoted(self, value: object) -> str | None:
        """What was written as JSON twice."""
        if not self._fits_any(json_in(value)):
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


def is_strange(verdict: Verdict) -> bool:
    """Whether a response is an object, and no member of it is known."""
    value = verdict.response.value
    unknown = {
        finding.pointer
        for finding in verdict.findings
        if finding.rule == "unknown-member"
    }
    if not isinstance(value, dict) or not 0 < len(value) <= len(unknown):
        return False
    return all(pointer_to([str(name)]) in unknown for name in value)


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


def _errors(findings: Sequence[AnyFinding]) -> int:
    return sum(finding.severity == "error" for finding in findings)
