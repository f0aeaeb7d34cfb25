"""Steps on a whole cycle: publish, start, extend, score, unlock, announce, approve, archive, withdraw."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from heli_assessment.cycles.acting import capacity_for
from heli_assessment.cycles.domain import Actor, Stage, Status, Step
from heli_assessment.cycles.points import Held, Settled, Standing, lowest, outcome, settle
from heli_assessment.cycles.repository import entries_of
from heli_assessment.cycles.turns import Turn, final_points, held_of, parameter_days, points_text, wrong
from heli_assessment.rulebooks.service import StoredVersion, get_version, planned, published_version
from heli_shared.kernel.errors import Conflict, NotFound
from heli_shared.records.reading import Record
from heli_shared.records.writing import Write

if TYPE_CHECKING:
    from heli_assessment.engine.book import Rulebook
    from heli_assessment.engine.plan import ScoringPlan

_SHOWN = 20


def publish(turn: Turn) -> list[Write]:
    """Fix the rulebook's version, a published one; from now on everybody sees what will be assessed and how."""
    version = _version_in_force(turn)
    fixed = {"rulebook_version": version.number, "rulebook_digest": version.digest}
    book = planned(version.body).book
    groups = [
        turn.write_entry(each, subject_group=book.group_of(each["subject"], each["name"]))
        for each in entries_of(turn.call.session, turn.cycle["id"])
    ]
    return [turn.write_cycle({"stage": Stage.PUBLISHED.value, **fixed}), *groups]


def _version_in_force(turn: Turn) -> StoredVersion:
    """Return the version that the cycle is scored by; Conflict where it is not published."""
    rulebook, named = turn.cycle["rulebook"], turn.cycle["rulebook_version"]
    if named is not None:
        version = get_version(turn.call, rulebook, named)
        found = None if version.publication is None else version
    else:
        found = published_version(turn.call, rulebook, on=date.fromisoformat(turn.cycle["counted_on"]))
    if found is None:
        zh = f"第 {named} 版" if named is not None else "在考核期止日施行的版本"
        en = f"version {named}" if named is not None else "a version that holds on the last day of the period"
        raise Conflict(
            f"考核细则“{rulebook}”没有发布{zh}：请先试算并发布（POST /v1/rulebooks/{rulebook}/publications）。",
            f"The rulebook {rulebook} has not published {en}: try it and publish it first.",
            data={"rulebook": rulebook, "version": named},
        )
    return found


def start(turn: Turn) -> list[Write]:
    """Open the self-assessment until a working day."""
    due = turn.deadline("cycle.self_assessment_days")
    entries = entries_of(turn.call.session, turn.cycle["id"])
    opened = turn.write_cycle({"stage": Stage.SELF_ASSESSMENT.value, "self_due_on": due})
    return [opened, *(turn.write_entry(each, due_on=due) for each in entries)]


def extend(turn: Turn) -> list[Write]:
    """Give those who have yet to submit more working days, counted from today."""
    due = turn.deadline("cycle.return_days")
    wanted = {each.subject for each in turn.asked.subjects}
    late = [
        entry
        for entry in entries_of(turn.call.session, turn.cycle["id"])
        if entry["status"] in {Status.AWAITING, Status.RETURNED} and (not wanted or entry["subject"] in wanted)
    ]
    if not late or wanted - {entry["subject"] for entry in late}:
        raise Conflict("没有需要延期的单位，或所列单位已经提交。", "Nobody listed has yet to submit.")
    first = turn.write_cycle({} if wanted else {"self_due_on": due})
    return [first, *(turn.write_entry(each, due_on=due) for each in late)]


def score(turn: Turn) -> list[Write]:
    """Take the automatic scores of a run over; the records of the period stand still from now on."""
    entries = entries_of(turn.call.session, turn.cycle["id"])
    _check_scorable(turn, entries)
    run = _pinned_run(turn)
    plan = turn.plan()
    scored = [turn.write_entry(each, **_automatic(turn, plan, each)) for each in entries]
    pinned = {"stage": Stage.REVIEW.value, "run": run.id, "run_digest": run.digest, "unlocked_until": None}
    return [turn.write_cycle(pinned), *scored]


def _check_scorable(turn: Turn, entries: list[Record]) -> None:
    today = turn.today.isoformat()
    early = [e["name"] for e in entries if e["status"] == Status.AWAITING and str(e["due_on"]) >= today]
    if early:
        listed = "、".join(early[:_SHOWN])
        raise Conflict(
            f"自评期限未到，尚有 {len(early)} 个单位未提交：{listed}。",
            f"The self-assessment is still open for {len(early)} who have not submitted.",
            data={"awaiting": early[:_SHOWN]},
        )
    if turn.cycle["stage"] != Stage.REVIEW:
        return
    if any(entry["status"] == Status.DECIDED for entry in entries):
        raise Conflict("已有单位评定，不能重新计分。", "Some subjects are decided already; they cannot be scored anew.")
    if turn.asked.reason is None:
        raise wrong("/reason", "重新计分须说明理由", "is needed to score anew")


def _pinned_run(turn: Turn) -> Any:
    if turn.asked.run is None:
        raise wrong("/run", "请先以 POST /v1/runs 计分，再填写运行编号", "name the run; make it by POST /v1/runs")
    run = turn.helpers.runs.get(turn.call, turn.asked.run)
    cycle, pins = turn.cycle, run.pins
    wanted = (cycle["rulebook"], cycle["rulebook_version"], cycle["rulebook_digest"], cycle["period_from"],
              cycle["counted_on"])  # fmt: skip
    if pins.draft:
        raise wrong("/run", "该运行试用的是草案，请重新计分", "tried a draft; make a new run")
    if (pins.rulebook, pins.version, pins.digest, pins.period_from, pins.on) != wanted:
        raise wrong(
            "/run",
            f"该运行的细则版本或考核期与本周期不一致（应为第 {wanted[1]} 版，{wanted[3]} 至 {wanted[4]}）",
            f"is of another rulebook, version or period; needs version {wanted[1]}, {wanted[3]} to {wanted[4]}",
        )
    return run


def _automatic(turn: Turn, plan: "ScoringPlan", entry: Record) -> dict[str, Any]:
    """Return what a run gives one subject; adjustments of earlier scores fall away, they were of other points."""
    try:
        told = turn.helpers.runs.explanation(turn.call, str(turn.asked.run), entry["subject"])
    except NotFound as error:
        raise wrong(
            "/run", f"该运行没有{entry['name']}（{entry['subject']}）的得分", f"holds no score of {entry['subject']}"
        ) from error
    # What a cap takes is no item: it is taken anew from the points in force, see `_held`.
    points = {item["id"]: Decimal(item["points"]) for item in told["items"] if item["state"] != "held"}
    held = _held(plan.book, told)
    found = outcome(plan, points, held)
    if str(found.score) != told["score"]:
        raise wrong(
            "/run", f"{entry['name']}的各项得分之和与总分不符", f"the points of {entry['subject']} do not sum up"
        )
    status = entry["status"] if entry["status"] == Status.RETURNED else Status.SUBMITTED.value
    return {
        "status": status,
        "automatic_points": points_text(points),
        "automatic_score": str(found.score),
        "ceiling": held.ceiling,
        "score_limit": None if held.most is None else str(held.most),
        "vetoed": held.is_vetoed,
        "adjustments": None,
        "score": str(found.score),
        "grade": told["grade"],
        "first_reviewed_by": None,
        "second_reviewed_by": None,
    }


def _held(book: "Rulebook", told: Mapping[str, Any]) -> Held:
    """Return what vetoes and caps leave, as a run told them; a score is held by what is unknown, too."""
    verdicts = {limit["id"]: limit["verdict"] for limit in (*told["vetoes"], *told["caps"])}
    triggered = [limit for limit in book.vetoes + book.caps if verdicts[limit.id] == "triggered"]
    holding = [cap.most for cap in book.caps if cap.most is not None and verdicts[cap.id] != "not_triggered"]
    return Held(
        ceiling=lowest(book, [limit.grade for limit in triggered if limit.grade is not None]),
        most=min(holding, default=None),
        is_vetoed=any(veto in triggered and veto.grade is None for veto in book.vetoes),
    )


def unlock(turn: Turn) -> list[Write]:
    """Let records of the period be corrected for some working days; they count once the cycle is scored anew."""
    return [turn.write_cycle({"unlocked_until": turn.deadline("cycle.unlock_days")})]


def announce(turn: Turn) -> list[Write]:
    """Put the result up for everybody to see, and open the time for appeals."""
    least = parameter_days("publicity.days", turn.today)
    appeal_days = parameter_days("appeal.file_days", turn.today)
    put_up = {
        "stage": Stage.NOTICE.value,
        "notice_from": turn.today,
        "notice_until": turn.after(max(turn.asked.days or 0, least)),
        "appeal_until": turn.after(appeal_days),
    }
    return [turn.write_cycle(put_up)]


def approve(turn: Turn) -> list[Write]:
    """Approve the result after the notice, once every appeal is decided."""
    capacity = capacity_for(turn.call, turn.cycle, Step.APPROVE, Actor.DECIDER)
    last = max(str(turn.cycle["notice_until"]), str(turn.cycle["appeal_until"]))
    if turn.today.isoformat() <= last:
        raise Conflict(
            f"公示和申诉期至 {last}，期满后方可审定。",
            f"Notice and time for appeals last until {last}; approve after that day.",
            data={"until": last},
        )
    entries = entries_of(turn.call.session, turn.cycle["id"])
    open_ones = [entry["name"] for entry in entries if entry["open_appeal"]]
    if open_ones:
        raise Conflict(
            f"尚有 {len(open_ones)} 件申诉未答复：{'、'.join(open_ones[:_SHOWN])}。",
            f"{len(open_ones)} appeals have yet to be decided.",
            data={"appeals": [entry["open_appeal"] for entry in entries if entry["open_appeal"]][:_SHOWN]},
        )
    done = [turn.write_entry(each, capacity, status=Status.APPROVED.value) for each in entries]
    return [turn.write_cycle({"stage": Stage.APPROVED.value}, capacity=capacity), *done]


def archive(turn: Turn) -> list[Write]:
    """Seal everything about the cycle into a package that proves itself; nothing changes afterwards."""
    entries = entries_of(turn.call.session, turn.cycle["id"])
    digest = turn.helpers.seal(turn.call, turn.cycle, entries)
    return [turn.write_cycle({"stage": Stage.ARCHIVED.value, "archive_digest": digest})]


def withdraw(turn: Turn) -> list[Write]:
    """End a cycle without a result, saying why."""
    closed = {"state": "closed", "closed_on": turn.today, "closed_reason": turn.asked.reason}
    return [turn.write_cycle({"stage": Stage.WITHDRAWN.value, **closed}, operation="close")]


def settled(turn: Turn, entries: list[Record]) -> dict[str, Settled]:
    """Return the final grade and rank of every subject, quotas and ties among all of them included."""
    return settle(
        turn.plan(),
        [Standing(each["subject"], each["subject_group"], final_points(each), held_of(each)) for each in entries],
    )
