"""A worklist as an iCalendar (RFC 5545): one whole-day entry for each line that has a day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

ICS = "text/calendar; charset=utf-8"
_LONGEST = 75
_UID_LENGTH = 32


def calendar_of(items: Iterable[Mapping[str, Any]], *, name: str, made_at: datetime) -> bytes:
    """Return lines as JSON values as a calendar; a line keeps its UID from one feed to the next."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Heli//Worklists//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for item in items:
        if item["due_on"] is not None:
            lines += _event(item, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(item: Mapping[str, Any], made_at: datetime) -> list[str]:
    subject, due = item["subject"], date.fromisoformat(item["due_on"])
    # A transfer waits for two sides: each has a line of its own.
    side = f" {item['unit']['code']}" if subject["kind"] == "transfer" and item["unit"] else ""
    uid = sha256(f"{item['kind']} {subject['id']}{side}".encode()).hexdigest()[:_UID_LENGTH]
    told = [item["detail"], item["basis"], *([item["unit"]["name"]] if item["unit"] else []), subject["link"] or ""]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@worklists.heli",
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(': '.join((item['kind_name'], subject['name'] or subject['id'])))}",
        f"DESCRIPTION:{_text(chr(10).join(told))}",
        f"CATEGORIES:{_text(item['kind_name'])}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """Return a TEXT value: signs with a meaning are escaped, control characters left away."""
    plain = "".join(sign for sign in value if sign == "\n" or sign.isprintable())
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a content line in pieces of at most 75 octets, never cutting a sign in two."""
    pieces, piece, size = list[str](), "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LONGEST:
            pieces.append(piece)
            piece, size = "", 1  # the space that begins a continued line
        piece, size = piece + sign, size + octets
    return "\r\n ".join([*pieces, piece])
