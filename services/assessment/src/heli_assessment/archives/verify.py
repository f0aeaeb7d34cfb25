"""Verify a sealed archive of a cycle without the system: `python verify.py ARCHIVE.zip [DIGEST]`.

Needs Python alone. Every archive carries a copy of this file. It checks that the package holds exactly the files of
its manifest, unchanged; that every entry of the ledger has the hash of its content; that each subject's record is
what its entries say; and that points sum to scores and scores give the ranks. DIGEST, from the ledger or from paper,
says that the manifest itself is the one that was sealed.
"""

import hashlib
import json
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

FORMAT = "heli-cycle-archive/1"
MANIFEST = "manifest.json"
_LARGEST = 512 * 1024 * 1024
_HASHED = (
    "previous_hash", "seq", "recorded_at", "actor", "unit", "entity", "key", "operation", "effective_on", "changes",
)  # fmt: skip


class NotSoundError(Exception):
    """Something in the package is not as it was sealed; the message says what."""


def verify(path: Path, digest: str | None = None) -> dict[str, Any]:
    """Return what was verified of a package; NotSoundError names the first fault."""
    files = _files(path)
    manifest = _manifest(files, digest)
    entries = [json.loads(line) for line in files["ledger.ndjson"].decode().splitlines()]
    _check_hashes(entries)
    subjects = json.loads(files["entries.json"])
    _check_folds(subjects, entries)
    _check_points(subjects, json.loads(files["rulebook.json"]))
    _check_ranks(subjects)
    return {
        "digest": hashlib.sha256(files[MANIFEST]).hexdigest(),
        "title": manifest["title"],
        "files": len(files),
        "entries": len(entries),
        "subjects": len(subjects),
    }


def _files(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as package:
            infos = package.infolist()
            if sum(info.file_size for info in infos) > _LARGEST:
                raise NotSoundError("the package is too large to be an archive")
            files = {info.filename: package.read(info) for info in infos}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotSoundError(f"this is no readable package: {error}") from error
    if len(files) != len(infos):
        raise NotSoundError("the package holds two files of one name")
    return files


def _manifest(files: dict[str, bytes], digest: str | None) -> dict[str, Any]:
    if MANIFEST not in files:
        raise NotSoundError("there is no manifest.json in the package")
    own = hashlib.sha256(files[MANIFEST]).hexdigest()
    if digest is not None and digest.lower() != own:
        raise NotSoundError(f"the manifest is not the sealed one: its digest is {own}")
    try:
        manifest: dict[str, Any] = json.loads(files[MANIFEST])
        listed = {each["name"]: each["sha256"] for each in manifest["files"]}
        if manifest["format"] != FORMAT:
            raise NotSoundError(f"unknown format {manifest['format']}")
    except (ValueError, KeyError, TypeError) as error:
        raise NotSoundError("manifest.json cannot be read") from error
    for name in sorted({*listed, *files} - {MANIFEST}):
        if name not in files:
            raise NotSoundError(f"{name} is missing")
        if name not in listed:
            raise NotSoundError(f"{name} is not in the manifest")
        if hashlib.sha256(files[name]).hexdigest() != listed[name]:
            raise NotSoundError(f"{name} was changed")
    return manifest


def _check_hashes(entries: list[dict[str, Any]]) -> None:
    last = 0
    for entry in entries:
        text = "\x1f".join("" if entry[name] is None else str(entry[name]) for name in _HASHED)
        if hashlib.sha256(text.encode()).hexdigest() != entry["hash"]:
            raise NotSoundError(f"entry {entry['seq']} of the ledger was altered")
        if entry["seq"] <= last:
            raise NotSoundError(f"entry {entry['seq']} of the ledger is out of order")
        last = entry["seq"]


def _check_folds(subjects: list[dict[str, Any]], entries: list[dict[str, Any]]) -> None:
    said: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda each: (each["effective_on"], each["seq"])):
        if entry["entity"] == "cycle_entry":
            said.setdefault(entry["key"], {}).update(json.loads(entry["changes"]))
    if sorted(said) != sorted(subject["id"] for subject in subjects):
        raise NotSoundError("the subjects are not those of the ledger")
    for subject in subjects:
        for name, value in said[subject["id"]].items():
            if subject[name] != value:
                raise NotSoundError(f"{subject['subject']}: {name} is not what the ledger says")


def final_points(subject: dict[str, Any]) -> dict[str, Decimal]:
    """Return the points in force of a subject: the automatic ones, with what people put in their place."""
    points = {item: Decimal(each) for item, each in json.loads(subject["automatic_points"] or "{}").items()}
    adjusted = json.loads(subject["adjustments"] or "{}")
    return points | {item: Decimal(each["points"]) for item, each in adjusted.items()}


def _check_points(subjects: list[dict[str, Any]], book: dict[str, Any]) -> None:
    for subject in subjects:
        points, whole = final_points(subject), Decimal(0)
        for part in book["parts"]:
            own = sum((points[item["id"]] for item in part["items"] if item["id"] in points), Decimal(0))
            most = part.get("maximum") if part["kind"] in {"common", "own"} else part.get("most")
            if most is not None:
                own = min(own, Decimal(str(most)))
            if part.get("least") is not None:
                own = max(own, Decimal(str(part["least"])))
            whole += own
        if whole != Decimal(subject["score"]):
            raise NotSoundError(f"{subject['subject']}: the points sum to {whole}, not to {subject['score']}")


def _check_ranks(subjects: list[dict[str, Any]]) -> None:
    counted = [Decimal(subject["score"]) for subject in subjects if not subject["vetoed"]]
    for subject in subjects:
        own, rank = Decimal(subject["score"]), subject["rank"]
        better, equal = sum(other > own for other in counted), sum(other == own for other in counted)
        # A tie-break of the rulebook may part those who are equal.
        if rank is not None if subject["vetoed"] else not (rank and better < rank <= better + equal):
            raise NotSoundError(f"{subject['subject']}: the rank {rank} does not follow from the scores")


def main(words: list[str]) -> int:
    """Verify the package that is named and say what was found."""
    if not 1 <= len(words) <= 2:  # noqa: PLR2004 - the file and, if given, the digest
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        told = verify(Path(words[0]), words[1] if len(words) > 1 else None)
    except NotSoundError as error:
        sys.stdout.write(f"NOT SOUND 档案有误: {error}\n")
        return 1
    sys.stdout.write(
        f"SOUND 档案完整: {told['title']}\n"
        f"{told['subjects']} subjects, {told['entries']} entries, {told['files']} files\ndigest {told['digest']}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
