"""An OpenAPI description: its operations, with what they take and what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shapespec.diagnostics.suggest import nearest
from shapespec.drafts.names import identifier
from shapespec.ground.errors import Unusable
from shapespec.importers.openapi.files import MAX_BYTES, Files, Place
from shapespec.records import dataclass

REQUEST = "request"
"""What stands in the place of a status for the body of a request."""

METHODS = (
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
    "query",
)
"""The members of a path item that are operations; `query` since 3.2."""

_VERSION = re.compile(r"3\.([0-9]+)\.[0-9]+(?:-.*)?")
_NEWEST = 2
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)|default")
_JSON = re.compile(
    r"(?:application|text)/(?:[\w.+-]+\+)?json(?:-[\w.+-]+)?|\*/\*|application/\*",
    re.IGNORECASE,
)
_LINES = re.compile(
    r"application/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-seq|geo\+json-seq)",
    re.IGNORECASE,
)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TEMPLATE = re.compile(r"\{[^{}/]*\}")
_PLACES = ("path", "query", "header", "cookie", "querystring")
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is sent in one media type.

    Attributes:
        media: The media type: `application/json`.
        schema: Its schema; none where it has none.
        at: Where it is described.
        lines: Whether each line is a value of the schema.
    """

    media: str
    schema: Place | None
    at: Place
    lines: bool = False

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, so that its schema says what values it has."""
        return self.lines or _JSON.fullmatch(self.media.partition(";")[0]) is not None

    @property
    def is_form(self) -> bool:
        """Whether it is the fields of a form, which a structure describes."""
        return self.media.partition(";")[0].casefold() in _FORMS

    def examples(self, files: Files) -> Iterator[Place]:
        """The examples of it that are in the description."""
        found = self.at.get("example")
        if found is not None:
            yield found
        named = self.at.get("examples")
        for _, one in named.members() if named else ():
            holder = resolved(files, one)
            for key in ("dataValue", "value"):
                value = holder.get(key)
                if value is not None:
                    yield value
                    break


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Something that a caller says beside the body.

    Attributes:
        place: `path`, `query`, `header` or `cookie`.
    """

    name: str
    place: str
    required: bool
    schema: Place | None
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an operation answers with one status, or with several.

    Attributes:
        status: `200`, `2XX` or `default`; `request` for what is sent.
        bodies: Its media types, JSON first.
    """

    status: str
    bodies: tuple[Body, ...]
    at: Place

    @property
    def body(self) -> Body | None:
        """The first body that is JSON and has a schema."""
        return next((one for one in self.bodies if one.is_json and one.schema), None)

    @property
    def media(self) -> str:
        """The media type of that body; empty where there is none."""
        return self.body.media if self.body else ""

    def in_media(self, media: str) -> Answer:
        """The same, with the body first that is sent in a media type, if one is."""
        wanted = media.partition(";")[0].strip().casefold()
        kind = f"{wanted.partition('/')[0]}/*"
        for named in (wanted, kind, "*/*"):
            for one in self.bodies:
                own = one.media.partition(";")[0].strip().casefold()
                if one.is_json and own == named:
                    rest = (other for other in self.bodies if other is not one)
                    return replace(self, bodies=(one, *rest))
        return self

    @property
    def is_success(self) -> bool:
        """Whether it is one of the statuses from 200 to 299."""
        return self.status.startswith("2")

    def covers(self, status: int) -> bool:
        """Whether a status is one of these."""
        if self.status.endswith("XX"):
            return self.status[0] == str(status)[0]
        return self.status in (str(status), "default")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """A method on a path.

    Attributes:
        method: In capitals: `GET`.
        path: With its templates: `/pets/{id}`; the name of a webhook.
        id: What the description calls it, if it does.
        name: A name of letters and digits: `GetPet`.
        bases: The paths of its servers, before `path`.
        security: The names of the security schemes.
        webhook: Whether the server calls, and the client answers.
    """

    method: str
    path: str
    id: str | None
    name: str
    parameters: tuple[Parameter, ...]
    required_body: bool
    bodies: tuple[Body, ...]
    answers: tuple[Answer, ...]
    deprecated: bool
    bases: tuple[str, ...]
    security: tuple[str, ...]
    at: Place = field(repr=False)
    webhook: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def body(self) -> Body | None:
        """The first body of a request that is JSON and has a schema."""
        return next((one for one in self.bodies if one.is_json and one.schema), None)

    @property
    def request(self) -> Answer:
        """What is sent, as if it were an answer."""
        return Answer(status=REQUEST, bodies=self.bodies, at=self.at)

    @property
    def first_success(self) -> Answer | None:
        """The first answer of a success, one with a body that is JSON before others."""
        good = sorted(
            (one for one in self.answers if one.is_success), key=lambda one: one.status
        )
        with_body = [one for one in good if one.body]
        default = [one for one in self.answers if one.status == "default"]
        return next(iter((*with_body, *good, *default)), None)

    def answer(self, status: int) -> Answer | None:
        """The answer of a status: by number, else by class, else the default."""
        fitting = [one for one in self.answers if one.covers(status)]
        return min(fitting, key=_exactness, default=None)


def _exactness(answer: Answer) -> int:
    if answer.status == "default":
        return 2
    return 1 if answer.status.endswith("XX") else 0


class Description:
    """An OpenAPI description.

    Attributes:
        files: Its files.
        version: As it says: `3.0.3`.
        operations: In the order in which they are described, webhooks last.
    """

    def __init__(self, files: Files) -> None:
        """Read the operations of a description.

        Raises:
            Unusable: It is not an OpenAPI description of a version that is known, or
                something in it is not what it must be.
        """
        self.files = files
        self.root = files.root()
        self.version = _version(files, self.root)
        self.is_30 = self.version.startswith("3.0")
        self._names: set[str] = set()
        self.operations = (*self._in_paths(), *self._webhooks())

    @property
    def title(self) -> str | None:
        """What the API is called."""
        title = self._info().get("title")
        return title if isinstance(title, str) and title.strip() else None

    @property
    def api_version(self) -> str | None:
        """The version of the API that is described, which is not that of OpenAPI.

        Of a number it is not known how it was written: 1.1 may have been 1.10.
        """
        version = self._info().get("version")
        return " ".join(version.split()) or None if isinstance(version, str) else None

    def _info(self) -> Mapping[str, Any]:
        info = self.root.get("info")
        return info.value if info and isinstance(info.value, dict) else {}

    def schemas(self) -> Iterator[tuple[str, Place]]:
        """The schemas of its components, by name."""
        components = self.root.get("components")
        found = components.get("schemas") if components else None
        if found is not None:
            yield from self._object(found).members()

    def find(self, named: str) -> Operation:
        """The operation of an id, or of a method and a path.

        Raises:
            Unusable: There is none; with the nearest name.
        """
        wanted = _normal(named)
        for one in self.operations:
            if named in (one.id, one.name, str(one)) or _normal(str(one)) == wanted:
                return one
        known = [name for one in self.operations for name in (str(one), one.id) if name]
        near = nearest(named, known)
        hint = f"; did you mean {near!r}?" if near else ""
        if not near and known:
            hint = f"; it has {', '.join(map(repr, known[:3]))}"
            hint += f" and {len(known) - 3} more" if len(known) > 3 else ""
        raise Unusable(f"{self.files.entry} has no operation {named!r}{hint}")

    def answer(self, operation: Operation, status: str | None) -> Answer:
        """The answer of a status; that of the first success where none is named.

        What is sent is had as `request`.

        Raises:
            Unusable: There is none; with those that there are.
        """
        if status is not None and status.casefold() == REQUEST:
            return operation.request
        if status is None:
            found = operation.first_success
            if found is None:
                raise Unusable(
                    f"{operation} has no answer of a success; name a --status"
                )
            return found
        for one in operation.answers:
            if one.status.casefold() == status.casefold():
                return one
        if re.fullmatch(r"[1-5][0-9]{2}", status):
            covered = operation.answer(int(status))
            if covered is not None:
                return covered
        known = [one.status for one in operation.answers]
        near = max(known, key=lambda one: _alike(one, status), default="")
        hint = f"; did you mean {near}?" if _alike(near, status) > 1 else ""
        listed = f" (it has {', '.join(known)})" if known else " (it has none)"
        raise Unusable(f"{operation} has no status {status!r}{listed}{hint}")

    # --- reading ----------------------------------------------------------------------

    def _in_paths(self) -> Iterator[Operation]:
        paths = self.root.get("paths")
        if paths is None:
            return
        for path, at in self._object(paths).members():
            if path.startswith("x-"):
                continue
            if not path.startswith("/"):
                raise self.files.fault(at, f"the path {path!r} does not begin with /")
            yield from self._of_item(path, at)

    def _webhooks(self) -> Iterator[Operation]:
        hooks = self.root.get("webhooks")
        for name, at in self._object(hooks).members() if hooks else ():
            yield from self._of_item(name, at, webhook=True)

    def _of_item(
        self, path: str, at: Place, *, webhook: bool = False
    ) -> Iterator[Operation]:
        item = self._object(resolved(self.files, at))
        methods = {name: item.get(name) for name in METHODS}
        more = item.get("additionalOperations")
        methods |= dict(self._object(more).members()) if more else {}
        for method, place in methods.items():
            if place is not None:
                found = self._operation(f"{method.upper()} {path}", place, item)
                yield replace(found, webhook=webhook)

    def _operation(self, called: str, place: Place, item: Place) -> Operation:
        """The operation at a place of a path item, called by its method and path."""
        at = self._object(place)
        method, _, path = called.partition(" ")
        given = at.value.get("operationId")
        known = given if isinstance(given, str) and given.strip() else None
        body = at.get("requestBody")
        request = self._object(resolved(self.files, body)) if body else None
        parameters = {**self._parameters(item), **self._parameters(at)}
        return Operation(
            method=method,
            path=path,
            id=known,
            name=self._name(known or f"{method.lower()} {_without_signs(path)}"),
            parameters=tuple(parameters.values()),
            required_body=request is not None and request.value.get("required") is True,
            bodies=self._bodies(request) if request else (),
            answers=tuple(self._answers(at)),
            deprecated=at.value.get("deprecated") is True,
            bases=self._bases(at, item),
            security=tuple(_names_of(at.get("security") or self.root.get("security"))),
            at=at,
        )

    def _name(self, wanted: str) -> str:
        base = identifier(wanted)
        base = base[0].upper() + base[1:]
        found, count = base, 1
        while found.casefold() in self._names:
            count += 1
            found = f"{base}{count}"
        self._names.add(found.casefold())
        return found

    def _parameters(self, at: Place) -> dict[tuple[str, str], Parameter]:
        found: dict[tuple[str, str], Parameter] = {}
        listed = at.get("parameters")
        if listed is not None and not isinstance(listed.value, list):
            raise self.files.fault(listed, "expected a list of parameters")
        for one in listed.items() if listed else ():
            place = self._object(resolved(self.files, one))
            name, where = place.value.get("name"), place.value.get("in")
            if not isinstance(name, str) or where not in _PLACES:
                places = ", ".join(_PLACES)
                raise self.files.fault(
                    one, f"a parameter needs `name` and `in`: {places}"
                )
            if where == "header" and name.casefold() in _IGNORED_HEADERS:
                continue
            schema = place.get("schema")
            content = place.get("content")
            if schema is None and content is not None:
                bodies = self._bodies(place)
                schema = next((body.schema for body in bodies if body.is_json), None)
            found[where, name] = Parameter(
                name=name,
                place=where,
                required=place.value.get("required") is True,
                schema=schema,
                at=place,
            )
        return found

    def _answers(self, at: Place) -> Iterator[Answer]:
        responses = at.get("responses")
        for status, one in self._object(responses).members() if responses else ():
            if status.startswith("x-"):
                continue
            if not _STATUS.fullmatch(status):
                message = f"{status!r} is not a status such as 200, 4XX or default"
                raise self.files.fault(one, message)
            place = self._object(resolved(self.files, one))
            yield Answer(status=status, bodies=self._bodies(place), at=place)

    def _bodies(self, at: Place) -> tuple[Body, ...]:
        content = at.get("content")
        found = []
        for media, one in self._object(content).members() if content else ():
            place = self._object(resolved(self.files, one))
            lines = place.get("itemSchema") if _LINES.fullmatch(media) else None
            found.append(
                Body(
                    media=media,
                    schema=lines or place.get("schema"),
                    at=place,
                    lines=lines is not None,
                )
            )
        return tuple(sorted(found, key=lambda one: not one.is_json))

    def _bases(self, at: Place, item: Place) -> tuple[str, ...]:
        for place in (at, item, self.root):
            servers = place.get("servers")
            if (
                servers is not None
                and isinstance(servers.value, list)
                and servers.value
            ):
                return tuple(dict.fromkeys(map(_base, servers.value)))
        return ("",)

    def _object(self, at: Place) -> Place:
        """A place that has to be an object.

        Raises:
            Unusable: It is not.
        """
        if isinstance(at.value, dict):
            return at
        raise self.files.fault(at, "expected an object")


def read_description(path: Path, limit: int = MAX_BYTES) -> Description:
    """The description in a file.

    Raises:
        Unusable: It cannot be read, or is not an OpenAPI description.
        Faults: It is too large, or not UTF-8.
    """
    return Description(Files(path, limit))


def resolved(files: Files, at: Place) -> Place:
    """What a place is that may only refer to another.

    Raises:
        Unusable: The reference leads nowhere, or in a circle.
    """
    seen: set[tuple[str, str]] = set()
    found = at
    while isinstance(found.value, dict) and isinstance(found.value.get("$ref"), str):
        if found.key in seen:
            raise files.fault(at, "the reference leads back to itself")
        seen.add(found.key)
        found = files.find(found.value["$ref"], found)
    return found


def _alike(one: str, other: str) -> int:
    """At how many places two statuses are the same."""
    return sum(a == b for a, b in zip(one, other, strict=False))


def _version(files: Files, root: Place) -> str:
    """The version that a description states.

    Raises:
        Unusable: It states none, or one that is not known.
    """
    value = root.value
    if isinstance(value, dict) and "swagger" in value and "openapi" not in value:
        raise Unusable(
            f"{files.folder / files.entry} is Swagger {value['swagger']!s:.10}; convert"
            " it to OpenAPI 3 first, with swagger2openapi for example"
        )
    given = value.get("openapi") if isinstance(value, dict) else None
    found = _VERSION.fullmatch(str(given)) if given is not None else None
    if found is None or int(found[1]) > _NEWEST:
        said = f"its version is {given!a:.20}" if given else "it has no key `openapi`"
        raise Unusable(
            f"{files.folder / files.entry} is not OpenAPI 3.0, 3.1 or 3.2: {said}"
        )
    return str(given)


def _names_of(security: Place | None) -> Iterator[str]:
    for one in security.items() if security else ():
        for name, _ in one.members():
            yield name


def _base(server: Any) -> str:
    """The path of a server; its variables stand for what they are by default."""
    url = server.get("url") if isinstance(server, dict) else None
    if not isinstance(url, str):
        return ""
    variables = server.get("variables")
    for name, one in variables.items() if isinstance(variables, dict) else ():
        default = one.get("default") if isinstance(one, dict) else None
        if isinstance(default, str):
            url = url.replace(f"{{{name}}}", default)
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return "" if path in ("", "/") else f"/{path.strip('/')}"


def _without_signs(path: str) -> str:
    """A path as words: `/pets/{id}` as `pets by id`."""
    found = re.sub(r"\{([^{}/]*)\}", r" by \1 ", path)
    return re.sub(r"[^0-9A-Za-z]+", " ", found).strip() or "root"


def _normal(named: str) -> str:
    """A method and a path without what may be written otherwise."""
    method, _, path = named.strip().partition(" ")
    path = _TEMPLATE.sub("{}", path.strip())
    return (
        f"{method.upper()} {path.rstrip('/') or '/'}" if path.startswith("/") else named
    )
