"""The replay of pages can fail: each way in which a page may be untrue is found and told with its line."""

from datetime import date

import pytest

from docs.replaying import replay
from docs.transcripts import BadPage, Step, aligned, difference, fit, printed, read_page, renewed, rewritten, steady

HEADER = "# A page\n<!-- transcript: empty -->\n\n"


@pytest.fixture
def page(tmp_path):
    def written(*lines, world="empty"):
        path = tmp_path / "page.md"
        marker = HEADER.replace("empty", world)
        path.write_text(f"{marker}```console\n" + "\n".join(lines) + "\n```\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def replayed(page, tmp_path, sqlite_databases):
    def run(*lines, world="empty"):
        folder = tmp_path / "work"
        folder.mkdir()
        return replay(read_page(page(*lines, world=world)), folder, sqlite_databases)

    return run


# What fits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ([], []),
        (["read 4"], ["read 4"]),
        (["id imp-…, queued"], ["id imp-01m89q9bs3ztjdacdbmq9n1b5v, queued"]),
        (["a…c"], ["ac"]),
        (["…"], []),
        (["…"], ["one", "", "three"]),
        (["first", "…", "last"], ["first", "last"]),
        (["first", "…", "last"], ["first", "last", "more", "last"]),
        (["…", "b", "…"], ["a", "b", "b", "c"]),
        (["(1) [x] * .+ $"], ["(1) [x] * .+ $"]),
    ],
)
def test_an_output_fits_what_the_page_says(expected, actual):
    assert fit(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (["read 4"], ["read 5"]),
        (["read 4"], []),
        ([], ["read 4"]),
        (["one", "two"], ["one"]),
        (["one"], ["one", "two"]),
        (["one", "two"], ["two", "one"]),
        (["id imp-…, queued"], ["id imp-01m89q9bs3ztjdacdbmq9n1b5v, done"]),
        (["first", "…", "last"], ["first", "middle"]),
        (["a…c"], ["a", "c"]),
        (["a.c"], ["abc"]),
        (["done"], ["done", "(exit 3)"]),
        (["done", "(exit 3)"], ["done"]),
        (["done", "(exit 3)"], ["done", "(exit 1)"]),
    ],
)
def test_an_output_that_differs_does_not_fit(expected, actual):
    assert not fit(expected, actual)


def test_a_failing_exit_code_is_the_last_line_of_an_output():
    assert printed("\nrefused   \n\n", 3) == ["refused", "(exit 3)"]
    assert printed("done\n", 0) == ["done"]


def test_a_difference_shows_what_was_said_and_what_was_printed():
    told = difference(["read 4", "created …", "refused 0"], ["read 4", "created 2", "refused 1", "(exit 3)"])

    assert told.splitlines() == ["    read 4", "    created 2", "  - refused 0", "  + refused 1", "  + (exit 3)"]


def test_lines_are_laid_side_by_side_with_the_fewest_differences():
    pairs = [(pair.expected, pair.actual) for pair in aligned(["a", "b", "d"], ["a", "c", "d"])]

    assert pairs[0] == ("a", "a")
    assert set(pairs[1:3]) == {("b", None), (None, "c")}
    assert pairs[3:] == [("d", "d")]


# Reading a page -----------------------------------------------------------------------------------------------------


def test_a_page_is_read_in_steps_with_their_lines(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(
        HEADER
        + "```console\n$ curl -s \\\n    x\nanswer\n\n$ cat > a.csv <<'END'\n$ no prompt\nEND\n```\n"
        + "<!-- clock: 2026-07-06 -->\n```\n$ not a console block\n```\n```console\n$ cat a.csv\n```\n",
        encoding="utf-8",
    )

    assert read_page(path).steps == (
        Step(5, "curl -s \\\n    x", ("answer",), 6),
        Step(9, "cat > a.csv <<'END'\n$ no prompt\nEND", (), 11),
        Step(13, clock=date(2026, 7, 6)),
        Step(18, "cat a.csv", (), 18),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# No marker\n", "below the heading"),
        (HEADER, "no command"),
        (HEADER + "```console\n$ ./dev heli token\n", "page.md:4: the block has no end"),
        (HEADER + "```console\noutput first\n```\n", "page.md:5: a console block begins with a command"),
        (HEADER + "```console\n$ cat > a <<'END'\nx\n```\n", "page.md:5: the text up to END has no end"),
    ],
)
def test_a_page_that_cannot_be_read_is_told_with_its_line(tmp_path, text, told):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadPage, match=told):
        read_page(path)


# Rewriting a page ---------------------------------------------------------------------------------------------------


def test_renewing_keeps_what_still_fits_and_takes_the_rest_as_printed():
    expected = ["read …", "…", "old", "last"]
    actual = ["read 5", "x", "y", "new 01-2", "last", "(exit 3)"]

    lines = renewed(expected, actual)

    assert fit(lines, actual)
    assert lines == ["read …", "…", "last", "(exit 3)"]


def test_what_is_another_one_each_time_is_written_as_anything():
    line = f"imp-01m89q9bs3ztjdacdbmq9n1b5v eyJ0eXAi.eyJpc3Mi.EqRq-Z_9 {'0f' * 32} org-jia 2026-07-01"

    assert steady(line) == "imp-… … … org-jia 2026-07-01"


def test_a_rewritten_page_differs_in_its_outputs_alone(page):
    path = page("$ one", "old", "", "$ two", "$ three", "also old", "still old")
    outputs = dict(zip(read_page(path).steps, (["new"], ["more", "(exit 1)"], []), strict=True))

    text = rewritten(path.read_text(encoding="utf-8"), outputs.items())

    assert text == f"{HEADER}```console\n$ one\nnew\n\n$ two\nmore\n(exit 1)\n$ three\n```\n"


def test_a_marker_above_the_heading_is_moved_below_it():
    text = "<!-- transcript: empty -->\n# A page\n\nText\n"

    assert rewritten(text, []) == "# A page\n<!-- transcript: empty -->\n\nText\n"


# Replaying ----------------------------------------------------------------------------------------------------------


def test_what_is_true_has_no_difference_and_what_is_not_is_told_with_its_line(replayed):
    found = replayed(
        "$ ./dev heli token --principal nobody",
        "没有名为 nobody 的可用账号。",
        "There is no open principal with the login nobody.",
        "(exit 1)",
        "$ ./dev heli token --principal nobody",
        "没有名为 nobody 的可用账号。",
        "There is no open principal with the login nobody.",
        "$ ./dev heli token",
    )

    first, second = found.differences()
    assert first.splitlines() == [
        "page.md:9: $ ./dev heli token --principal nobody",
        "    没有名为 nobody 的可用账号。",
        "    There is no open principal with the login nobody.",
        "  + (exit 1)",
    ]
    assert second.startswith("page.md:12: $ ./dev heli token\n  + eyJ")


def test_a_command_that_heli_does_not_know_is_a_difference(replayed):
    (told,) = replayed("$ ./dev heli nosuch").differences()

    assert "No such command 'nosuch'" in told
    assert "(exit 2)" in told


def test_a_refusal_behind_a_filter_is_seen(replayed):
    found = replayed('$ curl -sfH "Authorization: Bearer $TOKEN" "$REGISTRY/v1/units/unt-none" | jq .name')

    assert found.differences()[0].splitlines()[-1] == "  + (exit 22)"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("./dev helli token", "page.md:5: the replay does not know"),
        ("crul x", "page.md:5: the replay does not know"),
        ("curl --compressed x", "page.md:5: curl: "),
        ("cat missing.csv", "page.md:5: .*missing.csv"),
        ("cat $NOWHERE", r"the variable \$NOWHERE is not set"),
        ("cat imp-…", "no id of this kind was printed"),
        ("cat 'open", "page.md:5: No closing quotation"),
    ],
)
def test_what_cannot_be_run_is_told_with_its_line(replayed, command, told):
    with pytest.raises(BadPage, match=told):
        replayed(f"$ {command}")


def test_a_world_that_is_not_there_is_told(replayed):
    with pytest.raises(BadPage, match="no world nowhere"):
        replayed("$ ./dev heli token", world="nowhere")


def test_ids_variables_and_files_go_from_one_command_to_the_next(replayed):
    found = replayed(
        "$ cat > towns.csv <<'END'",
        "区划代码,区划名称,级别",
        "990121000000,合力县,county",
        "END",
        '$ curl -sfH "Authorization: Bearer $TOKEN" -F file=@towns.csv "$REGISTRY/v1/imports?kind=divisions"',
        '{"id": "imp-…", "status": "queued"}',
        '$ curl -sfH "Authorization: Bearer $TOKEN" "$REGISTRY/v1/imports/imp-…" | jq -r .status # asked till done',
        "done",
        "$ export CODE=$(grep 合力 towns.csv | cut -d , -f 1)",
        '$ curl -sfH "Authorization: Bearer $TOKEN" "$REGISTRY/v1/divisions/$CODE" | jq .name > name.txt',
        "$ cat name.txt | sed s/县/郡/",
        '"合力郡"',
    )

    assert found.differences() == []


def test_files_are_compared_byte_by_byte(replayed):
    found = replayed(
        *("$ cat > a.txt <<'END'", "甲", "END", "$ cat a.txt > b.txt", "$ sed s/甲/乙/ a.txt > c.txt"),
        *("$ cmp a.txt b.txt", "$ cmp a.txt c.txt", "a.txt c.txt differ", "(exit 1)"),
    )

    assert found.differences() == []


def test_addresses_are_the_usual_ones_in_and_out(replayed):
    found = replayed(
        "$ export REGISTRY=http://127.0.0.1:8101",
        '$ curl -s "$REGISTRY/health/live" > /dev/null',
        "$ ./dev heli statistics",
        "无法连接 reporting（http://127.0.0.1:8103）；请先运行 ./dev up。",
        "reporting does not answer at http://127.0.0.1:8103; run ./dev up first (ConnectError).",
        "(exit 1)",
    )

    assert found.differences() == []


def test_the_clock_stands_still_and_is_moved_by_the_page(page, tmp_path, sqlite_databases):
    sent = "-H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{JSON}'"
    made = f'$ curl -sf {sent} "$REGISTRY/v1/divisions" | jq .version'
    asked = '$ curl -sfH "Authorization: Bearer $TOKEN" "$REGISTRY/v1/divisions/{CODE}/history" | grep 2026-07-0'
    lines = []
    for code in ("990121000000", "990122000000"):
        body = f'{{"code": "{code}", "name": "合力县", "level": "county"}}'
        day = "2026-07-01" if code == "990121000000" else "2026-07-06"
        lines += [
            made.replace("{JSON}", body),
            "…",
            asked.replace("{CODE}", code),
            f'…"recorded_at": "{day}T02:30:00Z"…',
        ]
        lines += ["```", "<!-- clock: 2026-07-06 -->", "```console"]
    path = page(*lines[:-3])
    (tmp_path / "work").mkdir()

    assert replay(read_page(path), tmp_path / "work", sqlite_databases).differences() == []


def test_a_world_may_have_all_three_services(replayed):
    found = replayed(
        "$ ./dev heli sync",
        "registry   至 up to …",
        "assessment 至 up to …",
        "$ ./dev heli statistics enterprise_count --by division:town",
        "…",
        "  城关镇 … 3",
        "  河西乡 … 3",
        "…",
        "截至 on 2026-07-01   口径 known at …",
        world="counted",
    )

    assert found.differences() == []
