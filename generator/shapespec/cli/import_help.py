"""The help of `shapespec import`: as a whole, or about the kind that is named."""

from __future__ import annotations

from collections.abc import Iterator

import click

from shapespec.importers import DOCUMENTS, FORMATS, SCHEMAS

_EVIDENCE = (*DOCUMENTS, "botocore")
ABOUT = {
    "edition": DOCUMENTS,
    "title": _EVIDENCE,
    "source": _EVIDENCE,
    "spec": DOCUMENTS,
    "no_spec": DOCUMENTS,
    "operations": ("botocore", "smithy", "openapi"),
    "evidence": ("botocore",),
    "drafted": DOCUMENTS,
    "history": ("botocore",),
    "wheels": ("botocore",),
    "releases": ("botocore",),
    "package": FORMATS,
    "docs": SCHEMAS,
    "root": ("json-schema",),
    "allow_net": ("json-schema",),
    "skip_remote": ("json-schema",),
    "infer_types": ("json-schema",),
    "facts": ("botocore", "smithy"),
}
"""The kinds that an option is for; one that is not here is for all."""

_ABOUT_PAGES = ("Some pages", "If there is a NAME.prose.yaml")
"""How the paragraphs of the help begin that are only about pages."""

_KIND = "shapespec.import.kind"


class ImportCommand(click.Command):
    """A command whose help is about the kind that stands before `--help`, if any."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the kind, since `--help` ends before it is read."""
        ctx.meta[_KIND] = next((word for word in args if word in FORMATS), None)
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The usage, with the kind."""
        pieces = super().collect_usage_pieces(ctx)
        kind = ctx.meta.get(_KIND)
        return [kind if kind and one == "KIND" else one for one in pieces]

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The options that are for the kind."""
        every, self.params = self.params, [*self._fitting(ctx, self.params)]
        try:
            super().format_options(ctx, formatter)
        finally:
            self.params = every

    def format_help_text(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """What the command does; of its kinds and examples, those that are meant."""
        kind = ctx.meta.get(_KIND)
        if kind is None:
            super().format_help_text(ctx, formatter)
            return
        about = "\n\n".join(_paragraphs(self.help or "", kind))
        every, self.help = self.help, about
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = every

    def _fitting(
        self, ctx: click.Context, params: list[click.Parameter]
    ) -> Iterator[click.Parameter]:
        kind = ctx.meta.get(_KIND)
        for one in params:
            if kind is None or kind in ABOUT.get(one.name or "", FORMATS):
                yield one


def _paragraphs(text: str, kind: str) -> Iterator[str]:
    """The paragraphs of a help, without lines and paragraphs about other kinds."""
    for paragraph in text.split("\n\n"):
        if kind in DOCUMENTS or not paragraph.lstrip().startswith(_ABOUT_PAGES):
            yield "\n".join(_lines(paragraph, kind))


def _lines(text: str, kind: str) -> Iterator[str]:
    for line in text.splitlines():
        words = line.split()
        named = words[2:3] if words[:2] == ["shapespec", "import"] else words[:1]
        if line.startswith("  ") and named and named[0] in FORMATS:
            if named[0] == kind:
                yield line
            continue
        yield line
