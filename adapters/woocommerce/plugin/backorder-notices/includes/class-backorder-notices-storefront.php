<?php
/**
 * What buyers see before they buy.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * Product pages, cart and checkout, the classic ones and those made of blocks.
 */
final class Backorder_Notices_Storefront {

	/**
	 * Take part.
	 */
	public static function start() {
		add_filter( 'woocommerce_get_availability_text', array( __CLASS__, 'availability' ), 20, 2 );
		add_filter( 'woocommerce_get_availability_class', array( __CLASS__, 'style' ), 20, 2 );
		add_filter( 'woocommerce_get_item_data', array( __CLASS__, 'in_cart' ), 10, 2 );
		add_filter( 'woocommerce_cart_item_backorder_notification', array( __CLASS__, 'instead' ), 10, 2 );
	}

	/**
	 * The sentence where the page says whether there is any; WooCommerce shows it per variation as well.
	 *
	 * @param string     $text    What WooCommerce would say.
	 * @param WC_Product $product The product or variation.
	 * @return string
	 */
	public static function availability( $text, $product ) {
		$promise = Backorder_Notices_Promise::for_all( $product );
		// The classic page escapes this (single-product/stock.php: wp_kses_post), and so do blocks, which want no entities.
		return $promise ? wp_strip_all_tags( $promise->notice ) : $text;
	}

	/**
	 * The class that goes with it.
	 *
	 * @param string     $name    What WooCommerce would take.
	 * @param WC_Product $product The product or variation.
	 * @return string
	 */
	public static function style( $name, $product ) {
		return Backorder_Notices_Promise::for_all( $product ) ? 'available-on-backorder' : $name;
	}

	/**
	 * "2 now, 3 by 20 March" below a line of the cart.
	 *
	 * @param array $data What is shown there already.
	 * @param array $line The line of the cart.
	 * @return array
	 */
	public static function in_cart( $data, $line ) {
		$product = isset( $line['data'] ) ? $line['data'] : null;
		$promise = Backorder_Notices_Promise::of( $product );
		$words   = $promise ? $promise->split( $product, isset( $line['quantity'] ) ? $line['quantity'] : 1 ) : '';
		if ( '' !== $words ) {
			$data[] = array(
				'key'   => __( 'Ships', 'backorder-notices' ),
				'value' => $words,
			);
		}
		return $data;
	}

	/**
	 * WooCommerce's "Available on backorder" would say the same again.
	 *
	 * @param string $html       What WooCommerce would show.
	 * @param int    $product_id The product.
	 * @return string
	 */
	public static function instead( $html, $product_id ) {
		return Backorder_Notices_Promise::of( wc_get_product( $product_id ) ) ? '' : $html;
	}
}
