"""Who speaks for which side of a transfer: the superior's own clerks, or the county in its stead with a reason."""

from heli_registry.transfers import repository
from heli_registry.transfers.domain import SIDES, Side
from heli_registry.units.models import UNIT
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row


def stands_behind(call: RecordCall, superior: str | None) -> bool:
    """Say whether the caller is of a superior: its unit itself, or an organisation in the caller's territory."""
    if superior is None:
        return False
    unit = find_row(call.session, UNIT, superior)
    if unit is not None:
        return bool(call.principal.unit == superior and unit.state == "open")
    return repository.is_organization_in(call.session, call.principal.scope, superior)


def own_sides(call: RecordCall, from_superior: str | None, to_superior: str) -> frozenset[Side]:
    """Return the sides that the caller is of."""
    superiors = zip(SIDES, (from_superior, to_superior), strict=True)
    return frozenset(side for side, superior in superiors if stands_behind(call, superior))


def sides_spoken_for(
    call: RecordCall, own: frozenset[Side], needed: frozenset[Side], *, named: Side | None, reason: str | None
) -> frozenset[Side]:
    """Return the sides that the caller speaks for; nobody's side, or another's without right or reason, is refused."""
    if named is None:
        return own & needed
    if named not in needed:
        raise Conflict("该组织没有转出方，只需转入方确认。", "It has no superior: the receiving side alone confirms.")
    if named not in own:
        if not call.principal.scope.everything:
            raise Forbidden("您不属于这一方，不能代为确认。", "You are not of this side and cannot speak for it.")
        if reason is None:
            found = FieldProblem("/reason", "代为确认须说明原因", "say why you speak for this side")
            raise InvalidInput("代为确认须说明原因。", "Say why you speak for this side.", errors=[found])
    return frozenset({named})


def stranger() -> Forbidden:
    """Return the refusal of somebody who is of neither side."""
    return Forbidden("只有转出方、转入方或县级可以办理。", "Only the two sides and the county can do this.")
