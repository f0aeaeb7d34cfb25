"""Sharing agreements as the registry serves them: units that exist, an end that does not lie before the beginning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.agreements import repository
from heli_registry.agreements.models import SHARING_AGREEMENT
from heli_registry.references import check_references
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.service import Resource


def check_agreement(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse a unit that does not exist and an agreement that ends before it begins."""
    check_references(call, SHARING_AGREEMENT, before=before, after=after)
    if after["agreed_on"] and after["ends_on"] and str(after["ends_on"]) < str(after["agreed_on"]):
        found = FieldProblem("/ends_on", "早于同意日期", "lies before the day of agreement")
        raise InvalidInput("使用期限有误。", "The agreement ends before it begins.", errors=[found])


def agreed_purpose(session: Session, unit: str, resource: str, day: date) -> str | None:
    """Return the purpose that an open agreement of a unit names for a resource on a day, or None."""
    return repository.agreed_purpose(session, unit, resource, day)


SHARING_AGREEMENTS = Resource(
    SHARING_AGREEMENT, no_conditions, check=check_agreement, filters=equality_filters(SHARING_AGREEMENT)
)
