"""Keys for clients that cannot send headers: short-lived, good for reconciliation alone, made for whoever asks."""

from heli_registry.identity.issuer import Issuer
from heli_shared.records.calls import RecordCall

PURPOSE = "reconciliation"
AUDIENCE = "heli-reconciliation"
LIFETIME_SECONDS = 10 * 3600
"""A working day."""


def issue_key(call: RecordCall, issuer: Issuer) -> str:
    """Return a key that lets its bearer reconcile as the caller, and do nothing else."""
    return issuer.issue(call.principal.id, lifetime=LIFETIME_SECONDS, audience=AUDIENCE).token
