"""The little of a shell that pages use: the command line in this process, curl by httpx, some filters."""

import argparse
import io
import json
import os
import re
import shlex
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock
from urllib.parse import quote

import httpx

from docs.site import SERVICES, Site
from docs.transcripts import ANYTHING, ID, BadPage
from heli_cli.main import run

LEFT_OUT = ("./dev up", "./dev demo", "./dev migrate", "./dev test", "sqlite3", "pg_dump", "docker", "podman")
"""What a page may tell to do and the replay does not do."""
_SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")
_VARIABLE = re.compile(r"\$([A-Z][A-Z0-9_]*)")
_HEREDOC = re.compile(r"cat > (\S+) <<\s*'?([A-Z]+)'?\n")
_LAST_ID = re.compile(rf"\b([a-z]{{2,6}})-{ANYTHING}")
_PATH = re.compile(r"\.([A-Za-z_]\w*)|\.?\[(\d+)\]")
_OPERATORS = ("|", ">")

Output = tuple[str, int]


class Shell:
    """Runs the commands of one page on a site, in its working folder; variables and the ids seen are kept."""

    def __init__(self, site: Site) -> None:
        """Know the addresses; a token is made when it is asked for."""
        self._site = site
        self._variables = {name.upper(): url for name, url in site.urls.items()}
        self._seen: dict[str, str] = {}

    def run(self, command: str) -> Output | None:
        """Return what a command prints and its exit code, None where it is left out; BadPage for what is unknown."""
        if command.startswith(LEFT_OUT):
            return None
        if found := _HEREDOC.match(command):
            text = command[found.end() :].removesuffix(found[2])
            Path(found[1]).write_text(text, encoding="utf-8")
            return "", 0
        text, code = self._pipeline(self._words(command))
        text = text.replace("\r", "").replace("\ufeff", "")  # a terminal does not show them either
        for match in ID.finditer(text):
            self._seen[match[1]] = match[0]
        return self._usual_ports(text), code

    def _words(self, command: str) -> list[str]:
        inner: list[str] = []

        def kept(match: re.Match[str]) -> str:
            inner.append(self._pipeline(self._words(match[1]))[0].strip())
            return f"$SUB_{len(inner)}"

        lexer = shlex.shlex(_SUBSTITUTION.sub(kept, command.replace("\\\n", " ")), posix=True, punctuation_chars="|>")
        lexer.whitespace_split = True
        for number, value in enumerate(inner, 1):
            self._variables[f"SUB_{number}"] = value
        return [self._filled(word) for word in lexer]

    def _filled(self, word: str) -> str:
        """Return a word with its variables, ids that were seen and the real addresses in it."""
        word = _LAST_ID.sub(lambda match: self._last_id(match[1]), _VARIABLE.sub(self._value, word))
        for name, port in SERVICES.items():
            word = word.replace(f"http://127.0.0.1:{port}", self._site.urls[name])
        return word

    def _value(self, match: re.Match[str]) -> str:
        if match[1] == "TOKEN" and match[1] not in self._variables:
            return self._site.token()
        if match[1] not in self._variables:
            raise BadPage(f"the variable ${match[1]} is not set")
        return self._variables[match[1]]

    def _last_id(self, prefix: str) -> str:
        if prefix not in self._seen:
            raise BadPage(f"{prefix}-{ANYTHING}: no id of this kind was printed so far")
        return self._seen[prefix]

    def _usual_ports(self, text: str) -> str:
        for name, port in SERVICES.items():
            text = text.replace(self._site.urls[name], f"http://127.0.0.1:{port}")
        return text

    def _pipeline(self, words: list[str]) -> Output:
        text, code = "", 0
        while words:
            end = next((at for at, word in enumerate(words) if word in _OPERATORS), len(words))
            text, failed = self._simple(words[:end], text)
            code = failed or code  # as with `set -o pipefail`: a refusal is not lost behind a filter
            if words[end : end + 1] == [">"]:
                Path(words[end + 1]).write_text(text, encoding="utf-8")
                return "", code
            words = words[end + 1 :]
        return text, code

    def _simple(self, words: list[str], given: str) -> Output:
        if words[:2] == ["./dev", "heli"]:
            return _heli(words[2:])
        known: dict[str, Callable[[list[str], str], Output]] = {
            "curl": self._curl,
            "export": self._export,
            "cat": _cat,
            "cmp": _cmp,
            "grep": _grep,
            "head": _head,
            "jq": _jq,
            "cut": _cut,
            "sed": _sed,
            "tr": _tr,
        }
        if not words or words[0] not in known:
            raise BadPage(f"the replay does not know `{' '.join(words[:2])}`")
        return known[words[0]](words[1:], given)

    def _export(self, words: list[str], _: str) -> Output:
        for word in words:
            name, _, value = word.partition("=")
            self._variables[name] = value
            if name.startswith("HELI_"):  # a setting of the commands that follow; the site puts it back
                os.environ[name] = value
        return "", 0

    def _curl(self, words: list[str], _: str) -> Output:
        given = _curl_parser().parse_args(words)
        headers = dict(each.split(": ", 1) for each in given.headers)
        sent: dict[str, Any] = {}
        url = given.url
        data = "&".join([_read(each) for each in given.data] + [_encoded(each) for each in given.encoded])
        if given.get:
            url = f"{url}{'&' if '?' in url else '?'}{data}"
        elif data:
            sent["content"] = data.encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        if given.files:
            sent["files"] = {name: _file(path) for name, path in (each.split("=@", 1) for each in given.files)}
        method = given.method or ("POST" if sent else "GET")
        answer = self._site.http.request(method, url, headers=headers, **sent)
        top = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n"
        top += "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items()) + "\r\n"
        if given.dump:
            Path(given.dump).write_bytes(top.encode())
        if given.fail and answer.is_error:
            told = "" if given.silent else f"curl: (22) The requested URL returned error: {answer.status_code}\n"
            return told, 22
        if given.output:
            Path(given.output).write_bytes(answer.content)
            return top if given.include else "", 0
        return (top if given.include else "") + _shown(answer), 0


class _Parser(argparse.ArgumentParser):
    """A parser that fails the page, not the process."""

    def error(self, message: str) -> NoReturn:
        raise BadPage(f"{self.prog}: {message}")


def _heli(words: list[str]) -> Output:
    out = io.StringIO()
    code: Any = 0
    with (
        redirect_stdout(out),
        redirect_stderr(out),
        mock.patch.object(sys, "argv", ["heli", *words]),
        mock.patch.object(sys, "stdin", io.StringIO()),
    ):
        try:
            run()
        except SystemExit as ended:
            code = ended.code
    return out.getvalue(), int(code or 0)


def _curl_parser() -> argparse.ArgumentParser:
    parser = _Parser("curl", add_help=False, allow_abbrev=False)
    for short, name in (("-s", "silent"), ("-f", "fail"), ("-i", "include"), ("-G", "get")):
        parser.add_argument(short, dest=name, action="store_true")
    for short, name in (("-X", "method"), ("-o", "output"), ("-D", "dump")):
        parser.add_argument(short, dest=name)
    for short, name in (("-H", "headers"), ("-F", "files"), ("-d", "data"), ("--data-urlencode", "encoded")):
        parser.add_argument(short, dest=name, action="append", default=[])
    parser.add_argument("url")
    return parser


def _read(word: str) -> str:
    return Path(word[1:]).read_text(encoding="utf-8") if word.startswith("@") else word


def _encoded(word: str) -> str:
    name, equals, value = word.partition("=")
    if not equals:
        name, _, file = word.partition("@")
        value = Path(file).read_text(encoding="utf-8")
    return f"{name}={quote(value)}"


def _file(path: str) -> tuple[str, bytes]:
    return Path(path).name, Path(path).read_bytes()


def _shown(answer: httpx.Response) -> str:
    if "json" in answer.headers.get("content-type", "") and "ndjson" not in answer.headers["content-type"]:
        return json.dumps(answer.json(), ensure_ascii=False) + "\n"
    return answer.text


def _cat(words: list[str], given: str) -> Output:
    return "".join(Path(word).read_bytes().decode() for word in words) or given, 0


def _cmp(words: list[str], _: str) -> Output:
    one, other = (Path(word).read_bytes() for word in words)
    return ("", 0) if one == other else (f"{words[0]} {words[1]} differ\n", 1)


def _grep(words: list[str], given: str) -> Output:
    parser = _Parser("grep", add_help=False)
    parser.add_argument("-i", dest="fold", action="store_true")
    parser.add_argument("pattern")
    parser.add_argument("files", nargs="*")
    asked = parser.parse_args(words)
    pattern = re.compile(asked.pattern, re.IGNORECASE if asked.fold else 0)
    text = _cat(asked.files, given)[0]
    found = [line for line in text.splitlines() if pattern.search(line)]
    return "".join(f"{line}\n" for line in found), 0 if found else 1


def _cut(words: list[str], given: str) -> Output:
    parser = _Parser("cut", add_help=False)
    parser.add_argument("-d", dest="by", default="\t")
    parser.add_argument("-f", dest="field", type=int)
    asked = parser.parse_args(words)
    return "".join(f"{line.split(asked.by)[asked.field - 1]}\n" for line in given.splitlines()), 0


def _tr(words: list[str], given: str) -> Output:
    if words != ["-d", r"\r"]:
        raise BadPage(f"tr: the replay knows -d '\\r', not {' '.join(words)}")
    return given.replace("\r", ""), 0


def _sed(words: list[str], given: str) -> Output:
    """Replace the first occurrence of a text in every line: s/TEXT/OTHER/."""
    wanted = re.fullmatch(r"s/([^/]+)/([^/]*)/", words[0])
    if wanted is None:
        raise BadPage(f"sed: the replay knows s/TEXT/OTHER/, not {words[0]}")
    lines = _cat(words[1:], given)[0].splitlines()
    return "".join(f"{line.replace(wanted[1], wanted[2], 1)}\n" for line in lines), 0


def _head(words: list[str], given: str) -> Output:
    parser = _Parser("head", add_help=False)
    parser.add_argument("-n", dest="count", type=int, default=10)
    parser.add_argument("files", nargs="*")
    asked = parser.parse_args(words)
    return "".join(_cat(asked.files, given)[0].splitlines(keepends=True)[: asked.count]), 0


def _jq(words: list[str], given: str) -> Output:
    parser = _Parser("jq", add_help=False)
    parser.add_argument("-r", dest="raw", action="store_true")
    parser.add_argument("path")
    parser.add_argument("files", nargs="*")
    asked = parser.parse_args(words)
    text = _cat(asked.files, given)[0]
    if not text:
        return "", 0
    found = json.loads(text)
    if asked.path != "." and "".join(match[0] for match in _PATH.finditer(asked.path)) != asked.path:
        raise BadPage(f"jq: the replay knows paths such as .items[0].name, not {asked.path}")
    for match in _PATH.finditer(asked.path):
        found = found[match[1]] if match[1] else found[int(match[2])]
    if asked.raw and isinstance(found, str):
        return f"{found}\n", 0
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n", 0
