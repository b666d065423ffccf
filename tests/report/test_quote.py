"""Outside text stays text: an independent Markdown parser is the judge."""

import html
import re
from urllib.parse import unquote

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from normalize.addresses import is_address
from report.quote import Markdown, code, fence, fold, inline, link, plain, prose, row, say, series, visible

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
JOINER = "\u2060"

HOSTILE = (
    *("@octocat", "@org/team", "a@b.example", "#1", "GH-1", "gh-23", "owner/repo#1", "owner/repo@deadbeef0123"),
    *("https://host.example/o/r/issues/1", "www.host.example", "ftp://x.example", "mailto:a@b.example"),
    *("c9fab3d0a1b2c3d4e5f60718293a4b5c6d7e8f90", "1234567", "[x](javascript:alert(1))", "![i](https://h.example/x)"),
    *("<script>alert(1)</script>", "<!-- ", "</details>", "&lt;", "&#35;1", "&amp;", "a | b", "\\|", "\\\\|", "|---|"),
    *("`", "``", "`a", "a`", " `` ", "```\nx\n```", "~~~", "~~gone~~", "*a*", "_a_", "__a__", "# h", "## h ##", "> q"),
    *(
        "- a",
        "+ a",
        "* a",
        "1. a",
        "12) a",
        "---",
        "===",
        "=",
        "-",
        "+",
        "[ ] task",
        "[^1]: note",
        "[a]: /url",
        "    x",
    ),
    *("\n\n# h", "a\nb", "a\r\nb", "\ta", "a  ", "  ", " ", "", "a\\", "\\", ":smile:", "$x$", "$$x$$", "<http://a.b>"),
    *("\x1b[2J", "\x9b31m", "\u202egnp", "\u200b", "\u2066x\u2069", "\u2028", "\u2029", "\x00", "\ud800", "\u3164"),
    *("\u2060", "\u00a0x", "é#1", "numpy<3,>=2; python_version < '3.14'", "!important", "![", "a:b:c", "\ufeff"),
)

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=5).map("".join),
    st.text(alphabet="`|\\ @#:[]()<>!*_~$&-+=.1aA\n\t", max_size=20),
    st.text(max_size=30),
)


def leaves(markdown: str) -> tuple[list[str], list[Token]]:
    """Return the types of the block tokens and the inline tokens, in their order."""
    tokens = PARSER.parse(markdown)
    return [one.type for one in tokens], [child for one in tokens for child in one.children or []]


def rendered(children: list[Token], kind: str) -> str:
    """Return the content of the one leaf that there may be, without the joiners that quoting puts in."""
    assert [one.type for one in children] in ([kind], []), children
    return children[0].content if children else ""


def without_joiners(text: str) -> str:
    return text.replace(JOINER, "")


def all_examples(test):
    for text in HOSTILE:
        test = example(text)(test)
    return test


@all_examples
@given(texts)
def test_prose_is_one_text_in_a_paragraph(text):
    blocks, children = leaves(f"{plain(text)}\n\nnext\n")
    if visible(text):
        assert blocks == ["paragraph_open", "inline", "paragraph_close"] * 2
        assert without_joiners(rendered(children[:-1], "text")) == visible(text)
    else:
        assert plain(text) == ""


@all_examples
@given(texts)
def test_prose_is_one_text_behind_words_and_in_a_list_item(text):
    blocks, children = leaves(f"- [ ] see {plain(text)}.\n- next\n")
    item = ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]
    assert blocks == ["bullet_list_open", *item, *item, "bullet_list_close"]
    assert without_joiners(rendered(children[:-1], "text")) == f"[ ] see {visible(text)}."
    blocks, children = leaves(f"- {plain(text)}\n- next\n")
    assert blocks.count("list_item_open") == 2
    assert without_joiners("".join(one.content for one in children)) == visible(text) + "next"


REQUIREMENTS = st.sampled_from(
    ("numpy<3,>=2", "a-b.c[d,e] (>=1.0, <2)", "a==1.*; python_version < '3.14' and extra == \"x\"", "~=2.8", "c" * 40)
)


@given(st.lists(texts | REQUIREMENTS | st.sampled_from((" ", " meets ", "a<1")), max_size=6).map("".join))
def test_a_sentence_is_text_and_code_that_say_the_same(text):
    blocks, children = leaves(f"- see {prose(text)}.\n- next\n")
    assert blocks.count("list_item_open") == 2
    assert {one.type for one in children} <= {"text", "code_inline"}
    said = without_joiners("".join(one.content for one in children))
    assert said.replace(" ", "") == f"see {visible(text)}.next".replace(" ", "")


@given(REQUIREMENTS)
def test_a_sentence_shows_requirements_as_code(text):
    assert prose(f"it meets {text}.") == f"it meets {code(text)}."
    assert prose(f"{text}, not x_y (see {text})") == f"{code(text)}, not x\\_y (see {code(text)})"


def test_a_sentence_of_any_length_is_read_at_once():
    for part in ("a", "a<", "a[", "a<1,", "a<1;extra=='", "(", "a<1 and ", "é"):
        assert len(prose(part * 20_000)) >= len(part) * 20_000


def test_a_form_quotes_its_values():
    assert say("- {} of *{}*", code("a"), "b*") == "- `a` of *b\\**"
    assert type(say("{}", None)) is Markdown


@all_examples
@given(texts)
def test_prose_is_one_text_in_a_heading(text):
    blocks, children = leaves(f"## {plain(text)}\n")
    assert blocks == ["heading_open", "inline", "heading_close"]
    assert without_joiners(rendered(children, "text")) == visible(text)


@all_examples
@given(texts)
def test_a_cell_holds_prose_and_code_as_they_are(text):
    table = f"{row('a', 'b', 'c')}\n|---|---|---|\n{row(text, code(text), 'end')}\n"
    tokens = PARSER.parse(table)
    blocks = [one.type for one in tokens]
    assert blocks.count("tr_open") == 2
    assert blocks.count("td_open") == 3
    assert blocks[0] == "table_open"
    assert blocks[-1] == "table_close"
    cells = [one.children or [] for one in tokens if one.type == "inline"][3:]
    assert without_joiners(rendered(cells[0], "text")) == visible(text)
    assert rendered(cells[1], "code_inline" if text else "text") == (visible(text) or "(empty)")
    assert rendered(cells[2], "text") == "end"


@all_examples
@given(texts)
def test_code_is_one_code_span_anywhere(text):
    kind, expected = ("code_inline", visible(text)) if text else ("text", "(empty)")
    blocks, children = leaves(f"{code(text)}\n")
    assert blocks == ["paragraph_open", "inline", "paragraph_close"]
    assert rendered(children, kind) == expected
    blocks, children = leaves(f"# a {code(text)} b\n")
    assert blocks == ["heading_open", "inline", "heading_close"]
    if text:
        assert [(one.type, one.content) for one in children] == [("text", "a "), (kind, expected), ("text", " b")]


# all that an address may hold, and what looks like more Markdown, more HTML, another cell, another link
ADDRESSES = st.text("ab1._~:/?#[]@!$&'()*+,;=%-", max_size=40) | st.sampled_from(
    ("&lt;b&gt;", "&#124;", "x)[y](https://b.example", "(((", ")))", "$x$", "**a**", "__a__", "~~a~~", "%7C", "]()[](")
)


@given(st.sampled_from(HOSTILE), ADDRESSES)
def test_a_link_is_one_link_to_this_address_whatever_it_holds(text, path):
    address = f"https://a.example/{path}"
    table = f"{row('a', 'b')}\n|---|---|\n{row(link(code(text), address), 'end')}\n"
    tokens = PARSER.parse(table)
    assert [one.type for one in tokens].count("td_open") == 2
    opened, shown, closed = next(one for one in tokens if one.type == "inline" and "a.example" in one.content).children
    assert (opened.type, shown.content, closed.type) == ("link_open", visible(text) or "(empty)", "link_close")
    assert unquote(opened.attrs["href"]) == unquote(PARSER.normalizeLink(address))


@given(texts)
def test_what_is_no_address_is_no_link(text):
    if not is_address(text):
        assert link(code("1.0"), text) == code("1.0")


GITHUB = re.compile(
    r"(?:^|[^0-9A-Za-z_])@[A-Za-z0-9]"  # a mention
    r"|@[A-Za-z0-9]"  # an address, a commit of a repository
    r"|\#\d"  # an issue, here or in another repository
    r"|\bGH-\d"
    r"|[a-z]+://"
    r"|www\."
    r"|(?<![0-9A-Za-z_])[0-9a-f]{7,40}(?![0-9A-Za-z_])"  # a commit
    r"|:[\w+-]+:",  # an emoji
    re.IGNORECASE,
)


@all_examples
@given(texts)
def test_prose_gives_github_nothing_to_link(text):
    for markdown in (f"{plain(text)}\n", f"see {plain(text)}, ({plain(text)}).\n"):
        _, children = leaves(markdown)
        assert not GITHUB.search("".join(one.content for one in children))


@all_examples
@given(texts)
def test_nothing_invisible_is_left(text):
    for shown in (visible(text), plain(text), code(text), fold(text).replace("\n", "")):
        assert shown.isprintable()
    assert visible(visible(text)) == visible(text)
    visible(text).encode("utf-8")


@all_examples
@given(texts)
def test_a_fence_holds_its_lines(text):
    tokens = PARSER.parse(f"- item\n\n{fence(['first', text, 'last'], 'nix', '  ')}\n- next\n")
    fences = [one for one in tokens if one.type == "fence"]
    assert [one.info for one in fences] == ["nix"]
    assert fences[0].content == f"first\n{visible(text)}\nlast\n"
    assert [one.type for one in tokens].count("list_item_open") == 2


@all_examples
@given(texts)
def test_the_title_of_a_fold_holds_no_tag(text):
    opening = fold(text)
    title = opening.removeprefix("<details>\n<summary>").removesuffix("</summary>\n")
    assert "<" not in title
    assert ">" not in title
    assert not GITHUB.search(html.unescape(title))
    assert without_joiners(html.unescape(title)) == visible(text)


def test_markdown_is_not_quoted_twice():
    assert inline(code("a_b")) == "`a_b`"
    assert inline("a_b") == "a\\_b"
    assert inline(3) == "3"
    assert inline(None) == "–"
    assert series([code("a"), "b_c", 1]) == "`a`, b\\_c, 1"
    assert type(series([])) is Markdown


def test_ordinary_prose_stays_readable():
    text = "the first forbidden release (3.15.0) was uploaded after tensorflow 2.21.0"
    assert plain(text) == text
    assert plain("1.5 is newer") == "1\\.5 is newer"
    assert plain("a@b") == "a@&#8288;b"
