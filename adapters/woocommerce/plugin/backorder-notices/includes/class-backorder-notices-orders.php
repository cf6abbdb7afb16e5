<?php
/**
 * What buyers see after they have bought.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the date on the order's line, and shows how the promise stands in e-mails and under My account.
 */
final class Backorder_Notices_Orders {

	/**
	 * Meta of a line: the date that was shown when it was bought.
	 */
	const BOUGHT = '_backorder_eta';

	/**
	 * Meta of an order, written by the connector: the page where the customer sees and answers.
	 */
	const LINK = '_backorder_link';

	/**
	 * Take part.
	 */
	public static function start() {
		add_action( 'woocommerce_checkout_create_order_line_item', array( __CLASS__, 'keep' ), 10, 3 );
		add_filter( 'woocommerce_hidden_order_itemmeta', array( __CLASS__, 'hide' ) );
		add_action( 'woocommerce_order_item_meta_end', array( __CLASS__, 'show' ), 10, 4 );
		add_action( 'woocommerce_email_after_order_table', array( __CLASS__, 'link_in_mail' ), 10, 3 );
		add_action( 'woocommerce_order_details_after_order_table', array( __CLASS__, 'link_on_page' ) );
	}

	/**
	 * The date that the buyer saw stays with the line.
	 *
	 * @param WC_Order_Item_Product $item The line that is being made.
	 * @param string                $key  Its key in the cart.
	 * @param array                 $line The line of the cart.
	 */
	public static function keep( $item, $key, $line ) {
		$product = isset( $line['data'] ) ? $line['data'] : null;
		$promise = Backorder_Notices_Promise::of( $product );
		if ( $promise && '' !== $promise->eta && '' !== $promise->split( $product, $item->get_quantity() ) ) {
			$item->add_meta_data( self::BOUGHT, $promise->eta, true );
		}
	}

	/**
	 * The bare date is not for the order's editor.
	 *
	 * @param array $keys Meta that is hidden there.
	 * @return array
	 */
	public static function hide( $keys ) {
		$keys[] = self::BOUGHT;
		return $keys;
	}

	/**
	 * How a line stands, below its name.
	 *
	 * @param int           $item_id Its id.
	 * @param WC_Order_Item $item    The line.
	 * @param WC_Order      $order   Its order.
	 * @param bool          $plain   Whether this is for an e-mail without HTML.
	 */
	public static function show( $item_id, $item, $order, $plain = false ) {
		$words = self::words( $item, $order );
		if ( '' === $words ) {
			return;
		}
		if ( $plain ) {
			echo "\n" . esc_html( wp_strip_all_tags( $words ) ) . "\n";
		} else {
			echo '<p class="backorder-notice"><small>' . esc_html( $words ) . '</small></p>';
		}
	}

	/**
	 * The link to the customer's page in an e-mail to the customer.
	 *
	 * @param WC_Order $order    The order.
	 * @param bool     $to_admin Whether the e-mail goes to the shop.
	 * @param bool     $plain    Whether it has no HTML.
	 */
	public static function link_in_mail( $order, $to_admin = false, $plain = false ) {
		$url = $to_admin ? '' : self::link( $order );
		if ( '' === $url ) {
			return;
		}
		$words = __( 'See when your order ships', 'backorder-notices' );
		if ( $plain ) {
			echo "\n" . esc_html( $words ) . ': ' . esc_url_raw( $url ) . "\n\n";
		} else {
			echo '<p><a href="' . esc_url( $url ) . '">' . esc_html( $words ) . '</a></p>';
		}
	}

	/**
	 * The same link under My account and on the page after checkout.
	 *
	 * @param WC_Order $order The order.
	 */
	public static function link_on_page( $order ) {
		self::link_in_mail( $order );
	}

	/**
	 * How a line stands: what the connector wrote last, and before that the date the buyer saw.
	 *
	 * @param WC_Order_Item $item  The line.
	 * @param mixed         $order Its order.
	 * @return string '' where it does not wait.
	 */
	private static function words( $item, $order ) {
		if ( ! $order instanceof WC_Order || $order->has_status( array( 'completed', 'cancelled', 'refunded', 'failed' ) ) ) {
			return '';
		}
		$standing = Backorder_Notices_Lines::of( $item, $order );
		if ( $standing ) {
			return $standing[0] > 0 ? self::waits( $standing[0], $standing[1] ) : '';
		}
		$eta = Backorder_Notices_Promise::date( $item->get_meta( self::BOUGHT ) );
		/* translators: %s: date. */
		return '' === $eta ? '' : sprintf( __( 'Ships by %s', 'backorder-notices' ), Backorder_Notices_Promise::in_words( $eta ) );
	}

	/**
	 * What to say of units that wait.
	 *
	 * @param int    $waiting How many.
	 * @param string $eta     The date as YYYY-MM-DD or ''.
	 * @return string
	 */
	private static function waits( $waiting, $eta ) {
		if ( '' === $eta ) {
			/* translators: %s: number of units. */
			return sprintf( __( '%s on backorder, we will send you a date', 'backorder-notices' ), number_format_i18n( $waiting ) );
		}
		/* translators: 1: number of units, 2: date. */
		return sprintf( __( '%1$s on backorder, ships by %2$s', 'backorder-notices' ), number_format_i18n( $waiting ), Backorder_Notices_Promise::in_words( $eta ) );
	}

	/**
	 * The customer's page for an order; one that was split has the same for both.
	 *
	 * @param mixed $order The order.
	 * @return string '' where there is none.
	 */
	private static function link( $order ) {
		$whole = $order instanceof WC_Order ? Backorder_Notices_Split::whole( $order ) : null;
		$url   = $order instanceof WC_Order ? ( $whole ? $whole : $order )->get_meta( self::LINK ) : '';
		return is_string( $url ) && preg_match( '#^https?://#i', $url ) ? $url : '';
	}
}
