<?php
/**
 * What search engines and shopping feeds are told.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * JSON-LD of product pages (schema.org Offer) and the attributes of the feed of Google for WooCommerce.
 */
final class Backorder_Notices_Search {

	/**
	 * Google takes a date up to a year ahead (support.google.com/merchants/answer/6324470).
	 */
	const FARTHEST = '+1 year';

	/**
	 * Take part.
	 */
	public static function start() {
		add_filter( 'woocommerce_structured_data_product_offer', array( __CLASS__, 'offer' ), 20, 2 );
		add_filter( 'woocommerce_structured_data_product', array( __CLASS__, 'product' ), 20, 2 );
		add_filter( 'woocommerce_gla_product_attribute_values', array( __CLASS__, 'feed' ), 20, 2 );
	}

	/**
	 * An offer that has to be waited for.
	 *
	 * @param mixed $offer   What WooCommerce would say.
	 * @param mixed $product The product; the variable one also where the page is about one of its variations.
	 * @return mixed
	 */
	public static function offer( $offer, $product ) {
		if ( ! is_array( $offer ) || ! $product instanceof WC_Product ) {
			return $offer;
		}
		if ( ! $product->is_type( 'variable' ) ) {
			return self::waits( $offer, Backorder_Notices_Promise::for_all( $product ) );
		}
		$url = isset( $offer['url'] ) ? $offer['url'] : '';
		foreach ( self::waiting( $product ) as $variation ) {
			if ( $variation->get_permalink() === $url ) {
				return self::waits( $offer, Backorder_Notices_Promise::for_all( $variation ) );
			}
		}
		return $offer;
	}

	/**
	 * The page of a variable product is about all of them: those that wait are offers of their own.
	 *
	 * @param mixed $markup  What WooCommerce would say.
	 * @param mixed $product The product.
	 * @return mixed
	 */
	public static function product( $markup, $product ) {
		$offers = is_array( $markup ) && isset( $markup['offers'] ) ? $markup['offers'] : null;
		if ( ! is_array( $offers ) || ! isset( $offers[0]['url'] ) || ! $product instanceof WC_Product || ! $product->is_type( 'variable' ) ) {
			return $markup;
		}
		if ( $offers[0]['url'] !== $product->get_permalink() ) {
			return $markup;
		}
		foreach ( self::waiting( $product ) as $variation ) {
			$offer              = array(
				'@type'         => 'Offer',
				'sku'           => $variation->get_sku(),
				'price'         => wc_format_decimal( wc_get_price_to_display( $variation ), wc_get_price_decimals() ),
				'priceCurrency' => get_woocommerce_currency(),
				'url'           => $variation->get_permalink(),
			);
			$markup['offers'][] = self::waits( $offer, Backorder_Notices_Promise::for_all( $variation ) );
		}
		return $markup;
	}

	/**
	 * The attributes that Google asks for; what others have set stays.
	 *
	 * @param mixed $attributes Attributes by the name that Google's interface has for them.
	 * @param mixed $product    The product or variation.
	 * @return mixed
	 */
	public static function feed( $attributes, $product ) {
		$promise = Backorder_Notices_Promise::for_all( $product );
		if ( ! is_array( $attributes ) || ! $promise || ! self::near( $promise->eta ) ) {
			return $attributes;
		}
		return $attributes + array(
			'availability'     => 'backorder',
			'availabilityDate' => Backorder_Notices_Promise::for_machines( $promise->eta ),
		);
	}

	/**
	 * The variations of a product that have to be waited for.
	 *
	 * @param WC_Product $product The variable product.
	 * @return WC_Product[]
	 */
	private static function waiting( WC_Product $product ) {
		return array_filter( array_map( 'wc_get_product', $product->get_visible_children() ), array( 'Backorder_Notices_Promise', 'for_all' ) );
	}

	/**
	 * An offer with what the promise says of it.
	 *
	 * @param array                          $offer   The offer.
	 * @param Backorder_Notices_Promise|null $promise The promise, if there is one.
	 * @return array
	 */
	private static function waits( array $offer, $promise ) {
		if ( $promise ) {
			$offer['availability'] = 'https://schema.org/BackOrder';
			if ( '' !== $promise->eta ) {
				$offer['availabilityStarts'] = Backorder_Notices_Promise::for_machines( $promise->eta );
			}
		}
		return $offer;
	}

	/**
	 * Whether a date can be told to Google.
	 *
	 * @param string $eta YYYY-MM-DD or ''.
	 * @return bool
	 */
	private static function near( $eta ) {
		return '' !== $eta && $eta <= wp_date( 'Y-m-d', strtotime( self::FARTHEST ) );
	}
}
