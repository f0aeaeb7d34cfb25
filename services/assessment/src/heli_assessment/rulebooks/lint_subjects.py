"""Measures that make no sense for the subjects of a rulebook: an instructor answers for no enterprises."""

from collections.abc import Iterable, Iterator

from heli_assessment.engine.rules.base import base_of
from heli_assessment.rulebooks.findings import Finding, Measures, error


def check_subjects(kind: str, read: Iterable[tuple[str, str]], measures: Measures) -> Iterator[Finding]:
    """Refuse measures that no subject of a kind can have; `read` gives pointers and the measures read there."""
    for pointer, name in read:
        measure = measures.get(base_of(name))
        if measure is None or kind in measure.subjects:
            continue
        kinds = ", ".join(measure.subjects)
        zh = f"测度“{measure.id}”（{measure.zh}）不适用于本细则的考核对象 {kind}，只适用于：{kinds}"
        yield error("measure_of_other_subjects", pointer, zh, f"{measure.id} is of {kinds}, not of a {kind}")
