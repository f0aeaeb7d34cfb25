"""What proposals would gain: numerators and denominators before and after, per township and in total."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from heli_reporting.gaps.planning import Proposal
from heli_reporting.history.domain import Cell

MEASURES = (
    "organization_coverage",
    "sole_setup_rate",
    "work_coverage_broad",
    "work_coverage_strict",
    "due_established_rate",
    "staff100_with_organization_rate",
    "staff50_with_member_rate",
)
"""The measures that are told before and after, beside the count of organisations.

No proposal moves the last, for none makes a member; whoever asks for its gaps is told so.
"""
ORGANIZATIONS = "organization_count"

Cells = Mapping[str, Cell]
Change = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A township (None where it is not known) or the whole, as it is and as it would be."""

    division: str | None
    before: Cells
    after: Cells

    @property
    def moved(self) -> list[str]:
        """Return the measures that would change."""
        return [measure for measure in self.before if self.before[measure] != self.after[measure]]


def changes_of(proposal: Proposal) -> dict[str | None, dict[str, Change]]:
    """Return by township how many a proposal adds to the numerator and the denominator of each measure."""
    found: dict[str | None, dict[str, Change]] = defaultdict(lambda: defaultdict(lambda: (0, 0)))

    def add(town: str | None, measure: str, numerator: int, denominator: int = 0) -> None:
        before = found[town][measure]
        found[town][measure] = (before[0] + numerator, before[1] + denominator)

    for each in proposal.enterprises:
        town = each.place.at("town")
        if not each.is_reached:
            add(town, "work_coverage_broad", 1)
        if proposal.kind == "instructor":
            add(town, "work_coverage_strict", 1)
            continue
        add(town, "organization_coverage", 1)
        # An enterprise that gets an organisation leaves those without one, among whom strict work coverage counts.
        add(town, "work_coverage_strict", -int(each.is_reached), -1)
        add(town, "sole_setup_rate", int(proposal.kind == "own_branch"))
        add(town, "due_established_rate", int(each.is_due))
        add(town, "staff100_with_organization_rate", int(each.has_staff100))
    if proposal.kind in {"own_branch", "joint_branch"}:
        add(proposal.seat.place.at("town"), ORGANIZATIONS, 1)
    return found


def outlooks(
    rows: Mapping[str | None, Cells], total: Cells, proposals: Iterable[Proposal]
) -> tuple[list[Outlook], Outlook]:
    """Return the townships in the order of `rows`, and the whole, before and after these proposals."""
    by_town: dict[str | None, dict[str, Change]] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for proposal in proposals:
        for town, changes in changes_of(proposal).items():
            for measure, change in changes.items():
                before = by_town[town][measure]
                by_town[town][measure] = (before[0] + change[0], before[1] + change[1])
    towns = [Outlook(town, cells, _moved(cells, [by_town[town]])) for town, cells in rows.items()]
    return towns, Outlook(None, total, _moved(total, list(by_town.values())))


def _moved(cells: Cells, changes: Sequence[Mapping[str, Change]]) -> dict[str, Cell]:
    found = {}
    for measure, cell in cells.items():
        numerator = cell.numerator + sum(each[measure][0] for each in changes if measure in each)
        added = sum(each[measure][1] for each in changes if measure in each)
        found[measure] = Cell(numerator, None if cell.denominator is None else cell.denominator + added)
    return found
