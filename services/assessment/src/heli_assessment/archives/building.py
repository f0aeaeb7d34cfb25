"""Building a package: the files of a cycle, their manifest, and a zip whose bytes follow from them alone."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from heli_assessment.archives.verify import FORMAT, MANIFEST
from heli_shared.records.reading import Record
from heli_shared.typesetting import set_lasting_pdf

_README = """{title}

这是一个考核周期的归档包：数据（JSON）、台账条目（ledger.ndjson）、得分说明、考核细则和汇总表（report.pdf）。
核验：python verify.py 本文件.zip [摘要]　或　./dev heli archive verify 本文件.zip

This is the archive of one assessment cycle: data, the ledger's entries, explained scores, the rulebook and a report.
Verify it with: python verify.py THIS.zip [DIGEST]
"""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON for people and machines: sorted, indented, the same bytes for the same value."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def ndjson_bytes(values: Sequence[Any]) -> bytes:
    """Return values as JSON lines."""
    lines = [json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for each in values]
    return "".join(f"{line}\n" for line in lines).encode()


def readme(title: str) -> bytes:
    """Return what the package says of itself."""
    return _README.format(title=title).encode()


def package(title: str, cycle: str, files: Mapping[str, bytes], ledger: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return the zip of files with their manifest, and the manifest's digest."""
    listed = [
        {"name": name, "sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
        for name in sorted(files)
    ]
    manifest = json_bytes({"format": FORMAT, "title": title, "cycle": cycle, "files": listed, "ledger": dict(ledger)})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in [(MANIFEST, manifest), *sorted(files.items())]:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, content)
    return out.getvalue(), hashlib.sha256(manifest).hexdigest()


def report(
    cycle: Record, entries: Sequence[Record], appeals: Sequence[Record], pins: Mapping[str, Any], *, made_at: datetime
) -> bytes:
    """Return the summary as a PDF: the result, the appeals, and what it was computed from; it bears the given day."""
    content = {
        "title": f"{cycle['title']}　考核结果汇总表",
        "about": f"考核期 {cycle['period_from']} 至 {cycle['counted_on']}；公示 {cycle['notice_from']} 至 "
        f"{cycle['notice_until']}；考核对象 {len(entries)} 个。",
        "heads": ["名次", "名称", "自评分", "自动计分", "得分", "等次"],
        "rows": _result_rows(entries),
        "appeals": _appeal_rows(entries, appeals),
        "pins": [
            f"考核细则 {cycle['rulebook']} 第 {cycle['rulebook_version']} 版，摘要 {cycle['rulebook_digest']}。",
            f"计分运行 {cycle['run']}，摘要 {cycle['run_digest']}。",
            f"登记台账序号 {pins['registry_known_at']}，考核台账序号 {pins['records_known_at']}。",
        ],
    }
    return set_lasting_pdf("heli_assessment.archives", "report.typ", content, made_at=made_at)


def _result_rows(entries: Sequence[Record]) -> list[list[str]]:
    ordered = sorted(entries, key=lambda each: (each["rank"] is None, each["rank"] or 0, each["subject"]))
    return [
        [
            str(each["rank"] or "–"), each["name"], each["self_score"] or "–", each["automatic_score"],
            each["score"], each["grade"] or "不评定等次",
        ]
        for each in ordered
    ]  # fmt: skip


def _appeal_rows(entries: Sequence[Record], appeals: Sequence[Record]) -> list[list[str]]:
    names = {each["subject"]: each["name"] for each in entries}
    words = {"upheld": "支持", "rejected": "驳回", "withdrawn": "撤回"}
    return [
        [names[each["subject"]], each["reason"], words[each["status"]], each["decision_reason"] or "–"]
        for each in appeals
    ]
