"""What messages keep to themselves: secrets, as far as they can be told.

Findings go to logs and to other people. So what is in a member that is marked as
sensitive is never shown, nor what stands under a name such as `DB_PASSWORD`; in all
other text, what has the look of a secret is left out.
"""
# pyright: basic

from __future__ import annotations

import re
from functools import lru_cache
from math import log2

from ._report import At, Far, Hidden, HiddenIndex, describe, quote

TYPE_CHECKING = False  # as checkers know it; importing typing takes time
if TYPE_CHECKING:
    from typing import Any

_NEAR = 64
_LONGEST_READ = 20_000
_LEFT_OUT = "[hidden]"

_HARMLESS = re.compile(r"[A-Za-z0-9 _.,+-]{0,15}").fullmatch

_SECRET = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----"
    r"(?s:.*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|.*)"
    # ids of AWS access keys
    r"|(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    # JSON Web Tokens
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    # tokens that say whose they are
    r"|(?<![\w-])(?:gh[oprsu]_|github_pat_|glpat-|hf_|npm_|pypi-|sk-|xox[abeoprs]-|AIza)"
    r"[\w-]{16,}"
    # user:password@ in a URL
    r"|(?<=://)[^\s/?#@:]{0,200}:[^\s/?#]{0,200}(?=@)"
)
_SAID = re.compile(
    r"(?i)(?P<name>"
    # parameters of URLs that are as good as a password
    r"[?&](?:x-amz-(?:signature|security-token|credential)|signature|sig|key|code"
    r"|awsaccesskeyid)="
    # password=…, "token": "…"
    r"|(?<!:)(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?"
    r"|(?:access|account|api|auth|private)[_-]?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"|\bbearer\s{1,3}(?=[\w.~+/-]{16})"
    r")[^\s\"',;&]+"
)
_KEY_LIKE = re.compile(r"(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])")

# Cheap signs without which none of the three above is worth a try, in their order.
_SECRET_SIGNS = (
    "://",
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "eyJ",
    "gh",
    "glpat-",
    "hf_",
    "npm_",
    "pypi-",
    "sk-",
    "xox",
    "AIza",
)
_SAID_SIGNS = (
    "key",
    "token",
    "secret",
    "pass",
    "pwd",
    "credential",
    "bearer",
    "sig=",
    "signature",
    "code=",
)
_KEY_SIZE = 40

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORDS = frozenset(
    (
        "apikey",
        "credential",
        "credentials",
        "passphrase",
        "passwd",
        "password",
        "pwd",
        "secret",
        "secrets",
        "token",
    )
)
_SECRET_KEYS = frozenset(("access", "account", "api", "private", "secret"))
_KEY_WORDS = frozenset(("auth", "authorization", "dsn", "key", "keys", "signature"))
_RANDOM = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w+/=-]{16,}").fullmatch
_LEAST_BITS = 3.0


def shown(value: Any, at: At, *, hidden: bool, far: Far) -> str:
    """A value in a few words, or why it is not shown.

    Args:
        value: No list and no object; those are described by their size.
        at: Where it is.
        hidden: Whether the whole response is sensitive.
        far: What is known of ways that are long; it grows.
    """
    told = False
    for _ in range(_NEAR):
        if at is None:
            break
        at, step = at
        if isinstance(step, str):
            if isinstance(step, Hidden):
                hidden = True
            elif _says(step) is not None and step is not value and is_told(step, value):
                told = True
        elif isinstance(step, HiddenIndex):
            hidden = True
    else:
        hides, says = _told_by(at, far)
        hidden = hidden or hides
        told = told or any(_keeps(word, value) for word in says)
    if hidden or told:
        reason = "sensitive" if hidden else "it may be a secret"
        return f"{_kind(value)} that is not shown ({reason})"
    return quote(masked(value)) if isinstance(value, str) else describe(value)


def hides(at: At, far: Far) -> bool:
    """Whether a way leads through something sensitive; what is found out is kept."""
    return _told_by(at, far)[0]


def _told_by(at: At, far: Far) -> tuple[bool, frozenset[str]]:
    """Whether a way hides what is there, and what its names tell.

    It is remembered for every step: a response that is wrong at each of its levels
    would else take the square of its depth.
    """
    new = []
    while at is not None and id(at) not in far:
        new.append(at)
        at = at[0]
    hides, says = (False, frozenset[str]()) if at is None else far[id(at)][1:]
    for way in reversed(new):
        step = way[1]
        hides = hides or isinstance(step, (Hidden, HiddenIndex))
        word = _says(step) if isinstance(step, str) else None
        if word is not None and word not in says:
            says |= {word}
        far[id(way)] = (way, hides, says)
    return hides, says


def _kind(value: Any) -> str:
    """What a value is, without a word of it."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (int, float)):
        return "a number"
    return f"a value of type {quote(type(value).__name__)[1:-1]}"


def masked(text: str) -> str:
    """A text without what looks like a secret in it."""
    if _HARMLESS(text):
        return text
    text = text[:_LONGEST_READ]
    if _any_in(_SECRET_SIGNS, text):
        text = _SECRET.sub(_LEFT_OUT, text)
    if _any_in(_SAID_SIGNS, text.lower()):
        text = _SAID.sub(rf"\g<name>{_LEFT_OUT}", text)
    if len(text) >= _KEY_SIZE:
        text = _KEY_LIKE.sub(_unless_plain, text)
    return text


def _any_in(signs: tuple[str, ...], text: str) -> bool:
    for sign in signs:
        if sign in text:
            return True
    return False


def _unless_plain(match: re.Match[str]) -> str:
    """What replaces 40 characters: nothing, if they are a digest or a path."""
    text = match[0]
    kinds = (str.isupper, str.islower, str.isdigit)
    mixed = all(any(kind(char) for char in text) for kind in kinds)
    return _LEFT_OUT if mixed and text.count("/") <= 3 else text


def is_told(name: str, value: Any) -> bool:
    """Whether a name tells that its value is a secret."""
    says = _says(name)
    return says is not None and _keeps(says, value)


def _keeps(says: str, value: Any) -> bool:
    """Whether a value is a secret under a name that says what it does."""
    if isinstance(value, bool):
        return False
    if not isinstance(value, str):
        return says == "secret"
    if value.startswith("arn:"):
        return False
    return says == "secret" or (
        _RANDOM(value) is not None and _bits(value) >= _LEAST_BITS
    )


@lru_cache(maxsize=256)
def _says(name: str) -> str | None:
    """`secret` for a name such as DB_PASSWORD, `key` for one such as SigningKey."""
    words = [word.lower() for word in _WORD.findall(name[:200])]
    if not _SECRET_WORDS.isdisjoint(words):
        return "secret"
    if words[-1:] == ["key"] and not _SECRET_KEYS.isdisjoint(words):
        return "secret"
    return "key" if not _KEY_WORDS.isdisjoint(words[-1:]) else None


def _bits(text: str) -> float:
    """Shannon's entropy of a text [bit per character]."""
    size = len(text)
    counts = [text.count(char) for char in set(text)]
    return -sum(count / size * log2(count / size) for count in counts)
