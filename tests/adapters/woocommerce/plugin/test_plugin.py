"""What the companion plugin shows, said by PHP itself."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import adapters.woocommerce

PLUGIN = Path(adapters.woocommerce.__file__).parent / "plugin" / "backorder-notices"
STAGE = Path(__file__).parent / "stage.php"
SOURCES = sorted(PLUGIN.rglob("*.php"))
PROMISED = "array('_backorder_notice' => 'Ships by <b>20 March</b>', '_backorder_eta' => '2026-03-20')"
UNDATED = "array('_backorder_notice' => 'On backorder')"

php = pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")


def told(code: str) -> Any:
    """What `code` leaves in `$out`, after the plugin has started on the stage."""
    script = f"require '{STAGE}'; {code} echo json_encode($out);"
    ran = subprocess.run(
        ["php", "-r", script, "--", str(PLUGIN / "backorder-notices.php")], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    return json.loads(ran.stdout)


@php
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_php_reads_every_file(source: Path) -> None:
    ran = subprocess.run(["php", "-l", str(source)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


@php
def test_the_page_says_the_notice_of_the_very_variation_and_without_tags() -> None:
    out = told(
        f"$out = array(apply_filters('woocommerce_get_availability_text', 'In stock', new WC_Product(1, {PROMISED})),"
        " apply_filters('woocommerce_get_availability_text', 'In stock', new WC_Product(2)));"
    )
    assert out == ["Ships by 20 March", "In stock"]


@php
@pytest.mark.parametrize(
    ("meta", "stock", "quantity", "words"),
    [
        (PROMISED, "2", 5, "2 now, 3 by 20 March 2026"),
        (PROMISED, "0", 3, "3 by 20 March 2026"),
        (PROMISED, "-4", 1, "1 by 20 March 2026"),
        (PROMISED, "null", 1200, "1,200 by 20 March 2026"),
        (UNDATED, "1", 2, "1 now, 1 on backorder"),
        (PROMISED, "5", 5, None),
        ("array()", "0", 3, None),
        ("array('_backorder_eta' => '2026-03-20')", "2", 5, "2 now, 3 by 20 March 2026"),
        ("array('_backorder_notice' => 'x', '_backorder_eta' => '2026-02-30')", "0", 1, "1 on backorder"),
    ],
)
def test_the_cart_says_how_many_come_when(meta: str, stock: str, quantity: int, words: str | None) -> None:
    line = f"array('data' => new WC_Product(1, {meta}, {stock}), 'quantity' => {quantity})"
    shown = told(f"$out = apply_filters('woocommerce_get_item_data', array(), {line});")
    assert shown == ([{"key": "Ships", "value": words}] if words else [])


@php
def test_the_date_that_a_buyer_saw_stays_with_the_line() -> None:
    out = told(
        f"$waits = new WC_Product(1, {PROMISED}, 1); $out = array();"
        "foreach (array(1, 3) as $n) { $item = new WC_Order_Item_Product($n);"
        "do_action('woocommerce_checkout_create_order_line_item', $item, 'k',"
        "array('data' => $waits, 'quantity' => $n));"
        "$out[] = $item->meta; }"
    )
    assert out == [[], {"_backorder_eta": "2026-03-20"}]


SHOWN = (
    "$item = new WC_Order_Item_Product(3); $item->add_meta_data('_backorder_eta', '2026-03-20');"
    "$out = do_action('woocommerce_order_item_meta_end', 7, $item, new WC_Order('{status}', {meta}), {plain});"
)


@php
@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (None, "Ships by 20 March 2026"),
        ({"7": {"waiting": 2, "eta": "2026-04-01"}}, "2 on backorder, ships by 1 April 2026"),
        ({"7": {"waiting": 2, "eta": None}}, "2 on backorder, we will send you a date"),
        ({"7": {"waiting": 0, "eta": None}}, ""),
        ({"8": {"waiting": 2, "eta": "2026-04-01"}}, ""),
        ({"7": "rubbish"}, ""),
    ],
)
def test_an_order_says_how_its_line_stands_now(lines: object, words: str) -> None:
    meta = "array()" if lines is None else f"array('_backorder_lines' => '{json.dumps(lines)}')"
    shown = told(SHOWN.replace("{status}", "processing").replace("{meta}", meta).replace("{plain}", "false"))
    assert shown == (f'<p class="backorder-notice"><small>{words}</small></p>' if words else "")


SPLIT = (
    "$lines = json_encode(array('7' => array('waiting' => {waiting}, 'eta' => '2026-04-01')));"
    "$here = new WC_Order_Item_Product(2, 7); $there = new WC_Order_Item_Product(3, 9);"
    "$there->add_meta_data('_backorder_line', '7');"
    "$whole = new WC_Order('processing', array('_backorder_split_into' => '2',"
    " '_backorder_lines' => $lines, '_backorder_link' => 'https://b.example/o/x'), 1, array($here));"
    "$part = new WC_Order('{part}', array('_backorder_split_of' => '1'), 2, array($there));"
)


@php
@pytest.mark.parametrize(
    ("waiting", "part", "words"),
    [
        (3, "processing", ["", "3 on backorder, ships by 1 April 2026"]),
        (4, "processing", ["1 on backorder, ships by 1 April 2026", "3 on backorder, ships by 1 April 2026"]),
        (1, "processing", ["", "1 on backorder, ships by 1 April 2026"]),
        (0, "processing", ["", ""]),
        (2, "cancelled", ["2 on backorder, ships by 1 April 2026", ""]),
    ],
)
def test_what_waits_of_an_order_that_was_split_waits_in_its_part(waiting: int, part: str, words: list[str]) -> None:
    out = told(
        SPLIT.replace("{waiting}", str(waiting)).replace("{part}", part)
        + "$out = array(do_action('woocommerce_order_item_meta_end', 7, $here, $whole, true),"
        " do_action('woocommerce_order_item_meta_end', 9, $there, $part, true));"
    )
    assert [said.strip() for said in out] == words


@php
def test_both_halves_of_an_order_lead_to_the_one_page_of_its_customer() -> None:
    shown = told(
        SPLIT.replace("{waiting}", "3").replace("{part}", "processing")
        + "$out = do_action('woocommerce_email_after_order_table', $part, false, true);"
    )
    assert shown.strip() == "See when your order ships: https://b.example/o/x"


@php
def test_what_the_connector_writes_is_kept_on_the_lines_of_both_and_taken_off_again() -> None:
    out = told(
        SPLIT.replace("{waiting}", "4").replace("{part}", "processing")
        + "$says = array('meta_data' => array(array('key' => '_backorder_lines')));"
        "do_action('woocommerce_rest_insert_shop_order_object', $whole, $says);"
        "$out = array($here->meta, $there->meta);"
        "new WC_Order('processing', array('_backorder_split_of' => '1'), 2, array($there));"
        "$after = new WC_Order('processing', array('_backorder_split_into' => '2'), 1, array($here));"
        "do_action('woocommerce_rest_insert_shop_order_object', $after, array('meta_data' => array()));"
        "$out[] = $here->meta;"
        "do_action('woocommerce_rest_insert_shop_order_object', $after, $says);"
        "array_push($out, $here->meta, $there->meta);"
    )
    said = [{"_backorder_waiting": units, "_backorder_promise": "2026-04-01"} for units in ("1", "3")]
    origin = {"_backorder_line": "7"}
    assert out == [said[0], origin | said[1], said[0], [], origin]


@php
def test_what_is_shared_out_is_together_what_it_was_to_the_last_place() -> None:
    out = told(
        "mt_srand(7); $out = array(); for ($i = 0; $i < 500; $i++) {"
        "$units = mt_rand(1, 9); $total = mt_rand(0, 99999999) / 10000; $off = mt_rand(0, 9999) / 10000;"
        "$taxes = array(1 => round($total * 0.0725, 6), 4 => round($total * 0.011, 6));"
        "$lifted = array(1 => round($off * 0.0725, 6), 4 => 0.0);"
        "$line = array('total' => $total, 'subtotal' => $total + $off, 'taxes' => array('total' => $taxes,"
        " 'subtotal' => array(1 => $taxes[1] + $lifted[1], 4 => $taxes[4])));"
        "$bill = array('units' => $units, 'total' => $total, 'discount' => $off, 'taxes' => $taxes,"
        " 'lifted' => $lifted);"
        "$part = Backorder_Notices_Share::of($bill, mt_rand(1, $units), 2);"
        "$rest = Backorder_Notices_Share::rest($line, $part);"
        "$both = array($part['total'] + $rest['total'] - $total, $part['discount'] + $rest['discount'] - $off);"
        "foreach (array(1, 4) as $rate) { $both[] = $part['taxes'][$rate] + $rest['taxes'][$rate] - $taxes[$rate];"
        "$both[] = $part['lifted'][$rate] + $rest['lifted'][$rate] - $lifted[$rate]; }"
        "$out[] = array(max(array_map('abs', $both)) < 0.0000005, min($part['total'], $rest['total']) >= 0,"
        " $part['units'] === $units || round($part['total'], 2) === $part['total']); }"
    )
    assert out == [[True, True, True]] * 500


@php
def test_the_sums_of_what_moves_are_whole_cents() -> None:
    out = told(
        "$bill = array('units' => 1, 'total' => 3.333333, 'discount' => 0.005, 'taxes' => array(1 => 0.241667),"
        " 'lifted' => array(1 => 0.0004)); $out = Backorder_Notices_Share::sum(array($bill, $bill), 2);"
    )
    sums = {"cart_tax": 0.48, "discount_total": 0.01, "discount_tax": 0, "total": 7.15}
    assert out == {"taxes": {"1": 0.48}} | sums


@php
def test_an_order_that_is_over_says_nothing() -> None:
    assert told(SHOWN.replace("{status}", "completed").replace("{meta}", "array()").replace("{plain}", "true")) == ""


@php
def test_the_link_goes_to_the_customer_and_only_a_web_address_becomes_one() -> None:
    out = told(
        "$out = array(); foreach (array('https://b.example/o/x?a=1&b=\"2', 'javascript:alert(1)') as $url) {"
        "$order = new WC_Order('processing', array('_backorder_link' => $url));"
        "foreach (array(false, true) as $admin)"
        "$out[] = do_action('woocommerce_email_after_order_table', $order, $admin, false); }"
    )
    link = '<p><a href="https://b.example/o/x?a=1&amp;b=&quot;2">See when your order ships</a></p>'
    assert out == [link, "", "", ""]


@php
def test_search_engines_are_told_of_a_wait_and_its_end() -> None:
    out = told(
        f"$out = apply_filters('woocommerce_structured_data_product_offer', array(), new WC_Product(1, {PROMISED}));"
    )
    assert out == {
        "availability": "https://schema.org/BackOrder",
        "availabilityStarts": "2026-03-20T00:00:00-04:00",
    }


@php
def test_each_variation_that_waits_is_an_offer_of_its_own() -> None:
    out = told(
        f"new WC_Product(11, {PROMISED}); new WC_Product(12); $all = new WC_Product(1, array(), null, array(11, 12));"
        "$markup = array('offers' => array(array('@type' => 'AggregateOffer', 'url' => $all->get_permalink())));"
        "$out = apply_filters('woocommerce_structured_data_product', $markup, $all)['offers'];"
    )
    assert out[1:] == [
        {
            "@type": "Offer",
            "sku": "SKU-11",
            "price": "10.00",
            "priceCurrency": "EUR",
            "url": "https://shop.example/p/11",
            "availability": "https://schema.org/BackOrder",
            "availabilityStarts": "2026-03-20T00:00:00-04:00",
        }
    ]


@php
def test_googles_feed_gets_the_date_and_keeps_what_others_set() -> None:
    out = told(
        "$soon = array('_backorder_notice' => 'x', '_backorder_eta' => gmdate('Y-m-d', time() + 86400 * 30));"
        "$far = array('_backorder_notice' => 'x', '_backorder_eta' => '2999-01-01'); $out = array();"
        "foreach (array(array($soon, array()),"
        " array($soon, array('availability' => 'preorder')), array($far, array()))"
        " as list($meta, $set)) $out[] = apply_filters("
        "'woocommerce_gla_product_attribute_values', $set, new WC_Product(1, $meta));"
    )
    assert [sorted(attributes) for attributes in out] == [["availability", "availabilityDate"]] * 2 + [[]]
    assert [attributes.get("availability") for attributes in out[:2]] == ["backorder", "preorder"]


def test_every_sentence_can_be_translated() -> None:
    said = {
        text
        for path in SOURCES
        for text in re.findall(r"__\( '((?:[^'\\]|\\.)*)', 'backorder-notices' \)", path.read_text())
    }
    template = (PLUGIN / "languages" / "backorder-notices.pot").read_text()
    assert said == set(re.findall(r'^msgid "(.+)"$', template, re.MULTILINE))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nobody_runs_a_file_by_its_address(source: Path) -> None:
    assert "defined( 'ABSPATH' ) || exit;" in source.read_text()
