"""Our notice in the merchant's text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.woocommerce.block import BLOCK, END, START, placed, plain

OURS = [START, END, "<p>", "</p>", '<p class="backorder-notice">']
BITS = st.sampled_from([*OURS, "<p>A lamp.</p>", "\\", "[code]", "\n", " ", "&amp;", "<!-- wp:html -->", "ß", "<b>"])
TEXTS = st.lists(BITS | st.text(max_size=8), max_size=8).map("".join)
UNMARKED = TEXTS.filter(lambda text: BLOCK.search(text) is None)
NOTICES = st.lists(BITS | st.text(min_size=1, max_size=8), min_size=1, max_size=4).map("".join).filter(plain)


def test_a_notice_stands_at_the_end_between_its_markers() -> None:
    assert placed("<p>A lamp.</p>", "Ships by 1 June.") == (
        '<p>A lamp.</p><p class="backorder-notice"><!-- backorder:start -->Ships by 1 June.<!-- backorder:end --></p>'
    )


def test_a_notice_stays_where_the_merchant_moved_it() -> None:
    moved = f"above {placed('', 'old')} below"
    assert placed(moved, "new") == f"above {placed('', 'new')} below"


OLD = f'{START}<p class="backorder-notice">Ships by 1 June.</p>{END}'
RESAVED = (
    OLD,
    f'<p>{START}</p>\n<p class="backorder-notice">Ships by 1 June.</p>\n<p>{END}</p>',
    f'{START}\n<p class="backorder-notice">Ships by 1 June.</p>\n{END}',
    f'<p class="backorder-notice" style="text-align: center;">{START}Ships by <em>1 June</em>.{END}</p>',
    f"<p>\n{START}Ships by 1 June.{END} </p>",
)


@pytest.mark.parametrize("block", RESAVED)
def test_a_notice_of_before_or_one_that_an_editor_saved_again_is_taken_out_whole(block: str) -> None:
    assert placed(f"<p>A lamp.</p>\n{block}\n<p>New.</p>", "") == "<p>A lamp.</p>\n\n<p>New.</p>"
    assert placed(f"A lamp.{block}", "Soon.") == f"A lamp.{placed('', 'Soon.')}"


def test_a_paragraph_with_words_of_the_merchants_beside_the_notice_stays() -> None:
    words = f"<p>Mine {OLD}</p><p>{OLD} mine</p><p>{OLD}</div></p>"
    assert placed(words, "") == "<p>Mine </p><p> mine</p><p></div></p>"


def test_the_notice_is_one_paragraph_where_wordpress_makes_them() -> None:
    # wpautop gives a paragraph to whatever stands outside of one; the page then showed an empty one for each marker.
    assert placed("", "Soon.").startswith("<p ")
    assert placed("", "Soon.").endswith("</p>")
    assert placed("", "Soon.").count("<p") == 1


def test_a_copied_block_is_not_shown_twice() -> None:
    block = placed("", "old")
    assert placed(f"a{block}b{block}c", "new") == f"a{placed('', 'new')}bc"
    assert placed(f"a{block}b{block}c", "") == "abc"


def test_a_marker_that_lost_its_partner_swallows_nothing() -> None:
    torn = f"{START} my own words"
    noticed = placed(torn, "soon")
    assert noticed == torn + placed("", "soon")
    assert placed(noticed, "") == torn


def test_a_notice_is_text_and_nothing_else() -> None:
    block = placed("", "<script>x</script> & [shortcode] <!-- backorder:end -->\r\n\x00\u202e next")
    assert block == (
        '<p class="backorder-notice"><!-- backorder:start -->&lt;script&gt;x&lt;/script&gt; &amp; '
        "&#091;shortcode&#093; &lt;!-- backorder:end --&gt; next<!-- backorder:end --></p>"
    )


def test_a_notice_of_blanks_is_none() -> None:
    assert placed("text", " \n\t\x00 ") == "text"


@settings(deadline=None)
@given(TEXTS, NOTICES)
def test_placing_twice_is_placing_once(text: str, notice: str) -> None:
    assert placed(placed(text, notice), notice) == placed(text, notice)


@settings(deadline=None)
@given(UNMARKED, NOTICES)
def test_taking_the_notice_out_gives_the_text_back(text: str, notice: str) -> None:
    assert placed(placed(text, notice), "") == text


@settings(deadline=None)
@given(TEXTS, NOTICES, NOTICES)
def test_only_the_last_notice_counts(text: str, first: str, second: str) -> None:
    assert placed(placed(text, first), second) == placed(text, second)


@settings(deadline=None)
@given(UNMARKED, UNMARKED, NOTICES, NOTICES)
def test_words_around_the_notice_are_never_touched(before: str, after: str, old: str, new: str) -> None:
    text = before + placed("", old) + after
    if len(BLOCK.findall(text)) == 1:
        assert placed(text, new) == before + placed("", new) + after
        assert placed(text, "") == before + after


@settings(deadline=None)
@given(TEXTS, NOTICES)
def test_there_is_exactly_one_notice(text: str, notice: str) -> None:
    assert len(BLOCK.findall(placed(text, notice))) == 1
