"""HTML: the text a person sees, line by line, and what nobody sees apart from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.readers import html
from tests.doubles.linear import grows_too_fast


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("One<br>Two", "One\nTwo"),
        ("<p class=MsoNormal>One</p><p class=MsoNormal>Two</p>", "One\nTwo"),
        ("<p style='margin: 0'>One</p><p style='margin: 0'>Two</p>", "One\nTwo"),
        ("a\n  b   <b>c</b>\n", "a b c"),
        ("3&nbsp;&euro; &amp; more", "3 € & more"),
        ("<ul><li>milk<li>eggs</ul>", "- milk\n- eggs"),
        ("<ol><li>milk<li>eggs</ol>", "1. milk\n2. eggs"),
        ("<pre>a  b\n  c</pre>", "a  b\nc"),
        (
            "<table><tr><td>Total</td><td>5 EUR</td></tr><tr><td>Due</td></tr></table>",
            "Total  5 EUR\nDue",
        ),
        ("<title>No</title><script>no()</script><style>p{}</style><!-- no -->Yes", "Yes"),
        ("", ""),
        ("plain words", "plain words"),
    ],
)
def test_lines_come_out_as_they_are_drawn(markup: str, text: str):
    assert html.to_text(markup) == (text, "")


def test_quoted_blocks_get_quote_marks_and_indented_ones_do_not():
    quoted, _ = html.to_text(
        "Yes.<blockquote type=cite>Ok?<blockquote type=cite>a</blockquote></blockquote>"
    )
    indented, _ = html.to_text("<blockquote style='margin-left:40px'>Ok</blockquote>")

    assert quoted == "Yes.\n\n> Ok?\n>\n> > a"
    assert indented == "Ok"


def test_a_horizontal_line_comes_out_as_outlook_writes_it():
    assert html.to_text("note<hr>From: Tom")[0] == f"note\n{html.RULE}\nFrom: Tom"


def test_a_marked_signature_gets_the_line_that_separates_it():
    page = "<div>Yes</div><div class=gmail_signature>Dana<br>Reyes Studio</div>"

    assert html.to_text(page)[0] == "Yes\n--\nDana\nReyes Studio"


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "visibility:hidden",
        "opacity:0",
        "font-size:0",
        "font-size:1px",
        "max-height:0;overflow:hidden",
        "color:#fff",
        "color:#fefefe",
        "color:white",
        "color:rgb(255, 255, 255)",
        "color:rgba(0,0,0,0)",
        "color:transparent",
        "background:#123456;color:#123456",
        "position:absolute;left:-9999px",
        "text-indent:-9999px",
    ],
)
def test_text_that_nobody_sees_is_kept_apart(style: str):
    text, hidden = html.to_text(f"<p>Hello</p><div style='{style}'>pay the thief</div>")

    assert (text, hidden) == ("Hello", "pay the thief")


@pytest.mark.parametrize(
    "markup",
    [
        "<div style='background:#333'><p style='color:#fff'>seen</p></div>",
        "<table bgcolor=#000000><tr><td><font color=white>seen</font></td></tr></table>",
        "<div style='background:url(x.png)'><p style='color:#fff'>seen</p></div>",
        "<td style='font-size:0'><span style='font-size:14px'>seen</span></td>",
        "<div style='color:#fff'><a href=x>seen</a></div>",
        "<div style='max-height:0'>seen</div>",
        "<style>@media (max-width:600px){.a{display:none}}</style><p class=a>seen</p>",
        "<style>.b{background:#222}</style><div class=b style='color:#fff'>seen</div>",
    ],
)
def test_text_that_is_seen_stays(markup: str):
    assert html.to_text(markup) == ("seen", "")


def test_a_style_sheet_hides_too():
    page = "<style>/* x */ .pre, #p {display:none}</style><b class=pre>a</b><b id=p>b</b><b>c</b>"

    assert html.to_text(page) == ("c", "a\nb")


def test_text_behind_a_thousand_open_elements_is_still_read():
    assert html.to_text("<div>" * 1_000 + "deep")[0] == "deep"


@pytest.mark.parametrize(
    "piece",
    [
        *("<div>", "<td>a", "<style>", "<style>/*", "<style>a{", "<style>@media{", "<!--", "<"),
        *(
            "<ol><li>x",
            "<blockquote type=cite>x<br>",
            "&#",
            "<a href=",
            "<pre>\n",
            "</div>",
            "<br>",
        ),
    ],
)
def test_hostile_pages_take_no_longer_than_other_pages(piece: str):
    def read(size: int) -> None:
        html.to_text((piece * size)[:size])

    assert not grows_too_fast(read, 200_000)


@given(st.text(alphabet=st.sampled_from("<>/=\"' abpdivstyle:;#&\n\0\ud800"), max_size=200))
def test_any_markup_gives_text(markup: str):
    text, hidden = html.to_text(markup)

    assert "\0" not in text + hidden
