"""For pytest: `--shapespec-watch`, which validates what botocore's clients return.

Every client that is made while tests run is watched, whatever answers it: moto, a
Stubber, recorded responses, LocalStack. Findings are summed up at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from shapespec.boto3 import Event
    from shapespec.responses.policy import Policy

LEVELS: Mapping[str, tuple[str, ...]] = {
    "report": (),
    "error": ("error",),
    "warning": ("error", "warning"),
}
"""What makes a test fail, for each choice."""

_KEY = "shapespec_watch"
_ORDER = ("error", "warning", "note")


class Line(NamedTuple):
    """A line of the summary: what was found, and where."""

    service: str
    operation: str
    severity: str
    rule: str
    place: str
    message: str


class Watching:
    """The plugin that watches clients for as long as the tests run."""

    def __init__(self, policy: Policy, fails: Iterable[str]) -> None:
        """Weigh findings by `policy`; those of the severities `fails` fail a test."""
        self.policy = policy
        self.fails = frozenset(fails)
        self.found: Counter[Line] = Counter()
        self.of_test: list[Line] = []
        self._patch = pytest.MonkeyPatch()

    def start(self) -> None:
        """Watch each client that is made from now on.

        Raises:
            Unusable: botocore is not installed.
        """
        from shapespec.boto3 import watch
        from shapespec.ground.extras import need

        need("botocore", "botocore")
        creator = import_module("botocore.client").ClientCreator
        create = creator.create_client

        def create_client(*arguments: Any, **options: Any) -> Any:
            client = create(*arguments, **options)
            watch(client, self.note)
            return client

        self._patch.setattr(creator, "create_client", create_client)

    def note(self, event: Event) -> None:
        """Remember what was found."""
        from shapespec.responses.policy import weigh
        from shapespec.responses.read import Response

        verdict = self.policy.judge(Response(source=""), [event])
        for one in verdict.findings:
            line = Line(
                event.service,
                event.operation,
                one.severity,
                one.rule,
                weigh(one, None).place,
                one.message,
            )
            self.found[line] += 1
            self.of_test.append(line)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Fail a test during which something was found that is to fail it."""
        self.of_test.clear()
        result = yield
        wrong = [one for one in self.of_test if one.severity in self.fails]
        if wrong:
            told = "\n".join(f"  {_shown(one)}" for one in dict.fromkeys(wrong))
            pytest.fail(
                f"clients of AWS received what is wrong:\n{told}", pytrace=False
            )
        return result

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand what a worker found to the process that sums up."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_KEY] = [[*one, count] for one, count in self.found.items()]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker found."""
        for *line, count in getattr(node, "workeroutput", {}).get(_KEY, ()):
            self.found[Line(*line)] += count

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Sum up by operation."""
        terminalreporter.section("responses of AWS, checked by shapespec")
        for text in _summary(self.found):
            terminalreporter.write_line(text)

    def pytest_unconfigure(self) -> None:
        """Make clients as before."""
        self._patch.undo()


def _summary(found: Mapping[Line, int]) -> Iterable[str]:
    if not found:
        yield "nothing was found"
        return
    last = ""
    order = sorted(
        found,
        key=lambda one: (one.service, one.operation, _ORDER.index(one.severity), one),
    )
    for one in order:
        operation = f"aws:{one.service}:{one.operation}"
        if operation != last:
            yield operation
            last = operation
        count = f" ({found[one]} times)" if found[one] > 1 else ""
        yield f"  {_shown(one)}{count}"


def _shown(one: Line) -> str:
    from shapespec.ground.terminal import line

    mark = f"{one.severity}[{one.rule}]"
    return str(line(f"{mark} {one.place or '/'}: {one.message}"))
