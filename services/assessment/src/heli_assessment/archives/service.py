"""Sealing a cycle and handing its package out."""

from dataclasses import asdict
from datetime import datetime
from importlib.resources import files as package_files
from typing import Any

from heli_assessment.appeals.models import APPEAL
from heli_assessment.appeals.service import appeals_in
from heli_assessment.archives.repository import add_archive, find_archive, stored_entries
from heli_assessment.cycles.models import CYCLE, CYCLE_ENTRY, DELEGATION, SPOT_CHECK
from heli_assessment.cycles.service import delegations_in, spot_checks_in
from heli_assessment.rulebooks.service import body_of, get_version
from heli_assessment.runs.service import RunService
from heli_shared.kernel.errors import NotFound
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record


class ArchiveService:
    """Makes packages and keeps them."""

    def __init__(self, runs: RunService) -> None:
        """Take the explanations of scores from `runs`."""
        self._runs = runs

    def seal(self, call: RecordCall, cycle: Record, entries: list[Record]) -> str:
        """Make the package of a cycle as it stands, keep it, and return the digest of its manifest."""
        content, digest = self.build(call, cycle, entries)
        add_archive(
            call.session, cycle["id"], digest=digest, content=content, at=call.clock.now(), by=call.principal.id
        )
        return digest

    def build(self, call: RecordCall, cycle: Record, entries: list[Record]) -> tuple[bytes, str]:
        """Return the package of a cycle and its digest; the same records give the same bytes."""
        from heli_assessment.archives.building import json_bytes, ndjson_bytes, package, readme, report

        appeals = appeals_in(call, cycle["id"])
        delegations, spot_checks = delegations_in(call, cycle["id"]), spot_checks_in(call, cycle["id"])
        run = self._runs.get(call, cycle["run"])
        version = get_version(call, cycle["rulebook"], cycle["rulebook_version"])
        keys = {
            CYCLE.entity: [cycle["id"]],
            **{
                kind.entity: [each["id"] for each in records]
                for kind, records in (
                    (CYCLE_ENTRY, entries), (APPEAL, appeals), (DELEGATION, delegations), (SPOT_CHECK, spot_checks),
                )
            },
        }  # fmt: skip
        ledger = stored_entries(call.session, call.ledger, keys)
        explained = [self._runs.explanation(call, cycle["run"], each["subject"]) for each in entries]
        verifier = package_files("heli_assessment.archives") / "verify.py"
        files = {
            "README.txt": readme(cycle["title"]),
            "cycle.json": json_bytes(cycle),
            "entries.json": json_bytes(entries),
            "appeals.json": json_bytes(appeals),
            "delegations.json": json_bytes(delegations),
            "spot-checks.json": json_bytes(spot_checks),
            "run.json": json_bytes({"id": run.id, "digest": run.digest, "pins": asdict(run.pins)}),
            "explanations.json": json_bytes(explained),
            "rulebook.json": json_bytes(body_of(version)),
            "ledger.ndjson": ndjson_bytes(ledger),
            "report.pdf": report(cycle, entries, appeals, asdict(run.pins), made_at=_known_at(ledger)),
            "verify.py": verifier.read_bytes(),
        }
        last: dict[str, Any] = {"epoch": read_head(call.session, call.ledger).epoch, "last_seq": ledger[-1]["seq"]}
        return package(cycle["title"], cycle["id"], files, last)

    def get(self, call: RecordCall, cycle: str) -> tuple[str, bytes]:
        """Return digest and bytes of a kept package; NotFound when the cycle is not archived."""
        found = find_archive(call.session, cycle)
        if found is None:
            raise NotFound("该周期尚未归档，没有档案。", "There is no archive of this cycle: it is not archived (yet).")
        return found


def _known_at(ledger: list[dict[str, Any]]) -> datetime:
    """Return when the last entry of the package was recorded: what is made of the same entries bears the same day."""
    return datetime.fromisoformat(ledger[-1]["recorded_at"])
