"""Build the registry's gazetteer from the public code tables: codes, names and successors, nothing else.

Usage: build_gazetteer.py DIVISIONS_FOLDER
Reads provinces/cities/areas/streets.csv (statistical codes) and areacodes/result.csv (abolished codes with successors).
"""

import csv
import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "services/registry/src/heli_registry/divisions/gazetteer.tsv.gz"
_YEAR = re.compile(r"\[\d+\]")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _present(folder: Path) -> dict[str, str]:
    """Return significant digits → name of all divisions in force."""
    found: dict[str, str] = {}
    for name in ("provinces.csv", "cities.csv", "areas.csv", "streets.csv"):
        for row in _rows(folder / name):
            code = row["code"]
            if not (name == "areas.csv" and code.endswith("00")):  # a city without counties is no county
                found[code] = row["name"].strip()
    return found


def _abolished(folder: Path, present: dict[str, str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (county code, its last name, counties in force that took it over), by following the successors."""
    steps: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    started: dict[str, int] = {}
    for row in _rows(folder / "areacodes" / "result.csv"):
        if row["级别"] != "县级":
            continue
        code = row["代码"]
        since = int(row["启用时间"])
        if since < started.get(code, 0):
            continue  # a code that was used again stands for its last bearer
        started[code] = since
        steps[code] = [part for part in _YEAR.sub("", row["新代码"]).split(";") if part]
        names[code] = row["名称"]
    for code in sorted(names):
        if code not in present:
            yield code, names[code], sorted(_heirs(code, steps, present))


def _heirs(code: str, steps: dict[str, list[str]], present: dict[str, str]) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one != code and (one in present or (one.endswith("00") and one[:4] in present)):
            found.add(one)
        else:
            waiting.extend(steps.get(one, []))
    return found


def main() -> None:
    """Write the gazetteer beside the code that reads it."""
    folder = Path(sys.argv[1])
    present = _present(folder)
    lines = [f"{code}\t{name}" for code, name in sorted(present.items())]
    lines += [f"{code}\t{name}\t{';'.join(heirs)}" for code, name, heirs in _abolished(folder, present)]
    text = "\n".join(lines) + "\n"
    with TARGET.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as stream:
        stream.write(text.encode())


if __name__ == "__main__":
    main()
