"""Which texts may be written back by REST without losing anything."""

import pytest

from adapters.woocommerce.keeping import lost


@pytest.mark.parametrize(
    "text",
    [
        "",
        'A lamp & 5 < 6, said "he".',
        "<p>One</p>\n<p class='x' style='color: red; font-weight: bold'>Two <br/> three</p>",
        '<a href="https://shop.example/size#top" target="_blank" rel="noopener">Sizes</a>',
        '<a href="/care">Care</a> <a href="mailto:a@example.com">Mail</a> <a href="tel:+1555">Call</a>',
        '<img src="https://shop.example/a.jpg" alt="a" width="10" data-id="7" loading="lazy">',
        '<table><tbody><tr><td colspan="2" aria-label="x">1</td></tr></tbody></table>',
        "<!-- wp:paragraph --><p>Block</p><!-- /wp:paragraph --> [shortcode]",
        "<ul><li>a</li><li>b</li></ul><details open><summary>More</summary>x</details>",
    ],
)
def test_everyday_texts_stay_whole(text: str) -> None:
    assert lost(text) == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<p>See</p><iframe src="https://video.example/1"></iframe>', "<iframe>"),
        ("<script>x()</script>", "<script>"),
        ("<style>p{}</style>", "<style>"),
        ("<p>one</p><![foo bar>", "<!["),
        ("<form><input></form>", "<form>"),
        ("<svg></svg>", "<svg>"),
        ('<p onclick="x()">a</p>', "onclick= of <p>"),
        ('<a href="javascript:x()">a</a>', "href= of <a>"),
        ('<img src="data:image/png;base64,AA==">', "src= of <img>"),
        ('<img srcset="a.jpg 2x" src="a.jpg">', "srcset= of <img>"),
        ('<p style="background: url(x)">a</p>', "style= of <p>"),
        ('<p style="position: fixed">a</p>', "style= of <p>"),
        ('<p href="/x">a</p>', "href= of <p>"),
    ],
)
def test_what_would_be_taken_out_is_named(text: str, what: str) -> None:
    assert lost(text) == what
