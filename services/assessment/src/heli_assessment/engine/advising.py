"""What would raise a score: every proposal of the rules is tried, and the true gain is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.inputs import ABSENT, KNOWN, MISSING, Column, Input, Inputs, State
from heli_assessment.engine.plan import PlannedItem, ScoringPlan
from heli_assessment.engine.rules.base import Label, Labels, Sentence
from heli_assessment.engine.scoring import Verdicts, score

Row = Mapping[str, Input]


@dataclass(frozen=True, slots=True)
class Known:
    """What explanations of one subject are made from; labels name every measure of the book."""

    plan: ScoringPlan
    row: Row
    group: int
    verdicts: Verdicts
    labels: Labels

    def label(self, key: str) -> Label:
        """Return the label of an input key."""
        return self.labels[key.partition(":")[0]]

    def value(self, key: str) -> Input:
        """Return an input of the subject, missing when there is none."""
        return self.row.get(key, ABSENT)


@dataclass(frozen=True, slots=True)
class Advice:
    """A change of inputs (ten-thousandths by input key) and what it adds to the score (hundredths)."""

    settings: Mapping[str, int]
    change: Sentence
    gain: int


def advise(known: Known) -> dict[int, tuple[Advice, ...]]:
    """Return by item index the changes that raise the score, each with its exact gain on the whole score."""
    tried = [
        (index, settings)
        for index, item in enumerate(known.plan.items)
        if int(known.verdicts.states[index, 0]) in {KNOWN, MISSING}
        and int(known.verdicts.uncapped[index, 0]) < item.maximum
        for settings in _proposals(item, known)
    ]
    if not tried:
        return {}
    variants = score(known.plan, _variants(known, [settings for _, settings in tried]))
    base = int(known.verdicts.low_scores[0])
    found: dict[int, list[Advice]] = {}
    for position, (index, settings) in enumerate(tried):
        gain = int(variants.low_scores[position]) - base
        kept = found.setdefault(index, [])
        if gain > 0 and all(gain != other.gain for other in kept):
            kept.append(Advice(settings, _change(settings, known), gain))
    return {index: tuple(kept) for index, kept in found.items()}


def _proposals(item: PlannedItem, known: Known) -> list[Mapping[str, int]]:
    keys = dict(zip(item.rule.measures, item.keys, strict=True))
    states = {key: known.value(key).state for key in item.keys}
    if State.MISSING in states.values():
        best = item.rule.best(item.maximum)
        return [{keys[m]: to for m, to in best.items() if states[keys[m]] is State.MISSING}]
    values = [known.value(key).value for key in item.keys]
    proposals = [{keys[m]: to for m, to in setting.items()} for setting in item.rule.settings(values, item.maximum)]
    return [p for p in proposals if all(states[key] is State.VALUE for key in p)]


def _variants(known: Known, settings: list[Mapping[str, int]]) -> Inputs:
    """Return one copy of the subject for each setting, with that setting made."""
    size = len(settings)
    columns = {}
    for key in known.plan.keys:
        now = known.value(key)
        states = None if now.state is State.VALUE else np.full(size, now.state.code, dtype=np.int8)
        columns[key] = Column(np.full(size, now.value, dtype=np.int64), states)
    for position, setting in enumerate(settings):
        for key, value in setting.items():
            column = columns[key]
            column.values[position] = value
            if column.states is not None:
                column.states[position] = KNOWN
    return Inputs(size, np.full(size, known.group, dtype=np.int64), columns)


def _change(settings: Mapping[str, int], known: Known) -> Sentence:
    sentences = [_one_change(known.label(key), known.value(key), to) for key, to in settings.items()]
    return Sentence("，".join(s.zh for s in sentences), ", ".join(s.en for s in sentences))


def _one_change(label: Label, now: Input, to: int) -> Sentence:
    aim = label.amount(to)
    if now.state is not State.VALUE:
        return Sentence(f"补报“{label.zh}”并达到 {aim.zh}", f"report {label.en} and reach {aim.en}")
    was = label.amount(now.value)
    if to > now.value:
        return Sentence(f"把“{label.zh}”由 {was.zh}提高到 {aim.zh}", f"raise {label.en} from {was.en} to {aim.en}")
    return Sentence(f"把“{label.zh}”由 {was.zh}降到 {aim.zh}", f"lower {label.en} from {was.en} to {aim.en}")
