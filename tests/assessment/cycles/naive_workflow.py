"""A cycle's workflow written a second time, as plainly as possible: what each step does, and to whom it is refused."""

from dataclasses import dataclass, field

UNITS = {"finance": "unt-finance", "tax": "unt-tax", "first": "unt-organization", "second": "unt-social",
         "clerk": "unt-social", "leader": "unt-county"}  # fmt: skip


@dataclass
class Entry:
    status: str = "awaiting"
    submitted_by: str | None = None
    first_by: str | None = None
    late: bool = False


@dataclass
class Model:
    """Where a cycle of two departments stands; days are counted from the last deadline that was set."""

    stage: str = "draft"
    entries: dict[str, Entry] = field(default_factory=lambda: {"unt-finance": Entry(), "unt-tax": Entry()})
    waited: bool = False

    def take(self, step: str, by: str, subject: str, reason: bool) -> int:
        """Take a step and return the status of the answer: 200, 403, 409 or 422."""
        entry = self.entries[subject]
        if (
            step in {"publish", "start", "extend", "score", "unlock", "announce", "archive", "withdraw"}
            and by != "clerk"
        ):
            return 403
        allowed = {
            "draft": {"publish", "withdraw"},
            "published": {"start", "withdraw"},
            "self_assessment": {"submit", "extend", "score", "withdraw"},
            "review": {
                "submit", "extend", "score", "first_review", "return", "second_review", "decide", "unlock", "withdraw",
            },
            "decided": {"announce", "withdraw"},
            "notice": {"approve"},
            "approved": {"archive"},
            "archived": set(),
            "withdrawn": set(),
        }[self.stage]  # fmt: skip
        if step not in allowed:
            return 409
        if step in {"extend", "return", "unlock", "withdraw"} and not reason:
            return 422
        return getattr(self, f"_{step}")(entry, by, reason)

    def _publish(self, _entry, _by, _reason):
        self.stage = "published"
        return 200

    def _start(self, _entry, _by, _reason):
        self.stage, self.waited = "self_assessment", False
        for each in self.entries.values():
            each.late = False
        return 200

    def _submit(self, entry, by, reason):
        if entry.status not in {"awaiting", "returned"}:
            return 409
        own = self.entries[UNITS[by]] is entry if UNITS[by] in self.entries else False
        if not own and by != "clerk":
            return 403
        if entry.late:
            return 409
        if not own and not reason:
            return 422
        entry.status, entry.submitted_by = "submitted", by
        return 200

    def _extend(self, _entry, _by, _reason):
        open_ones = [each for each in self.entries.values() if each.status in {"awaiting", "returned"}]
        if not open_ones:
            return 409
        for each in open_ones:
            each.late = False
        return 200

    def _score(self, _entry, _by, reason):
        everybody = self.entries.values()
        if any(each.status == "awaiting" and not each.late for each in everybody):
            return 409
        if self.stage == "review" and any(each.status == "decided" for each in everybody):
            return 409
        if self.stage == "review" and not reason:
            return 422
        self.stage = "review"
        for each in everybody:
            each.first_by = None
            if each.status != "returned":
                each.status = "submitted"
        return 200

    def _first_review(self, entry, by, _reason):
        if not (entry.status == "submitted" or (entry.status == "returned" and entry.late)):
            return 409
        if by != "first":
            return 403
        entry.status, entry.first_by = "first_reviewed", by
        return 200

    def _return(self, entry, by, _reason):
        turn = {"submitted": {"first"}, "first_reviewed": {"second", "clerk"}}.get(entry.status)
        if turn is None:
            return 409
        if by not in turn or entry.submitted_by == by:
            return 403
        entry.status, entry.first_by, entry.late = "returned", None, False
        return 200

    def _second_review(self, entry, by, _reason):
        if entry.status != "first_reviewed":
            return 409
        if by not in {"second", "clerk"} or entry.submitted_by == by:
            return 403
        entry.status = "second_reviewed"
        return 200

    def _decide(self, entry, by, _reason):
        if entry.status != "second_reviewed":
            return 409
        if by != "leader":
            return 403
        entry.status = "decided"
        if all(each.status == "decided" for each in self.entries.values()):
            self.stage = "decided"
        return 200

    def _unlock(self, _entry, _by, _reason):
        return 200

    def _announce(self, _entry, _by, _reason):
        self.stage, self.waited = "notice", False
        return 200

    def _approve(self, _entry, by, _reason):
        if by != "leader":
            return 403
        if not self.waited:
            return 409
        self.stage = "approved"
        for each in self.entries.values():
            each.status = "approved"
        return 200

    def _archive(self, _entry, _by, _reason):
        self.stage = "archived"
        return 200

    def _withdraw(self, _entry, _by, _reason):
        self.stage = "withdrawn"
        return 200

    def wait(self) -> None:
        """Let every deadline pass that was set until now."""
        self.waited = True
        for each in self.entries.values():
            each.late = True
