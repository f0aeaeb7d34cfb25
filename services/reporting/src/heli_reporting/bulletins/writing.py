"""A bulletin in words: sentences, tables and charts made from answers by templates; no person is ever named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from heli_reporting.bulletins.numbers import Answer, Pen, cell_of, change_of, place_of
from heli_reporting.charts.domain import Chart, Series, chart_json
from heli_reporting.periods import Period, day_in_words
from heli_reporting.worklists.domain import KINDS
from heli_shared.statistics.measures import get_measure

HEADLINES = (
    "organization_coverage",
    "work_coverage_broad",
    "due_established_rate",
    "sole_setup_rate",
    "staff50_with_member_rate",
    "staff100_with_organization_rate",
)
COUNTS = ("enterprise_count", "organization_count")
RANKED_BY, GAP = "organization_coverage", "due_established_rate"
OVERDUE = (
    "election_overdue",
    "task_overdue",
    "letter_overdue",
    "rectification_overdue",
    "transfer_overdue",
    "visits_behind",
    "term_ended",
)
_PODIUM = 3

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a bulletin is written from: the answers at the end of the period and of the one before, and what is overdue.

    `overdue` is None where the asker may not read worklists; `whole` is how the asker's part of the county is called.
    `targets` are the shares to reach there, by measure: those of the unit that answers for the part before the norms.
    """

    period: Period
    now: Answer
    before: Answer
    overdue: Answer | None
    whole: str
    targets: Mapping[str, Decimal]

    @property
    def answers(self) -> list[Answer]:
        """Return the answers that numbers come from."""
        return [each for each in (self.now, self.before, self.overdue) if each is not None]


def sections(facts: Facts, refs: Mapping[str, str]) -> list[Json]:
    """Return the sections of a bulletin as JSON values."""
    pen = Pen(refs)
    found = [_overall(facts, pen), _ranking(facts, pen), _laggards(facts, pen), _gaps(facts, pen)]
    if facts.overdue is not None:
        found.append(_overdue(facts.overdue, pen))
    for number, section in zip("一二三四五", found, strict=False):
        section["heading"] = f"{number}、{section['heading']}"
    return found


def _section(heading: str, paragraphs: Sequence[Json], tables: Sequence[Json], charts: Sequence[Chart] = ()) -> Json:
    shown = [chart_json(chart) for chart in charts]
    return {"heading": heading, "paragraphs": list(paragraphs), "tables": list(tables), "charts": shown}


def _paragraph(pen: Pen, text: str) -> Json:
    return {"text": text, "numbers": pen.taken()}


def _table(pen: Pen, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Json:
    return {"caption": caption, "heads": list(heads), "rows": [list(row) for row in rows], "numbers": pen.taken()}


def _name(measure: str) -> str:
    return get_measure(measure).zh


def _moved(pen: Pen, facts: Facts, measure: str, division: str | None = None) -> str:
    """Return in words how a share moved since the period before."""
    difference = change_of(facts.now, facts.before, measure, division)
    if difference is None:
        return "上期无可比数"
    if difference == 0:
        return "与上期持平"
    text, word = pen.step(facts.now, facts.before, measure, division), "提高" if difference > 0 else "下降"
    return f"比上期{word}{text}{pen.mark(facts.now, facts.before)}个百分点"


def _overall(facts: Facts, pen: Pen) -> Json:
    now, period = facts.now, facts.period
    enterprises = f"{pen.count(now, 'enterprise_count')}{pen.mark(now)}"
    organizations = f"{pen.count(now, 'organization_count')}{pen.mark(now)}"
    counted = f"纳入统计的实体运营非公企业{enterprises}户，党组织{organizations}个"
    text = f"截至{day_in_words(period.last)}，{facts.whole}{counted}。"
    paragraphs = [_paragraph(pen, text)]
    paragraphs += [_paragraph(pen, _headline(facts, pen, measure)) for measure in HEADLINES[:3]]
    rows = [_overall_row(facts, pen, measure) for measure in HEADLINES]
    mark, both = pen.mark(now), pen.mark(now, facts.before)
    heads = [
        "指标",
        f"本期{mark}",
        f"分子/分母{mark}",
        f"上期{pen.mark(facts.before)}",
        f"变化（百分点）{both}",
        "目标",
    ]
    table = _table(pen, "主要指标", heads, rows)
    return _section("总体情况", paragraphs, [table], [_compared(facts)])


def _headline(facts: Facts, pen: Pen, measure: str) -> str:
    """Return in words what a share is, how it moved and what it lacks of its target."""
    now = facts.now
    if cell_of(now, measure, None)["value"] is None:
        return f"{_name(measure)}：本期没有可以计算的对象。"
    told = f"{_name(measure)}{pen.share(now, measure)}（{pen.ratio(now, measure)}）{pen.mark(now)}"
    told += f"，{_moved(pen, facts, measure)}"
    target = facts.targets.get(measure)
    if target is None:
        return f"{told}。"
    lacking = pen.lacking(now, measure, target)
    return f"{told}，已达到目标。" if lacking == "0.00" else f"{told}，距目标还差{lacking}{pen.mark(now)}个百分点。"


def _overall_row(facts: Facts, pen: Pen, measure: str) -> list[str]:
    target = facts.targets.get(measure)
    return [
        _name(measure),
        pen.share(facts.now, measure),
        pen.ratio(facts.now, measure),
        pen.share(facts.before, measure),
        pen.change(facts.now, facts.before, measure),
        "–" if target is None else f"{(target * 100).normalize():f}%",
    ]


def _series(name: str, answer: Answer, cells: Sequence[Mapping[str, Any]]) -> Series:
    return Series(name, tuple(cell["value"] for cell in cells), answer["passport"]["permalink"])


def _compared(facts: Facts) -> Chart:
    series = [
        _series(name, answer, [cell_of(answer, measure, None) for measure in HEADLINES])
        for name, answer in (("本期", facts.now), ("上期", facts.before))
    ]
    return Chart("bars", "主要指标与上期对比", "share", tuple(map(_name, HEADLINES)), tuple(series))


def _towns(facts: Facts) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the townships with something to count and their ranks, the best first; equal shares share a rank."""
    counted = [
        row for row in facts.now["rows"] if row["division"]["code"] is not None and row[RANKED_BY]["value"] is not None
    ]
    ordered = sorted(counted, key=lambda row: (-Decimal(row[RANKED_BY]["value"]), row["division"]["code"]))
    shares = [row[RANKED_BY]["value"] for row in ordered]
    return [(shares.index(row[RANKED_BY]["value"]) + 1, row) for row in ordered]


def _ranking(facts: Facts, pen: Pen) -> Json:
    now, towns = facts.now, _towns(facts)
    if not towns:
        return _section("乡镇街道排名", [_paragraph(pen, "本期没有可以排名的乡镇街道。")], [])
    paragraphs = [_paragraph(pen, _leaders(towns, now, pen))]
    rows = [[str(rank), row["division"]["name"], *_ranking_cells(facts, pen, row)] for rank, row in towns]
    mark, both = pen.mark(now), pen.mark(now, facts.before)
    heads = [
        "名次",
        "乡镇街道",
        f"{_name(RANKED_BY)}{mark}",
        f"分子/分母{mark}",
        f"变化（百分点）{both}",
        f"{_name(GAP)}{mark}",
    ]
    labels = tuple(row["division"]["name"] for _, row in towns)
    chart = Chart("bars", f"各乡镇街道{_name(RANKED_BY)}", "share", labels, (
        _series("本期", now, [row[RANKED_BY] for _, row in towns]),
    ))  # fmt: skip
    return _section("乡镇街道排名", paragraphs, [_table(pen, "乡镇街道排名", heads, rows)], [chart])


def _leaders(towns: Sequence[tuple[int, Mapping[str, Any]]], now: Answer, pen: Pen) -> str:
    """Return in words who leads; nobody does who has nothing, stands alone, or is as good as all the others."""
    if len(towns) == 1:
        return f"只有{towns[0][1]['division']['name']}一个乡镇街道，不作排名。"
    if towns[-1][0] == 1:
        return f"各乡镇街道{_name(RANKED_BY)}相同，不分先后。"
    best = [row for rank, row in towns if rank <= _PODIUM and row[RANKED_BY]["numerator"]]
    return f"按{_name(RANKED_BY)}排名，居前的是{_listed(best, now, pen)}。"


def _listed(rows: Iterable[Mapping[str, Any]], answer: Answer, pen: Pen) -> str:
    """Return townships with their shares, each with its code."""
    return "、".join(
        f"{row['division']['name']}（{pen.share(answer, RANKED_BY, row['division']['code'])}{pen.mark(answer)}）"
        for row in rows
    )


def _ranking_cells(facts: Facts, pen: Pen, row: Mapping[str, Any]) -> list[str]:
    code = row["division"]["code"]
    return [
        pen.share(facts.now, RANKED_BY, code),
        pen.ratio(facts.now, RANKED_BY, code),
        pen.change(facts.now, facts.before, RANKED_BY, code),
        pen.share(facts.now, GAP, code),
    ]


def _laggards(facts: Facts, pen: Pen) -> Json:
    """Tell who is below the whole and who fell: what leaders ask about first."""
    now, whole = facts.now, cell_of(facts.now, RANKED_BY, None)["value"]
    towns = [row for _, row in _towns(facts)]
    if not towns:
        return _section("落后与下滑", [_paragraph(pen, "本期没有可以比较的乡镇街道。")], [])
    paragraphs = []
    if len(towns) > 1:
        below = [row for row in reversed(towns) if Decimal(row[RANKED_BY]["value"]) < Decimal(whole)]
        told = f"低于{facts.whole}水平的有：{_listed(below, now, pen)}。" if below else ""
        paragraphs.append(_paragraph(pen, told or f"没有乡镇街道低于{facts.whole}水平。"))
    moves = {row["division"]["code"]: change_of(now, facts.before, RANKED_BY, row["division"]["code"]) for row in towns}
    fallen = [row for row in towns if (moves[row["division"]["code"]] or 0) < 0]
    told = "；".join(
        f"{row['division']['name']}{_moved(pen, facts, RANKED_BY, row['division']['code'])}" for row in fallen
    )
    can_compare = any(move is not None for move in moves.values())
    without = "没有乡镇街道低于上期。" if can_compare else "上期没有可以比较的乡镇街道。"
    return _section("落后与下滑", [*paragraphs, _paragraph(pen, f"{told}。" if told else without)], [])


def _gaps(facts: Facts, pen: Pen) -> Json:
    now = facts.now
    rows = [row for row in now["rows"] if row[GAP]["denominator"] > row[GAP]["numerator"]]
    rows.sort(key=lambda row: (row[GAP]["numerator"] - row[GAP]["denominator"], row["division"]["code"] or ""))
    text = (
        f"应建未建党组织的企业{pen.gap(now, GAP)}{pen.mark(now)}户（应建中已建{pen.ratio(now, GAP)}{pen.mark(now)}）。"
    )
    paragraphs = [_paragraph(pen, text)]
    lines = [[row["division"]["name"], pen.gap(now, GAP, place_of(row)), pen.ratio(now, GAP, place_of(row))]
             for row in rows]  # fmt: skip
    heads = ["乡镇街道", f"应建未建{pen.mark(now)}", f"已建/应建{pen.mark(now)}"]
    return _section("应建未建", paragraphs, [_table(pen, "应建未建分布", heads, lines)] if lines else [])


def _overdue(overdue: Answer, pen: Pen) -> Json:
    told = [f"{KINDS[kind][0]}{pen.count(overdue, kind)}{pen.mark(overdue)}项" for kind in OVERDUE]
    paragraphs = [_paragraph(pen, f"逾期事项：{'、'.join(told)}。")]
    rows = [
        [row["division"]["name"], *(pen.count(overdue, kind, place_of(row)) for kind in OVERDUE)]
        for row in overdue["rows"]
    ]
    heads = ["乡镇街道", *(f"{KINDS[kind][0]}{pen.mark(overdue)}" for kind in OVERDUE)]
    return _section("逾期事项", paragraphs, [_table(pen, "逾期事项分布", heads, rows)] if rows else [])
