"""Words of imports that are looked at first, applied and undone: the same refusals wherever lists are taken in."""

from datetime import datetime, timedelta
from typing import Literal, Protocol

from heli_shared.kernel.errors import Conflict, Gone

Mode = Literal["accept_valid", "all_or_nothing"]
KEPT_DAYS = 30
"""So long, if nothing else is set, are a preview, its file and the cells of refused rows kept."""


class RowCounts(Protocol):
    """How the rows of a file ended."""

    @property
    def created(self) -> int:
        """Return how many records are new."""
        ...

    @property
    def updated(self) -> int:
        """Return how many records are changed."""
        ...

    @property
    def unchanged(self) -> int:
        """Return how many rows say what stands already."""
        ...

    @property
    def refused(self) -> int:
        """Return how many rows are refused."""
        ...


def check_is_preview(*, dry_run: bool, status: str) -> None:
    """Refuse to show or apply what is no dry run that is done."""
    if not dry_run or status != "done":
        raise Conflict(
            "只有已完成的试运行（dry_run）才有预览；请先试运行。",
            "Only a dry run that is done has a preview; make a dry run first.",
            data={"status": status, "dry_run": dry_run},
        )


def check_kept(finished_at: datetime | None, now: datetime, *, days: int) -> None:
    """Refuse what is kept for some days only, once they are over."""
    if finished_at is not None and now >= finished_at + timedelta(days=days):
        raise Gone(
            f"导入结束{days}天后，预览和退回行的原始内容不再保留；请重新上传。",
            f"Previews and the cells of refused rows are kept for {days} days; send the list again.",
        )


def check_not_applied(earlier: str | None, status: str | None) -> None:
    """Refuse to apply a preview that an import applied already."""
    if earlier is not None:
        raise Conflict(
            f"这份预览已经应用，见导入 {earlier}。", f"This preview was applied already by import {earlier}.",
            data={"import": earlier, "status": status},
        )  # fmt: skip


def check_none_refused(mode: Mode, refused: int) -> None:
    """Refuse to apply all or nothing where the preview showed refused rows."""
    if mode == "all_or_nothing" and refused:
        raise Conflict(
            f"预览中有{refused}行被拒绝，不能“全部成功才导入”；请先更正，或改为只导入合格行。",
            f"{refused} rows were refused in the preview: correct them first, or take the good rows (accept_valid).",
            data={"refused": refused},
        )


def file_gone() -> Gone:
    """Return the refusal where the file of a preview is no longer there."""
    return Gone("预览的文件已不在，请重新上传。", "The preview's file is no longer there; send it again.")


def why_other_outcome(counts: RowCounts) -> dict[str, str]:
    """Say in both languages that a list would do something else now than its preview showed."""
    return {
        "zh": f"预览之后台账又有变化，现在的结果与预览不同（现为新增{counts.created}、更新{counts.updated}、"
        f"未变{counts.unchanged}、退回{counts.refused}）；未作任何改动，请重新预览。",
        "en": f"The records changed since the preview: {counts.created} rows would be created, {counts.updated} "
        f"updated, {counts.unchanged} unchanged, {counts.refused} refused. Nothing was applied; preview it again.",
    }


def why_all_refused(refused: int) -> dict[str, str]:
    """Say in both languages that nothing was applied for the sake of some refused rows."""
    return {
        "zh": f"有{refused}行被拒绝；按“全部成功才导入”的要求，未作任何改动。",
        "en": f"{refused} rows were refused, so nothing was applied (all_or_nothing).",
    }


def check_undoable(*, undone_by: str | None, is_undone: bool, has_written: bool, status: str, dry_run: bool) -> None:
    """Refuse to undo what was undone already, and what wrote nothing."""
    if is_undone:
        raise Conflict("该导入已经撤销。", "The import was undone already.", data={"undone_by": undone_by})
    if not has_written:
        raise Conflict(
            "该导入没有写入任何内容，无需撤销。", "The import wrote nothing; there is nothing to undo.",
            data={"status": status, "dry_run": dry_run},
        )  # fmt: skip
