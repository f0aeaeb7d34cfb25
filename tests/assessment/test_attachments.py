"""Attachments over HTTP: told by their content, kept under its digest, handed out safely, hostile ones refused."""

import hashlib
import io
import os
import struct
import zipfile
import zlib

import pytest

from assessment.world import FINANCE, TAX, TOWN_A
from heli_assessment.attachments.domain import kept_name

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width=2, height=2, tail=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"") + tail


def jpeg(width=4, height=4):
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 8, 8, height, width, 0)
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"JF" + frame + b"\xff\xda\0\2data\xff\xd9"


def archive(entries, kind="wordprocessingml.document.main+xml"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        if kind:
            book.writestr("[Content_Types].xml", f'<Types><Override ContentType="application/vnd.x.{kind}"/></Types>')
        for name, body in entries.items():
            book.writestr(name, body)
    return target.getvalue()


def ofd():
    return archive({"OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'}, kind=None)


def send(world, content, name="纪要.pdf", by="admin", unit=FINANCE):
    return world.call("POST", "/v1/attachments", by=by, params={"unit": unit}, files={"file": (name, content)})


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (PDF, "application/pdf", "纪要.pdf"),
        (png(), "image/png", "纪要.png"),
        (jpeg(), "image/jpeg", "纪要.jpg"),
        (archive({"word/document.xml": "<w:document/>"}), DOCX, "纪要.docx"),
        (ofd(), "application/ofd", "纪要.ofd"),
    ],
    ids=["pdf", "png", "jpeg", "docx", "ofd"],
)
def test_a_file_is_what_its_content_is_whatever_its_name(small_world, content, media_type, name):
    answer = send(small_world, content, "纪要.html")
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["media_type"], shown["name"], shown["bytes"]) == (media_type, name, len(content))
    assert shown["digest"] == hashlib.sha256(content).hexdigest()
    back = small_world.get(f"/v1/attachments/{shown['id']}/content")
    assert (back.content, back.headers["content-type"]) == (content, media_type)
    assert back.headers["content-disposition"].startswith("attachment; filename=")
    assert back.headers["x-content-type-options"] == "nosniff"
    assert back.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert back.headers["cache-control"] == "private, no-store"


BOMB = archive({"word/document.xml": b"0" * 150_000_000})
HOSTILE = {
    "empty": (b"", 422),
    "html": (b"<html><script>alert(1)</script>", 415),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 415),
    "svg behind a mark": (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", 415),
    "text": ("会议纪要".encode(), 415),
    "program": (b"MZ\x90\0", 415),
    "gif": (b"GIF89a....", 415),
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 415),
    "plain zip": (archive({"a.txt": "x"}, kind=None), 415),
    "two kinds": (archive({"[x]": ""}, kind="spreadsheetml.sheet.main+xml wordprocessingml.document.main+xml"), 415),
    "cut pdf": (PDF[:-8], 422),
    "pdf behind html": (b"<html>" + PDF, 415),
    "pdf with script": (PDF.replace(b"<<>>", b"<</S/JavaScript>>"), 422),
    "cut png": (png()[:-6], 422),
    "png with a tail": (png(tail=b"<script>alert(1)</script>"), 422),
    "png of a giant": (png(60_000, 60_000), 422),
    "png of nothing": (png(0, 5), 422),
    "cut jpeg": (jpeg()[:-2], 422),
    "jpeg of a giant": (jpeg(60_000, 60_000), 422),
    "bomb": (BOMB, 422),
    "path outside": (archive({"../../etc/passwd": "x"}), 422),
    "absolute path": (archive({"/etc/passwd": "x"}), 422),
    "windows path": (archive({"C:\\windows\\a.xml": "x"}), 422),
    "macro": (archive({"word/vbaProject.bin": "x"}), 422),
    "macro type": (archive({"word/document.xml": "application/vnd.ms-word.document.macroEnabled"}), 422),
    "program inside": (archive({"word/embeddings/a.exe": "MZ"}), 422),
    "page inside": (archive({"word/a.html": "<script/>"}), 422),
    "nested archive": (archive({"word/a.zip": "PK"}), 422),
    "entities": (archive({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), 422),
    "outside template": (archive({"word/_rels/settings.xml.rels": 'Type="…/relationships/attachedTemplate"'}), 422),
    "many entries": (archive({f"a{number}.xml": "" for number in range(2_100)}), 422),
    "broken zip": (archive({"a": "x"})[:60], 422),
    "too large": (PDF + bytes(20_000_001), 413),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(small_world, which):
    content, status = HOSTILE[which]
    answer = send(small_world, content, "安全.pdf")
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    left = [name for _, _, files in os.walk(small_world.folder.name) for name in files]
    assert left == []
    assert small_world.get("/v1/attachments").json()["total"] == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\会议.docx", "会议.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ('x".pdf; filename="y.html', "x.pdf; filename=y.pdf"),
        ("con.pdf", "附件.pdf"),
        ("...", "附件.pdf"),
        ("", "附件.pdf"),
        (None, "附件.pdf"),
        ("长" * 500 + ".pdf", "长" * 120 + ".pdf"),
        (".htaccess", "htaccess.pdf"),
    ],
)
def test_hostile_names_become_plain_ones(given, kept):
    assert kept_name(given, "application/pdf") == kept


def test_one_content_is_kept_once_and_every_unit_has_its_own_attachment(world):
    first = send(world, PDF).json()
    again = send(world, PDF, "另一个名字.pdf")
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    other = send(world, PDF, unit=TAX).json()
    assert other["id"] != first["id"]
    kept = [name for _, _, files in os.walk(world.folder.name) for name in files]
    assert kept == [first["digest"]]

    def withdraw(key):
        etag = world.get(f"/v1/attachments/{key}").headers["etag"]
        return world.post(f"/v1/attachments/{key}/withdraw", {"reason": "传错"}, headers={"If-Match": etag})

    assert withdraw(first["id"]).status_code == 200
    assert world.get(f"/v1/attachments/{first['id']}/content").status_code == 410
    assert world.get(f"/v1/attachments/{other['id']}/content").content == PDF
    assert withdraw(other["id"]).status_code == 200
    assert [name for _, _, files in os.walk(world.folder.name) for name in files] == []


def test_a_content_that_was_tampered_with_is_not_handed_out(small_world):
    made = send(small_world, PDF).json()
    small_world.shelf.path_of(made["digest"]).write_bytes(PDF + b" ")
    answer = small_world.get(f"/v1/attachments/{made['id']}/content")
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:heli:problem:gone")


def test_names_stay_out_of_the_ledger_and_the_exports(world):
    made = send(world, PDF, "王小明谈话记录.pdf").json()
    assert world.get(f"/v1/attachments/{made['id']}").json()["name"] == "王小明谈话记录.pdf"
    assert "王小明" not in world.get("/v1/changes").text
    assert "王小明" not in world.get("/v1/exports/attachments").text


def test_units_send_and_see_their_own(world):
    world.enrol("liaison", "department_liaison", unit=FINANCE)
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    made = send(world, PDF, by="liaison").json()
    assert send(world, png(), by="liaison", unit=TAX).status_code == 403
    assert send(world, png(), by="town", unit="unt-b").status_code == 422
    assert world.get(f"/v1/attachments/{made['id']}/content", by="town").status_code == 404
    visit = {"kind": "visit", "held_on": "2026-05-01", "title": "走访", "unit": "unt-a"}
    refused = world.post("/v1/activities", {**visit, "attachments": [made["id"]]}, by="town")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/attachments/0")
    own = send(world, PDF, by="town", unit="unt-a").json()
    assert world.post("/v1/activities", {**visit, "attachments": [own["id"]]}, by="town").status_code == 201
