"""The draft of a spec from an OpenAPI description, or from one of its bodies."""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections.abc import Container, Iterator
from dataclasses import field, replace
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from shapespec.contract.schema import Deprecated, Http
from shapespec.diagnostics import catalogue
from shapespec.diagnostics.model import Faults
from shapespec.drafts import model
from shapespec.drafts.digests import digest_of
from shapespec.drafts.model import Draft, Member, Note, Shape, Target, each_shape
from shapespec.drafts.packages import package_name
from shapespec.ground.errors import Unusable
from shapespec.importers.json_file import JsonFile
from shapespec.importers.json_schema import spec as json_schema
from shapespec.importers.json_schema.check import problems
from shapespec.importers.json_schema.dialects import D2020
from shapespec.importers.openapi.bundle import OPEN, Bundle, Direction
from shapespec.importers.openapi.description import (
    REQUEST,
    Answer,
    Body,
    Description,
    Operation,
    Parameter,
)
from shapespec.importers.openapi.files import Place
from shapespec.records import dataclass

_BODIES = "Bodies"
_MOST_EXAMPLES = 5
_MOST_FAULTS = 100
_STRING = Shape(type="string")
_TEMPLATE = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True, slots=True)
class _Sent:
    """The schema of a body or a parameter, and what it is called.

    Attributes:
        is_body: Whether it says what a whole response or request is.
    """

    schema: Place
    name: str
    direction: Direction
    is_body: bool = False


@dataclass(slots=True)
class _Made:
    """What became of the schemas that were asked for.

    Attributes:
        shapes: All shapes, by id.
        targets: What each of the schemas is, by its place and direction.
    """

    shapes: dict[str, Shape]
    targets: dict[tuple[str, str, Direction], Target]
    forms: tuple[model.Form, ...]
    notes: list[Note] = field(default_factory=list[Note])

    def target(self, schema: Place, direction: Direction) -> Target:
        """What a schema is: a name, or a shape in place."""
        return self.targets[(*schema.key, direction)]

    def named(self, schema: Place, direction: Direction, wanted: str) -> str:
        """The id of the shape that a schema is; it gets one where it is in place."""
        found = self.target(schema, direction)
        if isinstance(found, str):
            return found
        name, count = wanted, 1
        while name in self.shapes:
            count += 1
            name = f"{wanted}{count}"
        self.shapes[name] = found
        self.targets[(*schema.key, direction)] = name
        return name


def draft(
    description: Description,
    operations: tuple[str, ...] = (),
    *,
    package: str | None = None,
    docs: bool = False,
) -> Draft:
    """The draft of a description: its operations and the schemas of its components.

    Args:
        description: The description.
        operations: The ids of operations, or their methods and paths; all of them,
            and all components, where there are none.
        package: What the package is called; else after the file.
        docs: Whether descriptions come along.

    Raises:
        Unusable: There is no such operation, or the description is malformed.
    """
    chosen = tuple(dict.fromkeys(map(description.find, operations)))
    wanted = chosen or description.operations
    sent = [one for operation in wanted for one in _sent(operation)]
    components: list[_Sent] = []
    if not chosen:
        components = [
            _Sent(place, name, Direction.RESPONSE)
            for name, place in description.schemas()
        ]
    made = _made(description, [*components, *sent], docs=docs, values=True)
    drafted = [_operation(description, made, one, docs=docs) for one in wanted]
    names = ", ".join(map(str, chosen))
    stem = description.files.entry.partition(".")[0]
    stated = f"{description.files.entry}, OpenAPI {description.version}"
    return Draft(
        command=" ".join(
            (
                f"shapespec import openapi {description.files.entry}",
                *(f"--operation '{one}'" for one in chosen),
            )
        ),
        origin=(
            f"{', '.join(filter(None, (stated, names)))},",
            f"SHA-256 {description.files.digest()}.",
        ),
        package=package or package_name(stem),
        title=description.title,
        shapes=made.shapes,
        operations=tuple(one for one, _ in drafted),
        roots=tuple(dict.fromkeys(root for _, roots in drafted for root in roots)),
        forms=made.forms,
        notes=(*made.notes, *_beside(wanted)),
        nulls="invalid",
        formats=json_schema.formats_of(made.shapes),
    )


def answer_draft(
    description: Description, operation: Operation, answer: Answer
) -> Draft:
    """The draft of the body of an answer, which is its only root.

    Raises:
        Unusable: It has no body that is JSON, or the description is malformed.
    """
    body = answer.body
    if body is None or body.schema is None:
        held = ", ".join(one.media for one in answer.bodies) or "no body"
        is_sent = answer.status == REQUEST
        does = "takes" if is_sent else f"answers {answer.status} with"
        but = "" if is_sent else "with "
        raise Unusable(f"{operation} {does} {held}, not {but}JSON that has a schema")
    is_sent = answer.status == REQUEST
    direction = Direction.REQUEST if is_sent else Direction.RESPONSE
    word = "Body" if is_sent else "Output"
    sent = _Sent(body.schema, f"{operation.name}{word}", direction, is_body=True)
    made = _made(description, [sent], docs=False, values=False)
    root = made.named(body.schema, direction, sent.name)
    stem = description.files.entry.partition(".")[0]
    return Draft(
        command=f"shapespec import openapi {description.files.entry}",
        origin=(f"{description.files.entry}, {operation}, {answer.status}",),
        package=package_name(stem, (operation.name,)),
        title=description.title,
        shapes=made.shapes,
        roots=(root,),
        forms=made.forms,
        notes=tuple(made.notes),
        nulls="invalid",
        formats=json_schema.formats_of(made.shapes),
    )


def _made(
    description: Description, sent: list[_Sent], *, docs: bool, values: bool
) -> _Made:
    """The shapes of schemas, by way of one JSON Schema that holds them all."""
    bundle = Bundle(description, values=values)
    roots: dict[str, str] = {}
    properties: dict[tuple[str, str, Direction], str] = {}
    # What is received comes first, so that it has the names of the description.
    for one in sorted(sent, key=lambda one: one.direction is Direction.REQUEST):
        name = bundle.add(one.schema, one.name, one.direction)
        roots[name] = name
        properties[*one.schema.key, one.direction] = name
    data: Any = bundle.document(roots)
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    file = JsonFile(data, f"{_BODIES}.json", digest)
    reading = json_schema.SchemaOptions(infer_types=True)
    try:
        found = json_schema.draft(file, docs=docs, reading=reading)
    except Faults:
        _check(description, bundle, data)
        raise
    holder = found.shapes[_BODIES]
    targets = {member.name: member.target for member in holder.members}

    def in_words(shape: Shape) -> Shape:
        values = tuple(one for one in shape.values if one.text != OPEN)
        mapping = tuple(one for one in shape.mapping if one[0] != OPEN)
        grows = len(values) < len(shape.values) or len(mapping) < len(shape.mapping)
        return replace(
            shape,
            values=values,
            mapping=mapping,
            open=shape.open or grows,
            notes=tuple(map(there, shape.notes)),
            members=tuple(
                replace(one, notes=tuple(map(there, one.notes)))
                for one in shape.members
            ),
            rules=tuple(
                replace(
                    one,
                    remark=one.remark and bundle.origin(one.remark),
                    note=one.note and there(one.note),
                )
                for one in shape.rules
            ),
        )

    def there(note: Note) -> Note:
        return note._replace(said=bundle.origin(note.said))

    nulls = {member.name for member in holder.members if member.nullable}
    notes = [
        Note("root-null", bundle.origin(f"#/$defs/{name}"))
        for one in sent
        if one.is_body and (name := properties[*one.schema.key, one.direction]) in nulls
    ]
    shapes = {name: one for name, one in found.shapes.items() if name != _BODIES}
    return _Made(
        shapes=each_shape(shapes, in_words),
        targets={
            key: target
            if isinstance(target := targets[name], str)
            else in_words(target)
            for key, name in properties.items()
        },
        forms=found.forms,
        notes=[*dict.fromkeys((*bundle.notes, *notes, *map(there, found.notes)))],
    )


def _check(description: Description, bundle: Bundle, data: Any) -> None:
    """Check that the schemas of a description are some.

    Raises:
        Faults: They are not; each with its place in the description.
    """
    found = list(islice(problems(data, D2020), _MOST_FAULTS))
    if found:
        raise Faults(
            catalogue.invalid_schema(
                description.files.span(bundle.place(one.pointer)), one.message, one.help
            )
            for one in found
        )


def _sent(operation: Operation) -> Iterator[_Sent]:
    """The schemas of what an operation takes and answers."""
    for status, _, schema in _answered(operation):
        word = f"Error{status.status.capitalize()}"
        if status.is_success:
            first = status is operation.first_success
            word = "Output" if first else f"Output{status.status}"
        yield _Sent(schema, f"{operation.name}{word}", Direction.RESPONSE, is_body=True)
    for _, schema in _requests(operation):
        yield _Sent(schema, f"{operation.name}Body", Direction.REQUEST)
    for one in operation.parameters:
        if one.schema is not None:
            name = f"{operation.name}{one.name[:1].upper()}{one.name[1:]}"
            yield _Sent(one.schema, name, Direction.REQUEST)


def _answered(operation: Operation) -> Iterator[tuple[Answer, Body, Place]]:
    """The bodies that are JSON, with their statuses and schemas."""
    for status in operation.answers:
        for body in status.bodies:
            if body.is_json and body.schema is not None:
                for schema in _errors(
                    body.schema, success=status.is_success or not _is_plain(operation)
                ):
                    yield status, body, schema


def _is_plain(operation: Operation) -> bool:
    """Whether one success and errors without a status are all that is answered."""
    statuses = [one.status for one in operation.answers]
    success = [one.status for one in operation.answers if one.is_success]
    return len(success) == 1 and {*statuses} <= {*success, "default"}


def _errors(schema: Place, *, success: bool) -> tuple[Place, ...]:
    """The schemas of errors that are one of several, each of which has a name."""
    value = schema.value
    for key in ("anyOf", "oneOf"):
        if not success and isinstance(value, dict) and {*value} == {key}:
            options = tuple(schema.child(key).items())
            if all(
                isinstance(one.value, dict) and "$ref" in one.value for one in options
            ):
                return options
    return (schema,)


def _requests(operation: Operation) -> Iterator[tuple[Body, Place]]:
    """What a caller may send that is JSON, or a form, with the schemas."""
    for body in operation.bodies:
        if (body.is_json or body.is_form) and body.schema is not None:
            yield body, body.schema


# --- operations -----------------------------------------------------------------------


def _operation(
    description: Description, made: _Made, one: Operation, *, docs: bool
) -> tuple[model.Operation, tuple[str, ...]]:
    """An operation, and the ids of what is a root beside its input and output."""
    notes = [*_unread(one)]
    roots: list[str] = []
    back: dict[str, list[str]] = {}
    for status, body, schema in _answered(one):
        name = made.named(schema, Direction.RESPONSE, f"{one.name}Output")
        _keep_examples(description, made, name, body)
        known = back.setdefault(status.status, [])
        if known and not (_is_plain(one) and not status.is_success):
            roots.append(name)
            if name not in known:
                said = f"{status.status} {body.media}: `{name}`"
                notes.append(Note("more-outputs", said))
        elif name not in known:
            known.append(name)
    named = dict.fromkeys(name for names in back.values() for name in names)
    # What says no more than its type would be written in place, were it no root.
    roots += (
        name
        for name in named
        if made.shapes[name] == Shape(type=made.shapes[name].type)
    )
    outputs = tuple((status, names[0]) for status, names in back.items())
    output: str | None = None
    errors: list[str] = []
    if _is_plain(one):
        outputs = ()
        for number, names in back.items():
            if number == "default":
                errors = names
            else:
                output = names[0]
    given = _input(description, made, one, docs=docs)
    return (
        model.Operation(
            name=one.name,
            input=given.name,
            output=output,
            errors=tuple(errors),
            outputs=outputs,
            doc=_doc(one.at) if docs else None,
            deprecated=Deprecated() if one.deprecated else None,
            http=_http(one, given),
            api_version=description.api_version,
            notes=tuple(dict.fromkeys(notes)),
        ),
        (*roots, *given.roots),
    )


class _Input(NamedTuple):
    """What a caller sends.

    Attributes:
        name: The id of the structure; none where nothing is sent.
        body: The member of it that is the body; none where all of it is.
        roots: The ids of bodies that are roots.
    """

    name: str | None
    body: str | None = None
    roots: tuple[str, ...] = ()


def _input(
    description: Description, made: _Made, one: Operation, *, docs: bool
) -> _Input:
    """The structure of what a caller sends; the body itself where that is all."""
    members: dict[str, Member] = {}
    for parameter in sorted(one.parameters, key=lambda one: one.place != "path"):
        found = _parameter(made, parameter, docs=docs)
        members.setdefault(found.name, found)
    for name in _TEMPLATE.findall(one.path):
        members.setdefault(name, Member(name=name, target=_STRING, required=True))
    roots: list[str] = []
    held: Member | None = None
    for body, schema in _requests(one):
        target = made.target(schema, Direction.REQUEST)
        if isinstance(target, str):
            _keep_examples(description, made, target, body)
            roots.append(target)
        if held is None:
            held = Member(
                name=_unlike("body", members),
                target=target,
                required=one.required_body,
                remark=f"the body, {body.media}",
            )
    if held is None and not members:
        return _Input(None)
    alone = held.target if held is not None and not members else None
    if isinstance(alone, str) and made.shapes[alone].type == "structure":
        return _Input(alone, None, tuple(roots))
    given = (*members.values(), *((held,) if held else ()))
    name = _free(f"{one.name}Input", made.shapes)
    made.shapes[name] = Shape(type="structure", members=given)
    return _Input(name, held.name if held else None, tuple(roots))


def _unlike(name: str, known: Container[str]) -> str:
    while name in known:
        name = f"request{name.capitalize()}"
    return name


def _http(one: Operation, given: _Input) -> Http | None:
    """How an operation is called; none for a webhook."""
    if one.webhook or not re.fullmatch("[A-Z][A-Z-]*", one.method):
        return None
    known: set[str] = {*_TEMPLATE.findall(one.path)}
    places: dict[str, list[str]] = {"header": [], "cookie": [], "query": []}
    for parameter in one.parameters:
        place = "query" if parameter.place == "querystring" else parameter.place
        if place in places and parameter.name not in known:
            known.add(parameter.name)
            places[place].append(parameter.name)
    success = one.first_success
    status = success.status if success is not None else ""
    return Http(
        method=one.method,
        path=quote(one.path, safe=string.punctuation),
        status=int(status) if status.isdecimal() else None,
        headers=tuple(places["header"]),
        cookies=tuple(places["cookie"]),
        query=tuple(places["query"]),
        body=given.body,
    )


def _parameter(made: _Made, one: Parameter, *, docs: bool) -> Member:
    if one.schema is None:
        target: Target = Shape(type="document")
    else:
        target = made.target(one.schema, Direction.REQUEST)
    return Member(
        name=one.name,
        target=target,
        required=one.required,
        doc=_doc(one.at) if docs else None,
        deprecated=Deprecated() if one.at.value.get("deprecated") is True else None,
        remark=f"in the {one.place}",
    )


def _keep_examples(
    description: Description, made: _Made, name: str, body: Body
) -> None:
    """Add the examples of a body to its shape, each once."""
    shape = made.shapes[name]
    known = {json.dumps(one, sort_keys=True) for one in shape.examples}
    found = [*shape.examples]
    for place in body.examples(description.files):
        text = json.dumps(place.value, sort_keys=True)
        if text not in known and len(found) < _MOST_EXAMPLES:
            known.add(text)
            found.append(place.value)
    made.shapes[name] = replace(shape, examples=tuple(found))


def _unread(one: Operation) -> Iterator[Note]:
    """What a caller sends or gets that nothing is said of."""
    for body in one.bodies:
        if not (body.is_json or body.is_form):
            yield _not_json(body, "request")
    for status in one.answers:
        for body in status.bodies:
            if not body.is_json:
                yield _not_json(body, status.status)
    if "callbacks" in one.at.value:
        yield Note(
            "callbacks", f"{one}", "callbacks", digest_of(one.at.value["callbacks"])
        )


def _not_json(body: Body, of: str) -> Note:
    digest = digest_of(body.at.value)
    return Note("body-not-json", f"{of}: {body.media}", "content", digest)


def _beside(wanted: tuple[Operation, ...]) -> Iterator[Note]:
    """What concerns the whole and is not carried over."""
    names = dict.fromkeys(name for one in wanted for name in one.security)
    if names:
        yield Note("security", ", ".join(f"`{name}`" for name in names))


def _free(wanted: str, shapes: dict[str, Shape]) -> str:
    name, count = wanted, 1
    while name in shapes:
        count += 1
        name = f"{wanted}{count}"
    return name


def _doc(at: Place) -> str | None:
    for key in ("description", "summary"):
        found = at.value.get(key)
        if isinstance(found, str) and found.strip():
            return found
    return None
