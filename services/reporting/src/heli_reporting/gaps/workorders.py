"""The plan as a work order: a workbook with one printable sheet per township, and what it would gain."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from heli_reporting.gaps.causes import cause_words
from heli_reporting.gaps.planning import KINDS, Proposal
from heli_reporting.gaps.proposing import Simulation
from heli_reporting.gaps.wording import reasons_of
from heli_reporting.history.domain import Cell, Gap
from heli_shared.statistics.measures import get_measure
from heli_shared.statistics.reasons import BEGINNINGS

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_A4, _LONGEST_NAME = 9, 31
_HEADS = (
    "序号",
    "做法",
    "企业",
    "统一社会信用代码",
    "正式党员",
    "缺口起始",
    "由来",
    "逾期天数",
    "原因",
    "对象",
    "理由",
    "依据",
    "完成期限",
    "责任人",
    "办结日期",
)
_WIDTHS = (5, 14, 24, 21, 8, 11, 14, 8, 28, 20, 34, 30, 11, 10, 11)
_NONE_HEADS = ("序号", "企业", "统一社会信用代码", "正式党员", "缺口起始", "由来", "逾期天数", "原因", "情况")
_UNKNOWN_TOWN = "所在乡镇不明"
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def work_order(simulation: Simulation) -> bytes:
    """Return the workbook: a summary, then a sheet for each township that has something to do. Never a formula."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        _Order(book, simulation).write()
    return target.getvalue()


class _Order:
    """One work order being written."""

    def __init__(self, book: "Workbook", simulation: Simulation) -> None:
        self._book = book
        self._simulation = simulation
        self._gaps = {gap.uscc: gap for gap in simulation.gaps}
        self._title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self._head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
        self._cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self._names: set[str] = set()

    def write(self) -> None:
        """Write all sheets."""
        self._write_summary()
        towns: dict[str | None, list[Proposal]] = {}
        for proposal in self._simulation.plan.proposals:
            towns.setdefault(proposal.seat.place.at("town"), []).append(proposal)
        for each in self._simulation.plan.without:
            towns.setdefault(each.place.at("town"), [])
        for town in sorted(towns, key=lambda code: (code is None, code or "")):
            self._write_town(town, towns[town])

    def _sheet(self, name: str) -> "Worksheet":
        """Return a sheet for A4 across, under a name that is allowed and not taken."""
        plain = name.translate(_FORBIDDEN)[:_LONGEST_NAME] or "_"
        number = 2
        while plain.lower() in self._names:
            plain = f"{name.translate(_FORBIDDEN)[: _LONGEST_NAME - 4]}({number})"
            number += 1
        self._names.add(plain.lower())
        sheet = self._book.add_worksheet(plain)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet

    def _write_summary(self) -> None:
        simulation = self._simulation
        sheet = self._sheet("汇总")
        measures = list(simulation.total.before)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 2 * len(measures), 14)
        sheet.merge_range(0, 0, 0, 2 * len(measures), "消除缺口工作单：预计成效", self._title)
        for place, measure in enumerate(measures):
            zh = get_measure(measure).zh
            sheet.write_string(1, 1 + 2 * place, f"{zh} 现状", self._head)
            sheet.write_string(1, 2 + 2 * place, f"{zh} 完成后", self._head)
        sheet.write_string(1, 0, "乡镇街道", self._head)
        named = [(self._town(each.division), each) for each in simulation.towns]
        for line, (name, outlook) in enumerate([*named, ("合计", simulation.total)], 2):
            sheet.write_string(line, 0, name, self._cell)
            for place, measure in enumerate(measures):
                for step, cells in enumerate((outlook.before, outlook.after)):
                    sheet.write_string(line, 1 + step + 2 * place, _cell_text(cells[measure]), self._cell)
        sheet.repeat_rows(1)

    def _town(self, code: str | None) -> str:
        if code is None:
            return _UNKNOWN_TOWN
        group = self._simulation.names.get(code)
        return (group and group.zh) or code

    def _write_town(self, town: str | None, proposals: Sequence[Proposal]) -> None:
        name = self._town(town)
        sheet = self._sheet(name)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, len(_HEADS) - 1, f"{name}：消除缺口工作单", self._title)
        self._write_row(sheet, 1, _HEADS, is_head=True)
        sheet.repeat_rows(1)
        line = 2
        for number, proposal in enumerate(proposals, 1):
            for values in self._lines(number, proposal):
                self._write_row(sheet, line, values)
                line += 1
        left = [each for each in self._simulation.plan.without if each.place.at("town") == town]
        if left:
            self._write_row(sheet, line + 1, _NONE_HEADS, is_head=True)
            for number, each in enumerate(left, 1):
                told = "已有工作覆盖，暂不具备组建条件：培养发展党员" if each.is_reached else "暂无可行建议：请协调"
                row = (number, each.name or "", each.uscc, each.full_members, *self._overdue(each.uscc), told)
                self._write_row(sheet, line + 1 + number, row)

    def _lines(self, number: int, proposal: Proposal) -> list[tuple[Any, ...]]:
        """Return a line for each enterprise of a proposal; what is common to them stands on the first."""
        whom = (proposal.host.name or proposal.host.id) if proposal.host else proposal.person or ""
        reasons = "；".join(reasons_of(proposal, self._simulation.field.rules, english=False))
        found = []
        for each in proposal.enterprises:
            common = (whom, reasons, "；".join(proposal.basis)) if each is proposal.seat else ("", "同上", "")
            kind = KINDS[proposal.kind][0]
            overdue = self._overdue(each.uscc)
            found.append((number, kind, each.name or "", each.uscc, each.full_members, *overdue, *common, "", "", ""))
        return found

    def _overdue(self, uscc: str) -> tuple[str, str, Any, str]:
        """Return since when, from what on, how many days and why; days from being recorded are no more than that."""
        gap: Gap | None = self._gaps.get(uscc)
        if gap is None:
            return "", "", "", ""
        return gap.since.isoformat(), BEGINNINGS[gap.began][0], gap.days_overdue, cause_words(gap.causes)

    def _write_row(self, sheet: "Worksheet", line: int, values: Sequence[Any], *, is_head: bool = False) -> None:
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(line, column, value, self._cell)
            else:
                sheet.write_string(line, column, value, self._head if is_head else self._cell)


def _cell_text(cell: Cell) -> str:
    if cell.denominator is None:
        return str(cell.numerator)
    share = "–" if cell.value is None else f"{cell.value * 100:.2f}%"
    return f"{cell.numerator}/{cell.denominator}（{share}）"
