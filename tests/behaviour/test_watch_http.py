"""Clients of httpx and sessions of requests, watched by an OpenAPI description."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import requests

from shapespec import httpx as for_httpx, requests as for_requests
from shapespec.addresses import cache
from shapespec.ground.errors import Unusable
from shapespec.importers.openapi.description import read_description
from shapespec.importers.openapi.routes import Routes
from shapespec.watching import ResponseRefused
from shapespec.watching.http import Event, without_secrets
from tests.support import run_pytest
from tests.support.import_cases import CASES
from tests.support.openapi_cases import described, description, written

SHOP = CASES / "openapi" / "shop" / "source.json"
URL = "https://shop.example/api/v2/bicycles"
RIGHT = {"items": [{"id": 1, "frame": {"material": "steel"}}]}
WRONG = {"items": [{"id": 0, "frame": {"material": "steel"}}], "more": 1}


@pytest.fixture(scope="module", autouse=True)
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Contracts are compiled once for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


def answering(
    data: object, status: int = 200, media: str = "application/json"
) -> Callable[[httpx.Request], httpx.Response]:
    """What answers each request in the same way."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(status, content=body, headers={"content-type": media})

    return answer


def client(data: object, status: int = 200, **more: Any) -> httpx.Client:
    """A client that always gets the same."""
    return httpx.Client(transport=httpx.MockTransport(answering(data, status, **more)))


def rules(events: list[Event]) -> list[tuple[str, str, str]]:
    return [(one.operation, one.rule, one.pointer) for one in events]


# --- httpx --------------------------------------------------------------------------


def test_a_client_of_httpx_is_watched() -> None:
    """The operation, the status and the place of each finding are handed on."""
    events: list[Event] = []
    watched = client(WRONG)
    operations = for_httpx.watch(watched, SHOP, events.append)
    response = watched.get(f"{URL}?page=1&token=secret#there")

    assert WRONG == response.json()
    assert "GET /bicycles" in operations
    assert {"response"} == {one.direction for one in events}
    assert [
        ("GET /bicycles", "range", "/items/0/id"),
        ("GET /bicycles", "unknown-member", "/more"),
    ] == rules(events)
    assert ("listBicycles", 200, URL) == (
        events[0].operation_id,
        events[0].status,
        events[0].url,
    )


def test_a_client_that_does_not_wait_is_watched() -> None:
    """The same for an AsyncClient."""
    events: list[Event] = []

    async def call() -> object:
        transport = httpx.MockTransport(answering(WRONG))
        async with httpx.AsyncClient(transport=transport) as watched:
            for_httpx.watch(watched, SHOP, events.append)
            response = await watched.get(URL)
            for_httpx.unwatch(watched)
            await watched.get(URL)
            return response.json()

    assert WRONG == asyncio.run(call())
    assert ["range", "unknown-member"] == [one.rule for one in events]


def test_the_status_chooses_the_schema() -> None:
    """An error is validated as an error, by its class or the default."""
    events: list[Event] = []
    for status in (404, 499):
        watched = client({"status": 1}, status)
        for_httpx.watch(watched, SHOP, events.append)
        watched.get(URL)

    assert [("required", "/title"), ("range", "/status")] * 2 == [
        (one.rule, one.pointer) for one in events
    ]


def test_the_media_type_chooses_the_schema(tmp_path: Path) -> None:
    """Of several bodies that are JSON, that of the media type, or of its kind."""
    bodies = {
        "application/json": {"schema": {"type": "object", "required": ["id"]}},
        "application/problem+json": {
            "schema": {"type": "object", "required": ["title"]}
        },
        "application/*": {"schema": {"type": "object", "required": ["any"]}},
    }
    data = described({"Thing": {}})
    data["paths"]["/things/{id}"]["get"]["responses"]["200"]["content"] = bodies
    api = written(tmp_path, data)
    found: dict[str, list[str]] = {}
    for media in ("application/json", "application/problem+json", "application/a+json"):
        events: list[Event] = []
        watched = client({}, media=f"{media.upper()}; charset=utf-8")
        for_httpx.watch(watched, api, events.append)
        watched.get("https://things.example/things/1")
        found[media] = [one.pointer for one in events]

    assert {
        "application/json": ["/id"],
        "application/problem+json": ["/title"],
        "application/a+json": ["/any"],
    } == found


def test_requests_are_validated_where_that_is_asked_for() -> None:
    """By the schema of what is sent: what is only read is not required there."""
    events: list[Event] = []
    answer = {"id": 1, "frame": {"material": "steel"}}
    watched = client(answer, 201)
    for_httpx.watch(watched, SHOP, events.append)
    watched.post(URL, json={"key": "a", "frame": {"material": "steel"}})
    assert [] == events
    for_httpx.watch(watched, SHOP, events.append, requests=True)
    watched.post(URL, json={"key": "a", "frame": {"material": "steel"}})
    watched.post(URL, content=b"a,b", headers={"content-type": "text/csv"})

    assert [("request", "length", "/key")] == [
        (one.direction, one.rule, one.pointer) for one in events
    ]


def test_what_has_no_schema_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    """A path, a status or a type that the description lacks is a line in the log."""
    caplog.set_level(logging.INFO, "shapespec.httpx")
    events: list[Event] = []
    cases = (
        (f"{URL}/7/picture", 200, "image/png"),
        (f"{URL}/7/frame?secret=1", 200, "application/json"),
        (URL, 500, "application/json"),
        (URL, 200, "text/html"),
    )
    for url, status, media in cases:
        watched = client({}, status, media=media)
        for_httpx.watch(watched, SHOP, events.append)
        for _ in range(2):
            watched.get(url)

    assert [] == events
    assert [
        "GET /bicycles/{id}/picture 200: image/png is not JSON: not checked",
        f"GET {URL}/7/frame: no operation is like it: not checked",
        "GET /bicycles: the status 500 is not known: not checked",
        "GET /bicycles 200: text/html in place of application/json: not checked",
    ] == [one.getMessage() for one in caplog.records]


def test_a_stream_is_not_read() -> None:
    """Whoever streams a response finds it as it was sent."""
    events: list[Event] = []
    sent: list[int] = []

    def parts() -> Iterator[bytes]:
        for number in range(3):
            sent.append(number)
            yield b"x"

    def answer(request: httpx.Request) -> httpx.Response:
        del request
        media = {"content-type": "application/json"}
        return httpx.Response(200, content=parts(), headers=media)

    watched = httpx.Client(transport=httpx.MockTransport(answer))
    for_httpx.watch(watched, SHOP, events.append)
    with watched.stream("GET", URL) as response:
        assert [] == sent
        assert b"xxx" == b"".join(response.iter_bytes())

    assert [] == events


def test_a_body_that_is_not_json_is_a_finding() -> None:
    """It is said to be JSON, and is not."""
    events: list[Event] = []
    watched = client(b'{"items": [')
    for_httpx.watch(watched, SHOP, events.append)

    assert b'{"items": [' == watched.get(URL).content
    assert [("error", "unreadable")] == [(one.severity, one.rule) for one in events]


def test_errors_are_raised_only_where_that_is_asked_for() -> None:
    """`raise_on` refuses errors, once all findings have been handed on."""
    events: list[Event] = []
    watched = client(WRONG)
    for_httpx.watch(watched, SHOP, events.append, raise_on="error")
    with pytest.raises(
        ResponseRefused, match=r"GET /bicycles: error.range."
    ) as refused:
        watched.get(URL)
    warned = client({**RIGHT, "more": 1})
    for_httpx.watch(warned, SHOP, events.append, raise_on="error")

    assert 2 == len(refused.value.findings) == len(events)
    assert 200 == warned.get(URL).status_code
    for_httpx.watch(warned, SHOP, events.append, raise_on="error", strict=True)
    with pytest.raises(ResponseRefused):
        warned.get(URL)


def test_what_fails_in_the_check_never_breaks_the_call(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a handler of somebody else, nor a fault of ours."""

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    watched = client(WRONG)
    for_httpx.watch(watched, SHOP, fails)
    assert 200 == watched.get(URL).status_code
    monkeypatch.setattr("shapespec.watching.http.Api.findings", fails)
    assert 200 == watched.get(URL).status_code

    assert ["GET /bicycles: a finding", f"{URL}: the response"] == [
        one.getMessage().partition(" could not")[0] for one in caplog.records
    ]


def test_findings_are_logged_without_a_handler(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With the severity as level, and the event as attributes."""
    watched = client(WRONG)
    for_httpx.watch(watched, SHOP)
    watched.get(f"{URL}?token=secret")
    first = caplog.records[0]

    assert ("shapespec.httpx", logging.ERROR) == (first.name, first.levelno)
    assert (URL, 200, "/items/0/id") == (first.url, first.status, first.pointer)  # type: ignore[attr-defined]
    assert "secret" not in caplog.text


def test_watched_anew_and_no_more() -> None:
    """The last word counts, and `unwatch` leaves nothing behind."""
    first: list[Event] = []
    second: list[Event] = []
    watched = client(WRONG)
    for_httpx.watch(watched, SHOP, first.append)
    for_httpx.watch(watched, SHOP, second.append, rate=0.5, limit=1)
    watched.get(URL)
    watched.get(URL)
    for_httpx.unwatch(watched)
    for_httpx.unwatch(watched)
    watched.get(URL)

    assert ([], 1) == (first, len(second))
    assert "send" not in vars(watched)


def test_the_base_of_the_client_is_known(tmp_path: Path) -> None:
    """A proxy or a mock may put the API below another path than its servers say."""
    thing = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "string"}},
    }
    api = written(tmp_path, described({"Thing": thing}))
    events: list[Event] = []
    watched = client({})
    watched.base_url = "http://localhost:8080/mock/a"  # type: ignore[assignment]
    for_httpx.watch(watched, api, events.append)
    watched.get("/things/1")

    assert ["required"] == [one.rule for one in events]


@pytest.mark.parametrize("options", [{"rate": 0}, {"rate": 2}, {"limit": 0}])
def test_options_without_meaning_are_refused(options: dict[str, Any]) -> None:
    """As for boto3."""
    with pytest.raises(ValueError, match=r"rate|limit"):
        for_httpx.watch(client({}), SHOP, **options)


def test_only_a_description_can_be_watched_by(tmp_path: Path) -> None:
    """A spec has no paths."""
    spec = tmp_path / "s.yaml"
    spec.write_text("shapespec: 1\npackage: s\n", "utf-8")

    with pytest.raises(Unusable, match="is not an OpenAPI description"):
        for_httpx.watch(client({}), spec)


def test_no_library_is_imported() -> None:
    """A client brings its own."""
    code = (
        "import sys, shapespec.httpx, shapespec.requests;"
        "print({'httpx', 'requests', 'botocore'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()\n" == done.stdout


# --- requests -----------------------------------------------------------------------


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        moved = self.path.startswith("/moved")
        body = json.dumps(WRONG).encode()
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", "/api/v2/bicycles")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[str]:
    """The address of a server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://user:word@127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_session_of_requests_is_watched(shop: str) -> None:
    """Each response once, also behind a redirect, and none that is streamed."""
    events: list[Event] = []
    with requests.Session() as session:
        session.trust_env = False
        for_requests.watch(session, SHOP, events.append)
        response = session.get(f"{shop}/api/v2/bicycles?page=2")
        assert WRONG == response.json()
        assert ["range", "unknown-member"] == [one.rule for one in events]
        assert "word" not in events[0].url
        assert events[0].url.endswith("/api/v2/bicycles")
        session.get(f"{shop}/moved")
        assert 4 == len(events)
        with session.get(f"{shop}/bicycles", stream=True) as streamed:
            assert not streamed._content_consumed  # type: ignore[attr-defined]  # noqa: SLF001
            assert WRONG == json.loads(b"".join(streamed.iter_content(3)))
        assert 4 == len(events)
        for_requests.unwatch(session)
        session.get(f"{shop}/api/v2/bicycles")
        assert 4 == len(events)


def test_a_session_refuses_errors_where_that_is_asked_for(shop: str) -> None:
    """`raise_on`, as for httpx."""
    with requests.Session() as session:
        session.trust_env = False
        for_requests.watch(session, SHOP, lambda _: None, raise_on="error")
        with pytest.raises(ResponseRefused):
            session.get(f"{shop}/bicycles")


# --- routes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/pets/mine", "GET /pets/mine"),
        ("get", "/v1/pets/7", "GET /pets/{id}"),
        ("GET", "/pets/7/", "GET /pets/{id}"),
        ("GET", "/v1/pets/a%2Fb", "GET /pets/{id}"),
        ("GET", "/v1/files/a/b/c.txt", "GET /files/{path}"),
        ("GET", "/v1/pets/7.json", "GET /pets/{id}.json"),
        ("GET", "/proxy/pets/7", "GET /pets/{id}"),
        ("GET", "/v2/pets/7", None),
        ("POST", "/v1/pets/7", None),
        ("GET", "/v1/pets", None),
        ("GET", "/v1/pets/7/toys", None),
        ("GET", "/" + "a/" * 9000, None),
    ],
)
def test_a_request_has_one_route(
    method: str, path: str, expected: str | None, tmp_path: Path
) -> None:
    """Text goes before templates, and the paths of servers may be there or not."""
    answers = {"responses": {"200": {"description": "ok"}}}
    paths = ("/pets/{id}", "/pets/mine", "/files/{path}", "/pets/{id}.json")
    data = {
        **described({}),
        "paths": {one: {"get": answers} for one in paths},
        "servers": [
            {"url": "https://e.org/{v}", "variables": {"v": {"default": "v1"}}}
        ],
    }
    found = Routes(description(tmp_path, data), ("/proxy/",)).find(method, path)

    assert expected == (None if found is None else f"{found}")


def test_secrets_of_a_url_are_left_out() -> None:
    """User, password, query and fragment."""
    assert "https://e.org:8443/a" == without_secrets("https://u:p@e.org:8443/a?k=1#x")
    assert "http://[::1]/a" == without_secrets("http://u@[::1]/a?k")
    assert not without_secrets("http://[::1")


def test_operations_that_are_watched_are_all_but_webhooks() -> None:
    """What the server calls is not in the hands of a client."""
    found = for_httpx.watch(client({}), SHOP)

    assert [f"{one}" for one in read_description(SHOP).operations] == [*found]


# --- the fixture --------------------------------------------------------------------


def test_the_fixture_takes_responses(tmp_path: Path) -> None:
    """Of both libraries, and of neither with the operation and status named."""
    (tmp_path / "api.json").write_text(SHOP.read_text("utf-8"), "utf-8")
    (tmp_path / "test_it.py").write_text(
        f"""
import httpx, json, requests

RIGHT, WRONG = {RIGHT!r}, {WRONG!r}

def of_httpx(data, status=200, method="GET"):
    request = httpx.Request(method, "{URL}?page=1")
    return httpx.Response(status, json=data, request=request)

def of_requests(data, status=200):
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps(data).encode()
    response.headers["Content-Type"] = "application/json"
    response.request = requests.Request("GET", "{URL}").prepare()
    return response

def test_right(assert_valid_response):
    for made in (of_httpx, of_requests):
        assert_valid_response(made(RIGHT), contract="api.json")
        assert_valid_response(made({{"title": "no"}}, 404), contract="api.json")
    assert_valid_response(
        RIGHT, contract="api.json", operation="GET /bicycles", status=200
    )
    assert_valid_response({{"title": "no"}}, contract="api.json",
                          operation="listBicycles", status="4XX")

def test_wrong_httpx(assert_valid_response):
    assert_valid_response(of_httpx(WRONG), contract="api.json")

def test_wrong_requests(assert_valid_response):
    assert_valid_response(of_requests(WRONG), contract="api.json")

def test_wrong_status(assert_valid_response):
    assert_valid_response(of_httpx(RIGHT, 404), contract="api.json")

def test_wrong_plain(assert_valid_response):
    assert_valid_response(WRONG, contract="api.json", operation="listBicycles")

def test_unknown_status(assert_valid_response):
    assert_valid_response(of_httpx(RIGHT, 500), contract="api.json")

def test_unknown_method(assert_valid_response):
    assert_valid_response(of_httpx(RIGHT, method="PUT"), contract="api.json")

def test_not_json(assert_valid_response):
    response = httpx.Response(200, text="no", request=httpx.Request("GET", "{URL}"))
    assert_valid_response(response, contract="api.json")
""",
        "utf-8",
    )
    done = run_pytest(tmp_path)

    assert "7 failed, 1 passed" in done.stdout, done.stdout
    said = {line.strip() for line in done.stdout.splitlines()}
    assert "error[range] /items/0/id: expected 1 or more, got 0" in said
    assert 'error[required] /title: the required member "title" is missing' in said
    assert "PUT https://shop.example/api/v2/bicycles: no operation" in done.stdout
    assert "has no status '500'" in done.stdout
    assert "secret" not in done.stdout
