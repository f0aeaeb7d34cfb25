"""Assessment as other services use it, and the same over HTTP."""

from typing import Protocol

from heli_shared.contracts.feed import LedgerSource
from heli_shared.contracts.ledger_client import HttpLedger


class AssessmentClient(LedgerSource, Protocol):
    """A ledger to copy: plans, tasks, activities, marks, rulebooks."""


class HttpAssessment(HttpLedger):
    """An AssessmentClient at the other end of HTTP."""
