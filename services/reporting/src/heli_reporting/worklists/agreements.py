"""What two sides agreed on: transfers that wait for a confirmation, and pairings with too little done or running out.

Pure rules on records, as in `deadlines`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from heli_reporting.worklists.domain import NOWHERE, Line, Record, Site, dated_line, present
from heli_shared.kernel.spans import next_of_year
from heli_shared.statistics.parameters import parameter

_UNDER_WAY = frozenset({"proposed", "from_confirmed", "to_confirmed"})
_SIDES = (("from", "转出", "that it leaves"), ("to", "转入", "that it goes to"))


def transfer_lines(
    transfers: Iterable[Record],
    sites: Mapping[str, Site],
    answering: Mapping[str, str | None],
    *,
    on: date,
) -> list[Line]:
    """Return a line for each side that has not confirmed a transfer.

    `answering` has by superior the unit that sees to it; a superior that is not in it is not the caller's business.
    """
    return present(
        _transfer_line(each, sites.get(each["organization"], NOWHERE), side, answering, on=on)
        for each in transfers
        if each["stage"] in _UNDER_WAY and each["due_on"] is not None
        for side in _SIDES
        if each[f"{side[0]}_superior"] in answering and each[f"{side[0]}_confirmed_on"] is None
    )


def _transfer_line(
    transfer: Record, site: Site, side: tuple[str, str, str], answering: Mapping[str, str | None], *, on: date
) -> Line | None:
    superior, due = transfer[f"{side[0]}_superior"], transfer["due_on"]
    rule = parameter("transfer.confirm_days").find(on)
    return dated_line(
        transfer,
        due,
        on=on,
        kinds=("transfer_overdue", "transfer_due"),
        subject=("transfer", *site),
        whose=(answering[superior], None),
        ground=("transfer.confirm_days", rule.basis if rule else ""),
        words=(
            f"待{side[1]}方（{superior}）于{due}前确认，随转党员{transfer['members'] or 0}名",
            f"Waits until {due} for the superior {side[2]} ({superior}), {transfer['members'] or 0} members move along",
        ),
    )


def pairing_lines(
    pairings: Iterable[Record], activities: Iterable[Record], sites: Mapping[str, Site], *, on: date
) -> list[Line]:
    """Return pairings with fewer activities this year than the plan asks for, and agreements that end or have ended."""
    year = date(on.year, 1, 1)
    done = Counter(
        each["pairing"]
        for each in activities
        if each["kind"] == "pairing_activity" and each["held_on"] is not None and year <= each["held_on"] <= on
    )
    return present(
        line
        for each in pairings
        for line in (_behind(each, done[each["key"]], _partner(each, sites), on=on), _ending(each, sites, on=on))
    )


def _partner(pairing: Record, sites: Mapping[str, Site]) -> Site:
    return sites.get(pairing["organization"] or pairing["enterprise"], NOWHERE)


def _behind(pairing: Record, done: int, partner: Site, *, on: date) -> Line | None:
    rule, year = parameter("pair.activities_per_year").find(on), date(on.year, 1, 1)
    planned = pairing["activities_per_year"]
    if planned is None:
        planned = rule.value if rule else 0
    due = next_of_year(max(year, pairing["agreed_on"] or year), planned, done)
    has_run_out = pairing["ends_on"] is not None and pairing["ends_on"] < on
    if due is None or due >= on or has_run_out:
        return None
    return dated_line(
        pairing,
        due,
        on=on,
        kinds=("pairing_behind", "pairing_behind"),
        subject=("pairing", *partner),
        whose=(pairing["unit"], None),
        ground=("pair.activities_per_year", rule.basis if rule else "结对共建协议"),
        words=(
            f"今年计划共建活动{planned}次，已开展{done}次",
            f"{planned} joint activities planned this year, {done} held",
        ),
    )


def _ending(pairing: Record, sites: Mapping[str, Site], *, on: date) -> Line | None:
    if pairing["ends_on"] is None:
        return None
    return dated_line(
        pairing,
        pairing["ends_on"],
        on=on,
        kinds=("pairing_ended", "pairing_ending"),
        subject=("pairing", *_partner(pairing, sites)),
        whose=(pairing["unit"], None),
        ground=("pairing.ends_on", "结对共建协议"),
        words=(f"协议至{pairing['ends_on']}届满", f"The agreement runs until {pairing['ends_on']}"),
    )
