"""Every table of assessment: importing this module declares them all in one metadata, for migrations and tests."""

from heli_assessment.activities import models as activities
from heli_assessment.database import METADATA
from heli_assessment.marks import models as marks
from heli_assessment.plans import models as plans
from heli_assessment.rulebooks import models as rulebooks
from heli_assessment.runs import models as runs
from heli_assessment.tasks import models as tasks

DECLARING = (activities, marks, plans, rulebooks, runs, tasks)
__all__ = ["DECLARING", "METADATA"]
