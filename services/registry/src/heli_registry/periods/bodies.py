"""What the routes of periods have in common: keys and sentences as they are sent."""

from typing import Annotated

from fastapi import Path
from pydantic import StringConstraints

from heli_registry.periods.models import PERIOD
from heli_shared.records.models import SINGLE_LINE

Key = Annotated[str, Path(max_length=64, pattern=PERIOD.key_pattern, description="报送期 id")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=SINGLE_LINE)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=1_000, pattern=SINGLE_LINE)]
