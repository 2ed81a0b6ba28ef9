# The run time of packages that shapespec generates, copied.
"""Names as other systems spell them; the words stay the same."""
# pyright: basic

from __future__ import annotations

import re
from functools import lru_cache

_WORD_START = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])"  # endTime -> end_time, S3Uri -> s3_uri
    r"|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?:[^a-z]|$))"  # AutoMLJob -> auto_ml_job
)
_NOT_IDENTIFIER = re.compile(r"[^0-9A-Za-z_]+")


@lru_cache(maxsize=8192)
def snake_case(name: str) -> str:
    """`TrainingJobName` as `training_job_name`; runs of capitals are one word."""
    plain = _NOT_IDENTIFIER.sub("_", name.replace("IPv", "Ipv"))
    words = _WORD_START.sub("_", plain)
    return re.sub(r"__+", "_", words).lower()
