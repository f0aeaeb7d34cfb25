"""Assessment in memory: a ledger that a test writes."""

from dataclasses import dataclass

from heli_shared.contracts.fake_ledger import FakeLedger


@dataclass(slots=True)
class FakeAssessment(FakeLedger):
    """An AssessmentClient without a network."""

    name: str = "assessment"
