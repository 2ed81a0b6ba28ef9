"""What models for pydantic do with a timestamp: any spelling in, a datetime out."""

from __future__ import annotations

import re

from shapespec.backends.environment import literal, render
from shapespec.contract import schema as ir
from shapespec.contract.timestamps import EPOCH_END, EPOCH_FIRST, text_pattern
from shapespec.ground.errors import Unusable

_ALIAS = re.compile(
    r'^(?P<name>\w+) = TypeAliasType\(\s*"(?P=name)",\s*AwareDatetime,?\s*\)$',
    re.MULTILINE,
)
_IMPORTS = re.compile(r"^(?=from pydantic import)", re.MULTILINE)
_NEEDED = """\
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from re import compile as _compile
from typing import Annotated

from pydantic import BeforeValidator
"""


def with_moments(module: str, schema: ir.Schema) -> str:
    """A module of models whose timestamps read what systems write.

    Raises:
        Unusable: The other program has not written the type where it was asked to.
    """
    if "AwareDatetime" not in module:
        return module
    alias = _ALIAS.search(module)
    if alias is None:
        raise Unusable(
            "datamodel-code-generator wrote timestamps in a way that is not known;"
            " nothing was generated: please report the spec"
        )
    encodings = ir.encodings(schema)
    pattern = text_pattern(encodings)
    text = render(
        "models/moment.py.jinja",
        name=alias["name"],
        pattern=None if pattern is None else literal(pattern),
        seconds="epoch-seconds" in encodings,
        first=EPOCH_FIRST,
        end=EPOCH_END,
    )
    module = module[: alias.start()] + text.strip() + module[alias.end() :]
    return _IMPORTS.sub(_NEEDED, module, count=1)
