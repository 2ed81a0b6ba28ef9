"""Which botocore is installed, found without importing it, which takes a while."""

from __future__ import annotations

from pathlib import Path

from shapespec.ground.extras import installed, need


def state(service: str = "") -> str:
    """What changes when the installed botocore, or its model of a service, does.

    Raises:
        Unusable: botocore is not installed or too old.
    """
    found = installed("botocore")
    if found is None or found.origin is None:
        need("botocore", "botocore")
        return ""
    root = Path(found.origin).parent
    files = [Path(found.origin)]
    if service:
        files += sorted((root / "data" / service).glob("*/service-2*"))
    return " ".join(map(_seen, files))


def _seen(file: Path) -> str:
    try:
        seen = file.stat()
    except OSError:
        return f"{file}"
    return f"{file} {seen.st_size} {seen.st_mtime_ns} {seen.st_ino}"
