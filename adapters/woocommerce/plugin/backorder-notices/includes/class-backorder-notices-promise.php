<?php
/**
 * What the connector wrote about one product or variation.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * A promise to a new buyer: the sentence, the date by which a unit ships, the units to be had by then.
 */
final class Backorder_Notices_Promise {

	const ETA       = '_backorder_eta';
	const NOTICE    = '_backorder_notice';
	const AVAILABLE = '_backorder_available';

	/**
	 * The sentence for the buyer, '' while some units are there.
	 *
	 * @var string
	 */
	public $notice;

	/**
	 * The date of units that are not there as YYYY-MM-DD, '' where it is not known.
	 *
	 * @var string
	 */
	public $eta;

	/**
	 * Keeps the parts.
	 *
	 * @param string $notice The sentence.
	 * @param string $eta    The date as YYYY-MM-DD or ''.
	 */
	private function __construct( $notice, $eta ) {
		$this->notice = $notice;
		$this->eta    = $eta;
	}

	/**
	 * The promise for a product.
	 *
	 * @param mixed $product A product, as filters of WooCommerce pass it.
	 * @return self|null Null where the connector says nothing.
	 */
	public static function of( $product ) {
		if ( ! $product instanceof WC_Product ) {
			return null;
		}
		$notice = $product->get_meta( self::NOTICE );
		$notice = is_string( $notice ) ? $notice : '';
		$eta    = self::date( $product->get_meta( self::ETA ) );
		return '' === $notice && '' === $eta ? null : new self( $notice, $eta );
	}

	/**
	 * The promise for a product of which every buyer has to wait.
	 *
	 * @param mixed $product A product, as filters of WooCommerce pass it.
	 * @return self|null
	 */
	public static function for_all( $product ) {
		$promise = self::of( $product );
		return $promise && '' !== $promise->notice ? $promise : null;
	}

	/**
	 * A date that is one, or ''.
	 *
	 * @param mixed $value What stands in the meta data.
	 * @return string
	 */
	public static function date( $value ) {
		$is_date = is_string( $value ) && preg_match( '/^(\d{4})-(\d{2})-(\d{2})$/D', $value, $parts );
		return $is_date && checkdate( (int) $parts[2], (int) $parts[3], (int) $parts[1] ) ? $value : '';
	}

	/**
	 * A date as the shop writes dates.
	 *
	 * @param string $date YYYY-MM-DD.
	 * @return string
	 */
	public static function in_words( $date ) {
		$noon = date_create( $date . ' 12:00:00', wp_timezone() );
		return $noon ? wp_date( wc_date_format(), $noon->getTimestamp() ) : $date;
	}

	/**
	 * The end of the promised day, for machines: ISO 8601 with the shop's time zone.
	 *
	 * @param string $date YYYY-MM-DD.
	 * @return string
	 */
	public static function for_machines( $date ) {
		$day = date_create( $date . ' 00:00:00', wp_timezone() );
		return $day ? $day->format( 'c' ) : '';
	}

	/**
	 * What a buyer of some units gets when: "2 now, 3 by 20 March".
	 *
	 * @param WC_Product $product  The product or variation.
	 * @param int|float  $quantity Units wanted.
	 * @return string '' where all of them are there.
	 */
	public function split( WC_Product $product, $quantity ) {
		$stock = $product->managing_stock() ? max( 0, (int) $product->get_stock_quantity() ) : 0;
		$now   = min( $stock, $quantity );
		$later = $quantity - $now;
		if ( $later <= 0 ) {
			return '';
		}
		$waits = '' === $this->eta
			/* translators: %s: number of units. */
			? sprintf( __( '%s on backorder', 'backorder-notices' ), number_format_i18n( $later ) )
			/* translators: 1: number of units, 2: date. */
			: sprintf( __( '%1$s by %2$s', 'backorder-notices' ), number_format_i18n( $later ), self::in_words( $this->eta ) );
		if ( $now <= 0 ) {
			return $waits;
		}
		/* translators: 1: number of units that are there, 2: what the others do, as in "3 by 20 March". */
		return sprintf( __( '%1$s now, %2$s', 'backorder-notices' ), number_format_i18n( $now ), $waits );
	}
}
