"""The external series that come with the release and those a place puts into its data folder, one YAML file each."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from heli_reporting.external_series.domain import Definition, ExternalSeries, Value
from heli_shared.kernel.plain_yaml import read_plain

FOLDER = "external-series"


class _Read(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Definition(_Read):
    zh: str
    en: str
    unit: str
    denominator: str | None = None


class _Value(_Read):
    day: date
    definition: str
    count: int | None = None
    share: Decimal | None = None
    source: str
    confirmed: bool

    @model_validator(mode="after")
    def _has_a_number(self) -> "_Value":
        if self.count is None and self.share is None:
            raise ValueError(f"the value of {self.day} has neither count nor share")
        return self


class _Series(_Read):
    zh: str
    en: str
    definitions: dict[str, _Definition]
    values: list[_Value]

    @model_validator(mode="after")
    def _is_whole(self) -> "_Series":
        days = [value.day for value in self.values]
        if days != sorted(set(days)):
            raise ValueError("values must be in order of days, each day once")
        unknown = {value.definition for value in self.values} - set(self.definitions)
        if unknown:
            raise ValueError(f"values name definitions that are not there: {', '.join(sorted(unknown))}")
        return self


_FILE = TypeAdapter(dict[str, _Series])


def read(folder: Path) -> dict[str, ExternalSeries]:
    """Return all series by id; a file that is not as it should be keeps the service from starting."""
    found: dict[str, ExternalSeries] = {}
    for text in _texts(folder):
        for key, series in _FILE.validate_python(read_plain(text)).items():
            if key in found:
                raise ValueError(f"the external series {key} is there twice")
            found[key] = _series(key, series)
    return found


def _texts(folder: Path) -> Iterator[str]:
    released = files("heli_reporting.external_series").joinpath("data")
    for entry in sorted(released.iterdir(), key=lambda each: each.name):
        yield entry.read_text(encoding="utf-8")
    for path in sorted(folder.glob("*.yaml")):
        yield path.read_text(encoding="utf-8")


def _series(key: str, read_: _Series) -> ExternalSeries:
    definitions: Mapping[str, _Definition] = read_.definitions
    return ExternalSeries(
        id=key,
        zh=read_.zh,
        en=read_.en,
        definitions=tuple(Definition(name, d.zh, d.en, d.unit, d.denominator) for name, d in definitions.items()),
        values=tuple(Value(v.day, v.definition, v.count, v.share, v.source, v.confirmed) for v in read_.values),
    )
