"""Formats of strings: what each demands, as a pattern of the language.

A format is a pattern with a name, and nothing else: so it means the same in Python, in
JSON Schema, in SQL and in samples, on every version of each, and takes a time that
grows with the length of the text. generator/adr/0024 says what else was weighed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from shapespec.patterns import Pattern, translate

_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DATE = (
    r"(?!0000)(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    rf"|{_LEAP}-02-29)"
)
_OFFSET = r"(?:[zZ]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
_TIME = (
    rf"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?{_OFFSET}"
    r"|23:59:60(?:\.\d+)?(?:[zZ]|[+-]00:00))"
)
_CLOCK = r"T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)"
_DAYS = r"(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)"
_DURATION = rf"P(?:{_DAYS}(?:{_CLOCK})?|{_CLOCK}|\d+W)"
_HEX = "[0-9A-Fa-f]"
_UUID = rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_GROUP = rf"{_HEX}{{1,4}}"
_LAST = rf"(?:{_GROUP}:{_GROUP}|{_IPV4})"
_IPV6 = (
    rf"(?:(?:{_GROUP}:){{6}}{_LAST}"
    rf"|::(?:{_GROUP}:){{5}}{_LAST}"
    rf"|(?:{_GROUP})?::(?:{_GROUP}:){{4}}{_LAST}"
    rf"|(?:(?:{_GROUP}:){{0,1}}{_GROUP})?::(?:{_GROUP}:){{3}}{_LAST}"
    rf"|(?:(?:{_GROUP}:){{0,2}}{_GROUP})?::(?:{_GROUP}:){{2}}{_LAST}"
    rf"|(?:(?:{_GROUP}:){{0,3}}{_GROUP})?::{_GROUP}:{_LAST}"
    rf"|(?:(?:{_GROUP}:){{0,4}}{_GROUP})?::{_LAST}"
    rf"|(?:(?:{_GROUP}:){{0,5}}{_GROUP})?::{_GROUP}"
    rf"|(?:(?:{_GROUP}:){{0,6}}{_GROUP})?::)"
)
_LABEL = r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_HOSTNAME = rf"(?!.{{254}}){_NAME}"
_ATOM = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_LOCAL = rf"(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})"
_EMAIL = rf"(?>{_LOCAL})@(?:{_NAME}|\[(?:{_IPV4}|IPv6:{_IPV6})\])"
_CODED = rf"%{_HEX}{{2}}"
_HOST_PART = rf"(?:[0-9A-Za-z._~!$&'()*+,;=-]|{_CODED})"
_USER_PART = rf"(?:[0-9A-Za-z._~!$&'()*+,;=:-]|{_CODED})"
_PATH = rf"(?:[0-9A-Za-z._~!$&'()*+,;=:@/-]|{_CODED})*+"
_QUERY = rf"(?:[0-9A-Za-z._~!$&'()*+,;=:@/?-]|{_CODED})*+"
_FUTURE = r"[vV][0-9A-Fa-f]+\.[0-9A-Za-z._~!$&'()*+,;=:-]+"
_LITERAL = rf"(?![^\[]*+\[(?!(?:{_IPV6}|{_FUTURE})\]))"
"""What is between brackets is an address, wherever a bracket may be."""

_AUTHORITY = (
    rf"(?>{_USER_PART}*@)?+"
    rf"(?:\[[0-9A-Za-z:._~!$&'()*+,;=-]++\]|{_HOST_PART}*+)(?::\d*+)?+"
)
_URI = (
    rf"{_LITERAL}[A-Za-z][0-9A-Za-z+.-]*+:"
    rf"(?://{_AUTHORITY}(?:/{_PATH})?+|(?!//){_PATH})"
    rf"(?:\?{_QUERY})?+(?:#{_QUERY})?+"
)
_BASE64 = r"(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?"


class Format(NamedTuple):
    """A format: its name, what it is in words, who defines it, and examples.

    Attributes:
        source: Its pattern.
        right: Strings that have the format.
        wrong: Strings that do not.
    """

    name: str
    words: str
    stated_by: str
    source: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def pattern(self) -> Pattern:
        """Its pattern for every engine."""
        return _translated(self.source)


@cache
def _translated(source: str) -> Pattern:
    return translate(source)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format(
                "date",
                "a date",
                "RFC 3339, full-date; the years 0001 to 9999",
                _DATE,
                ("2025-03-14", "2024-02-29", "1999-12-31"),
                ("2025-02-29", "14.03.2025", "2025-3-14"),
            ),
            Format(
                "time",
                "a time with an offset",
                "RFC 3339, full-time; a leap second in UTC only",
                _TIME,
                ("09:26:53Z", "23:59:59.5+01:00", "00:00:00-08:00"),
                ("09:26:53", "24:00:00Z", "9:26Z"),
            ),
            Format(
                "duration",
                "a duration",
                "RFC 3339, appendix A",
                _DURATION,
                ("P1DT12H", "PT5M", "P2W", "P1Y2M3D"),
                ("P", "PT", "1D", "P1D2W"),
            ),
            Format(
                "uuid",
                "a UUID",
                "RFC 9562, section 4",
                _UUID,
                (
                    "2f1c8a52-0d5e-4a77-9d57-6a1f8f3f6b10",
                    "00000000-0000-0000-0000-000000000000",
                ),
                ("2f1c8a520d5e4a779d576a1f8f3f6b10", "not-a-uuid"),
            ),
            Format(
                "uri",
                "a URI",
                "RFC 3986, with a scheme",
                _URI,
                ("https://example.com/a?b=c#d", "urn:isbn:0451450523", "mailto:a@b.c"),
                ("example.com/a", "//example.com", "http://a b"),
            ),
            Format(
                "email",
                "an email address",
                "RFC 5321, Mailbox",
                _EMAIL,
                ("ada@example.com", "a.b+c@mail.example.org"),
                ("ada", "a@b@c", ".a@example.com"),
            ),
            Format(
                "ipv4",
                "an IPv4 address",
                "RFC 2673, section 3.2, dotted-quad",
                _IPV4,
                ("192.0.2.1", "10.0.0.255"),
                ("192.0.2", "192.0.2.256", "192.0.2.01"),
            ),
            Format(
                "ipv6",
                "an IPv6 address",
                "RFC 4291, section 2.2; without a zone",
                _IPV6,
                ("2001:db8::1", "::", "::ffff:192.0.2.1"),
                ("2001:db8", "1::2::3", "fe80::1%eth0"),
            ),
            Format(
                "hostname",
                "a host name",
                "RFC 1123, section 2.1",
                _HOSTNAME,
                ("example.com", "localhost", "a-1.example.org"),
                ("-a.example.com", "a..b", "a_b"),
            ),
            Format(
                "byte",
                "base64 text",
                "RFC 4648, section 4, with padding",
                _BASE64,
                ("YWJj", "YQ==", "YWI="),
                ("YQ", "Y===", "a_b-"),
            ),
        )
    }
)
"""Every format that a string can have."""
