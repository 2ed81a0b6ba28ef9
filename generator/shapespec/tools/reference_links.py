"""From a finding to the paragraph of the reference that is about it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shapespec.addresses import read_address
from shapespec.contract import schema as ir
from shapespec.contract.findings import FINDINGS
from shapespec.diagnostics.model import Faults
from shapespec.ground.errors import Unusable
from shapespec.project.settings import Settings, find_settings
from shapespec.responses.finding import AnyFinding
from shapespec.tools.rule_pages import RulePages

if TYPE_CHECKING:
    from shapespec.backends.reference.anchors import Table


def links_of(
    contract: str | Path, settings: Settings | None = None, *, shape: str | None
) -> ReferenceLinks:
    """Links of findings about a contract that a program names by its address.

    Args:
        contract: The path of a spec, or another address, which has no site of ours.
        settings: The project's; those of the folder of the spec where left out.
        shape: The shape of the responses.

    Raises:
        Unusable: The settings cannot be read.
    """
    spec = Path(contract)
    if settings is None:
        settings = find_settings(spec.absolute().parent)
    return ReferenceLinks(spec, RulePages((spec,), settings), settings, shape)


class ReferenceLinks:
    """Links findings to the site of a contract, where there is one.

    The site is at `docs_url`, of the project's settings; else it is the page that
    `generate --target site` has written, if it has.
    """

    def __init__(
        self, spec: Path, rules: RulePages, settings: Settings, shape: str | None
    ) -> None:
        """Link the findings about responses of a shape, or of the main one.

        Args:
            spec: The address of the contract.
            rules: The specs, of which the first is the contract, if it has one.
            settings: Where the project has its site.
            shape: The shape of the responses.
        """
        self._spec = spec
        self._rules = rules
        self._settings = settings
        self._shape = shape

    def __call__(self, finding: AnyFinding) -> str | None:
        """The address of what is said about a finding's member or rule."""
        return f"{self._page}#{self._anchor(finding)}" if self._page else None

    @cached_property
    def _page(self) -> str | None:
        """The address of the page; none where there is no site."""
        address = read_address(self._spec)
        if self._settings.docs_url is not None:
            return self._settings.docs_url if self._schema else None
        if not isinstance(address, Path):
            return None
        output = self._settings.output_of(address)
        try:
            root, layout = output.placed(self._settings.root)
        except Unusable:
            return None
        if not (root / layout.place("site/", "site", "")).is_dir():
            return None
        if self._schema is None:
            return None
        package = self._schema.package
        page = root / layout.place(f"site/{package}/index.html", "site", package)
        return page.resolve().as_uri() if page.is_file() else None

    @cached_property
    def _schema(self) -> ir.Schema | None:
        """The contract; none where it is not that of a spec."""
        if not isinstance(read_address(self._spec), Path):
            return None
        try:
            return next(iter(self._rules.schemas), None)
        except (Faults, Unusable):
            return None

    @cached_property
    def _table(self) -> Table:
        from shapespec.backends.reference.table import table

        return {} if self._schema is None else table(self._schema)

    def _anchor(self, finding: AnyFinding) -> str:
        # Few projects have a site, and the reference is not loaded for all others.
        from shapespec.backends.python_package import main_root
        from shapespec.backends.reference.anchors import (
            place_anchor,
            rule_anchor,
            shape_anchor,
        )

        if finding.rule not in FINDINGS:
            return rule_anchor(finding.shape, finding.rule)
        root = self._shape
        if root is None and self._schema is not None:
            root = main_root(self._schema)
        if root is None:
            return shape_anchor(finding.shape)
        return place_anchor(self._table, root, finding.pointer)
