"""Every table of the archive: importing this module declares them all in one metadata, for migrations and tests."""

from heli_reporting.archive import METADATA
from heli_reporting.calendar_links import models as calendar_links
from heli_reporting.intake import models as intake
from heli_reporting.permalinks import models as permalinks

DECLARING = (calendar_links, intake, permalinks)
__all__ = ["DECLARING", "METADATA"]
