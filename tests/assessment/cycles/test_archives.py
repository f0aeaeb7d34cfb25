"""The sealed package: it proves itself without the system, and one altered byte anywhere is found."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress

import pytest
import sqlalchemy as sa

from assessment.cycles.office import FINANCE, ON, Cycle, pass_until
from assessment.cycles.test_appeals import decided, filed
from heli_assessment.archives.service import ArchiveService
from heli_assessment.archives.verify import NotSoundError, verify


def archived(world):
    """Take a cycle with an appeal, a spot check and an adjustment to its archive; return it and the package."""
    cycle = Cycle(world).announced()
    world.post("/v1/spot-checks", {"cycle": cycle.id, "title": "抽查", "size": 1}, by="clerk")
    decided(world, filed(world, cycle), "upheld", points="6")
    pass_until(world, world.clock.today().replace(day=20))
    cycle.step("approve", by="leader")
    cycle.step("archive")
    answer = world.get(f"{cycle.path}/archive")
    assert answer.status_code == 200
    return cycle, answer


def test_the_package_verifies_without_the_system(office, tmp_path):
    cycle, answer = archived(office)
    digest = cycle.now["archive_digest"]
    assert answer.headers["etag"] == f'"{digest}"'
    file = tmp_path / "archive.zip"
    file.write_bytes(answer.content)
    told = verify(file, digest)
    assert (told["digest"], told["subjects"]) == (digest, 2)
    with zipfile.ZipFile(file) as package:
        package.extract("verify.py", tmp_path)
        names = set(package.namelist())
        pdf = package.read("report.pdf")
    assert {"report.pdf", "ledger.ndjson", "rulebook.json", "explanations.json", "appeals.json"} <= names
    assert b"/FontFile" in pdf, "the font is embedded: every reader shows the same"
    assert set("考核结果汇总表县财政局") <= signs_of(pdf)
    alone = [sys.executable, "-I", str(tmp_path / "verify.py"), str(file), digest]
    done = subprocess.run(alone, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "SOUND 档案完整: 2026年上半年成员单位考核")


def test_the_same_records_give_the_same_bytes(office):
    cycle, _ = archived(office)
    stages = office.get(f"{cycle.path}/history").json()["items"]
    assert stages[0]["operation"] == "create"
    other = Cycle(office)
    other.decided()
    service = ArchiveService(runs_of(office))
    made = [built(office, service, other) for _ in range(2)]
    assert made[0] == made[1]
    assert hashlib.sha256(made[0][0]).hexdigest() == hashlib.sha256(made[1][0]).hexdigest()


def runs_of(world):
    from heli_assessment.intake.directory import Directory
    from heli_assessment.runs.service import RunService

    return RunService(world.engine, Directory(world.registry), no_computer)


def no_computer():
    raise AssertionError("an archive only reads what was computed")


def built(world, service, cycle):
    from types import SimpleNamespace

    from heli_assessment.cycles.models import CYCLE
    from heli_assessment.cycles.repository import entries_of
    from heli_assessment.database import LEDGER
    from heli_shared.db.engine import transaction
    from heli_shared.kernel.access import Scope
    from heli_shared.records.reading import find_row, record_of_row

    with transaction(world.engine, writes=False) as session:
        principal = SimpleNamespace(scope=Scope(everything=True))
        call = SimpleNamespace(session=session, ledger=LEDGER, principal=principal)
        record = record_of_row(CYCLE, find_row(session, CYCLE, cycle.id))
        return service.build(call, record, entries_of(session, cycle.id))


def signs_of(pdf):
    """Return the signs that a PDF's fonts map their glyphs to, read from their ToUnicode maps by hand."""
    found = set()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            plain = zlib.decompress(packed)
            for line in re.findall(rb"<[0-9A-Fa-f]+> <([0-9A-Fa-f]+)>", plain):
                found |= set(bytes.fromhex(line.decode()).decode("utf-16-be", "replace"))
    return found


REPORT = """
import sys
from datetime import UTC, datetime
from heli_assessment.archives.building import report
cycle = {name: "2026-07-01" for name in ("period_from", "counted_on", "notice_from", "notice_until")}
cycle |= {"title": "考核 #evil[x] *粗*", "rulebook": "r", "rulebook_version": 1, "rulebook_digest": "d", "run": "run-1",
          "run_digest": "e"}
entry = {"rank": 1, "subject": "u", "name": "县财政局 $x$", "self_score": None, "automatic_score": "9", "score": "9",
         "grade": None}
appeal = {"subject": "u", "reason": "漏计", "status": "upheld", "decision_reason": None}
pins = {"registry_known_at": 1, "records_known_at": 2}
made = report(cycle, [entry] * 90, [appeal], pins, made_at=datetime(2026, 7, 20, 3, tzinfo=UTC))
sys.stdout.buffer.write(made)
"""


def test_another_process_elsewhere_makes_the_same_pdf(tmp_path):
    """Nothing of the machine goes in: not its hash seed, its time zone, its home or its fonts."""
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        there = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "HOME": str(tmp_path / seed)}
        made.append(subprocess.run([sys.executable, "-c", REPORT], env=there, capture_output=True, check=True).stdout)
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-")
    assert set("#evil[x]*粗$") <= signs_of(made[0]), "what a title says is never taken for markup"


def rezipped(content, change):
    """Return a package in which `change` altered the files (a dict of bytes) it is given."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def resealed(files):
    """Make the manifest fit the files again, as somebody would who covers up."""
    manifest = json.loads(files["manifest.json"])
    for each in manifest["files"]:
        each["sha256"] = hashlib.sha256(files[each["name"]]).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()


def edit(name, function):
    def change(files):
        values = json.loads(files[name])
        function(values)
        files[name] = json.dumps(values, ensure_ascii=False).encode()
        resealed(files)

    return change


def edit_ledger(function):
    def change(files):
        lines = [json.loads(line) for line in files["ledger.ndjson"].decode().splitlines()]
        function(lines)
        files["ledger.ndjson"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        resealed(files)

    return change


def forge(lines):
    """Alter an entry and compute its hash anew, as somebody would who knows how."""
    line = lines[-1]
    changes = json.loads(line["changes"])
    changes["reason"] = "改"
    line["changes"] = json.dumps(changes, ensure_ascii=False)


TAMPERED = {
    "a file was changed": lambda files: files.update({"report.pdf": files["report.pdf"] + b" "}),
    "a file is missing": lambda files: files.pop("run.json"),
    "a file was added": lambda files: files.update({"more.txt": b""}),
    "no manifest": lambda files: files.pop("manifest.json"),
    "manifest unreadable": lambda files: files.update({"manifest.json": b"[]"}),
    "a score": edit("entries.json", lambda entries: entries[0].update(score="99.00")),
    "a name": edit("entries.json", lambda entries: entries[0].update(name="某局")),
    "a rank": edit("entries.json", lambda entries: entries[0].update(rank=7)),
    "a subject left out": edit("entries.json", lambda entries: entries.pop()),
    "an entry of the ledger": edit_ledger(forge),
    "the order of the ledger": edit_ledger(lambda lines: lines.reverse()),
    "a part's bound": edit("rulebook.json", lambda book: book["parts"][0].update(maximum="1")),
}


@pytest.fixture
def sealed(small_office):
    cycle, answer = archived(small_office)
    return cycle.now["archive_digest"], answer.content


def test_whatever_is_altered_is_found_even_when_the_manifest_is_made_to_fit(sealed, tmp_path):
    _, content = sealed
    file = tmp_path / "a.zip"
    file.write_bytes(rezipped(content, lambda _files: None))
    verify(file)
    unseen = []
    for what, change in TAMPERED.items():
        file.write_bytes(rezipped(content, change))
        try:
            verify(file)
            unseen.append(what)
        except NotSoundError:
            pass
    assert unseen == []


def test_one_flipped_bit_anywhere_is_found_by_the_digest(sealed, tmp_path):
    digest, content = sealed
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    for name, data in files.items():
        for place in range(0, len(data), max(1, len(data) // 7)):
            flipped = bytearray(data)
            flipped[place] ^= 1
            file.write_bytes(rezipped(content, lambda held, n=name, d=bytes(flipped): held.update({n: d})))
            with pytest.raises(NotSoundError):
                verify(file, digest)
    file.write_bytes(content)
    with pytest.raises(NotSoundError):
        verify(file, "0" * 64)
    for broken in (b"", b"PK", content[:-40], content[: len(content) // 2]):
        file.write_bytes(broken)
        with pytest.raises(NotSoundError):
            verify(file)


def test_an_archived_cycle_is_read_only(office):
    cycle, answer = archived(office)
    history = office.get(f"{cycle.path}/history").content
    for step in ("publish", "submit", "score", "decide", "approve", "archive", "withdraw", "unlock", "extend"):
        cycle.step(step, FINANCE, by="clerk", reason="试", expected=409)
    filed(office, cycle, expected=409)
    assert office.get(f"{cycle.path}/history").content == history
    assert office.get(f"{cycle.path}/archive").content == answer.content
    for statement in ("UPDATE archives SET digest = ''", "DELETE FROM archives"):
        with pytest.raises(sa.exc.DBAPIError), office.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_the_package_is_for_those_who_may_read_archives(small_office):
    cycle = Cycle(small_office).approved()
    assert small_office.get(f"{cycle.path}/archive").status_code == 404
    cycle.step("archive")
    statuses = {by: small_office.get(f"{cycle.path}/archive", by=by).status_code for by in small_office.headers}
    assert {by for by, status in statuses.items() if status == 200} == {"admin", "clerk", "leader"}


def test_running_the_pinned_run_again_gives_the_same_bytes(office):
    cycle, _ = archived(office)
    run = office.get(f"/v1/runs/{cycle.now['run']}")
    office.made("/v1/activities", kind="meeting", unit=FINANCE, held_on="2026-06-15", title="事后补登")
    again = office.post(
        "/v1/runs", {"rulebook": "department", "version": 1, "on": ON, "known_at": run.json()["known_at"]}, by="clerk"
    )
    assert (again.status_code, again.content) == (200, run.content)
    assert again.json()["digest"] == cycle.now["run_digest"]
