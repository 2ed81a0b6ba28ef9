"""Made-up responses as JSON, in the spelling of a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from shapespec.contract import schema as ir
from shapespec.diagnostics.suggest import meant
from shapespec.ground.errors import Unusable
from shapespec.tools.samples.draw import NoSample
from shapespec.tools.samples.sampler import Sampler
from shapespec.tools.samples.shown import Sample


class SampleWriter:
    """Writes responses as JSON has them.

    Attributes:
        form: The name of the form; none where any spelling is right.
    """

    def __init__(self, sampler: Sampler, root: str, form: str | None) -> None:
        """Write responses of a root.

        Args:
            sampler: What makes them.
            root: Their shape.
            form: The system to write them for; any spelling is right with none.

        Raises:
            Unusable: There is no such form.
        """
        self.form = form
        self._root = root
        self._package = sampler.package
        schema = sampler.schema
        found = {one.name: one for one in schema.forms}
        if form is not None and form not in found:
            known = ", ".join(found) or "none"
            near = meant(form, found)
            raise Unusable(f"no form is called {form!r}; there are: {known}{near}")
        self._moment = _moment(schema, self._package, form)

    def valid(self, response: Any) -> Any:
        """A response that is right, written.

        Raises:
            NoSample: It is not right in the form.
        """
        written = self.write(response)
        for finding in self._findings(written):
            message = f"{finding.pointer}: {finding.message}"
            raise NoSample(f"the form {self.form} cannot say what was made; {message}")
        return written

    def shown(self, sample: Sample) -> Any | None:
        """A sample's response, written; none where the form hides what it shows."""
        written = self.write(sample.response)
        rules = {finding.rule for finding in self._findings(written)}
        expected = {rule for rule, _ in sample.entails}
        if not sample.accepted:
            expected.add(sample.constraint.rule)
        return written if rules == expected else None

    def _findings(self, written: Any) -> list[Any]:
        found: list[Any] = self._package.validate(
            written, shape=self._root, form=self.form
        )
        return found

    def write(self, response: Any) -> Any:
        """A response as the form spells it, of nothing but what JSON knows."""
        written = self._plain(response)
        if self.form is None or not isinstance(written, dict):
            return written
        forms = import_module(f"{self._package.__name__}._forms")
        form = forms.find_form(self.form)
        if not getattr(form, "respells", False):
            return written
        spelling = import_module(f"{self._package.__name__}._spelling")
        return spelling.respelt(written, self._root, form)

    def _plain(self, value: Any) -> Any:
        match value:
            case datetime():
                return self._moment(value)
            case dict():
                return {name: self._plain(item) for name, item in value.items()}
            case list():
                return [self._plain(item) for item in value]
            case _:
                return value


def _moment(
    schema: ir.Schema, package: Any, form: str | None
) -> Callable[[datetime], Any]:
    """How moments are written: as text where a form would have an object."""
    forms = import_module(f"{package.__name__}._forms")
    for one in schema.forms:
        if one.name == form and one.write != "datetime":
            write: Callable[[datetime], Any] = forms.find_form(form).write
            return write
    read = next((one.read for one in schema.forms if one.name == form), None)
    if "iso-8601" in (read or ir.encodings(schema)):
        return datetime.isoformat
    return datetime.timestamp
