"""Every table of assessment: importing this module declares them all in one metadata, for migrations and tests."""

from heli_assessment.activities import models as activities
from heli_assessment.appeals import models as appeals
from heli_assessment.archives import models as archives
from heli_assessment.attachments import models as attachments
from heli_assessment.cycles import models as cycles
from heli_assessment.database import METADATA
from heli_assessment.duty import models as duty
from heli_assessment.evaluations import models as evaluations
from heli_assessment.funds import models as funds
from heli_assessment.imports import models as imports
from heli_assessment.incentives import models as incentives
from heli_assessment.inspections import models as inspections
from heli_assessment.letters import models as letters
from heli_assessment.marks import models as marks
from heli_assessment.objections import models as objections
from heli_assessment.opinions import models as opinions
from heli_assessment.plans import models as plans
from heli_assessment.progress import models as progress
from heli_assessment.rulebooks import models as rulebooks
from heli_assessment.runs import models as runs
from heli_assessment.samples import models as samples
from heli_assessment.simulations import models as simulations
from heli_assessment.targets import models as targets
from heli_assessment.tasks import models as tasks

DECLARING = (
    activities,
    appeals,
    archives,
    attachments,
    cycles,
    duty,
    evaluations,
    funds,
    imports,
    incentives,
    inspections,
    letters,
    marks,
    objections,
    opinions,
    plans,
    progress,
    rulebooks,
    runs,
    samples,
    simulations,
    targets,
    tasks,
)
__all__ = ["DECLARING", "METADATA"]
