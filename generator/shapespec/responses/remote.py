"""Files that are somewhere else: URLs such as s3://bucket/archive.ndjson.gz.

fsspec knows most systems, each by a library of its own. For S3 and Google's storage,
where theirs is not installed, Arrow's take their place.
"""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from shapespec.ground.errors import Unusable
from shapespec.ground.extras import need
from shapespec.ground.source import shown

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_URL = re.compile(r"(?P<system>[a-z][a-z0-9+.-]+)://(?P<rest>.+)", re.DOTALL)
_CREDENTIALS = re.compile(
    "credential|access.?denied|forbidden|not authori[sz]ed|unauthori[sz]ed|anonymous"
    "|signature|access token|expired.?token|invalid.?access.?key|\\b40[13]\\b",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    "network.?connection|resolve host|connection refused|unreachable|timed.?out",
    re.IGNORECASE,
)
_PATIENCE = timedelta(seconds=10)
"""How long Arrow tries again what fails; by itself it takes a quarter of an hour."""
_SECRET = re.compile(r"(?<=://)[^/@\s]*@|\?[^\s'\"]*")
_LONGEST = 200
_ARROW = {"s3": "S3FileSystem", "gs": "GcsFileSystem", "gcs": "GcsFileSystem"}
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
FOUND_IN = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
"""Variables, one of which is set where there are credentials of AWS."""
_NO_LISTS = ("http", "https")


def is_url(name: str) -> bool:
    """Whether a name is that of something that is not in the file system."""
    return _URL.match(name) is not None


def without_secrets(name: str) -> str:
    """A name as it is shown; a URL without a password, and a query that signs it."""
    return _SECRET.sub("", name) if is_url(name) else name


def path_of(url: str) -> str:
    """The part of a URL that tells by its suffix what there is."""
    return re.split(r"[?#]", url, maxsplit=1)[0]


def remote_files(url: str) -> Iterator[str]:
    """The URLs that one stands for: with `*`, `?` or `[`, or one that ends in `/`.

    Raises:
        OSError: They cannot be listed; the message says why.
    """
    found = _URL.match(url)
    system = "" if found is None else found["system"]
    is_pattern = bool(re.search(r"[*?\[]", url))
    if system in _NO_LISTS or not (is_pattern or url.endswith("/")):
        yield url
        return
    try:
        files, path = _system(url)
        each = files.glob(path) if is_pattern else files.find(path)
        names = sorted(str(one) for one in each)
        if not names:  # `ls` says why; the others pass over what they cannot list
            plain = re.split(r"[*?\[]", path, maxsplit=1)[0]
            files.ls(plain.rpartition("/")[0] if is_pattern else path)
    except Exception as error:  # noqa: BLE001 - each library has its own exceptions
        raise _problem(url, error) from None
    for name in names:
        yield f"{system}://{name.lstrip('/') if system in _ARROW else name}"


def open_remote(url: str) -> IO[bytes]:
    """A stream of the bytes of a URL.

    Raises:
        OSError: It cannot be opened; the message says why, and names credentials where
            they are missing or wrong.
    """
    try:
        files, path = _system(url)
        opened: IO[bytes] = files.open(path, "rb")
    except Exception as error:  # noqa: BLE001 - each library has its own exceptions
        raise _problem(url, error) from None
    raw = cast("io.RawIOBase", _Remote(url, opened))
    return io.BufferedReader(raw, 1024 * 1024)


def _system(url: str) -> tuple[Any, str]:
    """What opens files where a URL is, and the path of it there.

    Raises:
        Unusable: A library is missing; with what to run.
    """
    need("fsspec", "remote")
    core: Any = import_module("fsspec.core")
    found = _URL.match(url)
    system = "" if found is None else found["system"]
    try:
        files, path = core.url_to_fs(url)
    except ImportError as error:
        if system not in _ARROW:
            raise Unusable(f"{system}:// needs a library: {error}") from None
    except ValueError as error:
        if "Protocol not known" in str(error):
            raise Unusable(f"{system}:// is not known to fsspec") from None
        raise
    else:
        return files, str(path)
    need("pyarrow", "remote")
    arrow: Any = import_module("pyarrow.fs")
    wrapper: Any = import_module("fsspec.implementations.arrow")
    given: dict[str, Any] = {"retry_time_limit": _PATIENCE}
    if system == "s3":  # Arrow itself takes the bucket for a part of the host's name
        endpoint = next(filter(None, map(os.environ.get, _ENDPOINTS)), None)
        given = {} if endpoint is None else {"endpoint_override": endpoint}
    inner = getattr(arrow, _ARROW[system])(**given)
    return wrapper.ArrowFSWrapper(inner), "" if found is None else found["rest"]


def _lacks_credentials(system: str) -> bool:
    """Whether there are surely none, but for those that a machine in the cloud has."""
    if system != "s3":
        return False
    home = Path("~/.aws").expanduser()
    return not any(map(os.environ.get, FOUND_IN)) and not any(
        (home / name).exists() for name in ("credentials", "config")
    )


def _problem(url: str, error: Exception) -> OSError:
    """Why something cannot be read, in a line, without what a URL may hide."""
    if isinstance(error, Unusable):
        return OSError(errno.EIO, str(error))
    words = _SECRET.sub("", " ".join(str(error).split()))[:_LONGEST]
    said = words or type(error).__name__
    inner = error.__cause__ or error.__context__  # what fsspec makes of it says less
    status = getattr(error, "status", getattr(inner, "status", None))
    system = url.partition(":")[0]
    if isinstance(error, FileNotFoundError) and status not in (401, 403):
        if system in _NO_LISTS:
            return OSError(errno.ENOENT, _not_found(inner, status))
        folder = f"; a folder ends in `/`: {shown(without_secrets(url))}/"
        return OSError(errno.ENOENT, NOTHING + (folder if system in _ARROW else ""))
    if (
        isinstance(error, PermissionError)
        or status in (401, 403)
        or "Credential" in type(error).__name__
        or _CREDENTIALS.search(said)
        or (_lacks_credentials(system) and not _NETWORK.search(said))
    ):
        return OSError(
            errno.EACCES,
            f"there are no credentials for it, or they do not suffice ({said});"
            f" {_HELP.get(system, 'see what fsspec says of this system')}",
        )
    return OSError(errno.EIO, said)


def _not_found(inner: BaseException | None, status: int | None) -> str:
    """What a server or a network says, of which fsspec says only that it found nothing.

    Args:
        inner: What was raised first.
        status: The code that the server answered with, if it did.
    """
    if inner is None or status in (404, 410):
        return NOTHING
    if status:
        return f"the server answers {status} {getattr(inner, 'message', '')}".rstrip()
    words = _SECRET.sub("", " ".join(str(inner).split()))[:_LONGEST]
    return f"it cannot be reached: {type(inner).__name__}: {words}"


NOTHING = "there is nothing at this address"
_HELP = {
    "s3": "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "set GOOGLE_APPLICATION_CREDENTIALS",
    "gcs": "set GOOGLE_APPLICATION_CREDENTIALS",
    "http": "the server asks who you are",
    "https": "the server asks who you are",
}


class _Remote(io.RawIOBase):
    """A file that is somewhere else; whatever goes wrong there is an OSError here."""

    def __init__(self, url: str, opened: IO[bytes]) -> None:
        self._url = url
        self._opened = opened

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        try:
            return self._opened.seekable()
        except Exception:  # noqa: BLE001 - then it is not
            return False

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._opened.seek(offset, whence)

    def tell(self) -> int:
        return self._opened.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        try:
            data = self._opened.read(len(room))
        except Exception as error:  # noqa: BLE001 - each library has its own exceptions
            raise _problem(self._url, error) from None
        room[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            with suppress(Exception):
                self._opened.close()
        super().close()
