"""Setting documents as PDF by Typst: texts go in as JSON, never as markup; the same texts give the same bytes.

The font is embedded, signs that are used only. Nothing is asked of a network, and nothing follows from the clock: the
day that a document bears as its own is given.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from heli_shared.kernel.errors import Unavailable

PDF = "application/pdf"
_SHARP = 192.0
_FAMILIES = (
    "FangSong", "FangSong_GB2312", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC",
    "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
)  # fmt: skip
"""Families with Chinese signs, the best first; the first that the machine has is taken."""


def set_pdf(package: str, template: str, content: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return what a template of a package makes of a content, in the best font that the machine has.

    The template reads `content` from `sys.inputs.content` as JSON. Unavailable where no Chinese font is to be had.
    """
    family = chinese_family()
    if family is None:
        raise _no_font()
    return _compiled(package, template, content, family, made_at=made_at, is_own_only=False)


def set_lasting_pdf(package: str, template: str, content: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Do the same in the font that comes along, so that every machine makes the same bytes."""
    family = packaged_family()
    if family is None:
        return set_pdf(package, template, content, made_at=made_at)
    return _compiled(package, template, content, family, made_at=made_at, is_own_only=True)


def set_picture(package: str, template: str, content: Mapping[str, Any]) -> bytes:
    """Return what a template of one page makes of a content as PNG, in the font that comes along where it is there."""
    family = packaged_family() or chinese_family()
    if family is None:
        raise _no_font()
    is_own_only = packaged_family() is not None
    return _compiled(package, template, content, family, made_at=None, is_own_only=is_own_only, form="png")


def _compiled(
    package: str,
    template: str,
    content: Mapping[str, Any],
    family: str,
    *,
    made_at: datetime | None,
    is_own_only: bool,
    form: Literal["pdf", "png"] = "pdf",
) -> bytes:
    import typst

    inputs = {"content": json.dumps(content, ensure_ascii=False), "family": family}
    found: bytes = typst.compile(  # type: ignore[misc]
        files(package).joinpath(template).read_bytes(),
        font_paths=list(_font_folders()),
        ignore_system_fonts=is_own_only,
        sys_inputs=inputs,
        # A PDF tells its day to the second; Typst refuses a finer one.
        timestamp=made_at and made_at.replace(microsecond=0),
        format=form,
        ppi=_SHARP if form == "png" else None,
    )
    return found


@cache
def chinese_family() -> str | None:
    """Return the best family with Chinese signs that is installed on the machine or as a package, or None."""
    return _best(has_system_fonts=True)


@cache
def packaged_family() -> str | None:
    """Return the family with Chinese signs that is installed as a package, or None."""
    return _best(has_system_fonts=False)


def _best(*, has_system_fonts: bool) -> str | None:
    import typst

    fonts = typst.Fonts(include_system_fonts=has_system_fonts, font_paths=list(_font_folders()))
    families = set(fonts.families())
    return next((each for each in _FAMILIES if each in families), None)


def _font_folders() -> Sequence[str]:
    """Return the folder of the fonts that come as a package, where that is installed."""
    found = find_spec("manimgx_fonts_cjk")
    return [str(Path(found.origin).parent)] if found is not None and found.origin else []


def _no_font() -> Unavailable:
    return Unavailable(
        "服务器上没有中文字体，无法生成 PDF；请安装 Noto CJK 字体。",
        "There is no Chinese font on the server, so no PDF can be set: install Noto CJK.",
        retry_after=3_600,
    )
