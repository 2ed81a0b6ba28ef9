"""Templates and the few filters they need; see templates/README.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shapespec.ground.resources import TEMPLATES
from shapespec.ground.sinks.python import comment, docstring, literal

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

__all__ = ["comment", "docstring", "environment", "literal", "render"]


@cache
def environment() -> Environment:
    """One environment for all templates; a misspelt name in one is an error.

    The code that Jinja makes of a template is kept in the user's cache folder, under
    the digest of its text.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    class Views(Environment):
        """What templates are given has attributes, and nothing to look up by name."""

        getattr = staticmethod(getattr)  # type: ignore[assignment]  # without `self`

    made = Views(
        loader=FileSystemLoader(TEMPLATES),
        bytecode_cache=_kept_code(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # for Python and Markdown; lower.py finishes strings
    )
    made.filters["docstring"] = docstring
    made.filters["comment"] = comment
    return made


def _kept_code() -> BytecodeCache:
    from jinja2 import BytecodeCache, compiler
    from jinja2.bccache import Bucket

    from shapespec.ground import kept

    seen = Path(compiler.__file__).stat()
    release = f"{compiler.__file__} {seen.st_size} {seen.st_mtime_ns}"

    class Kept(BytecodeCache):
        """Code of templates; Jinja checks that it is of the same text and Python."""

        def load_bytecode(self, bucket: Bucket) -> None:
            found = kept.read(self.key(bucket), kept.TEMPLATE)
            if found is not None:
                bucket.bytecode_from_string(found)

        def dump_bytecode(self, bucket: Bucket) -> None:
            kept.write(self.key(bucket), kept.TEMPLATE, bucket.bytecode_to_string())

        def key(self, bucket: Bucket) -> str:
            return kept.key_of(release, bucket.key, bucket.checksum)

    return Kept()


def render(template: str, **views: object) -> str:
    """The text of a template, given its view."""
    return environment().get_template(template).render(**views)
