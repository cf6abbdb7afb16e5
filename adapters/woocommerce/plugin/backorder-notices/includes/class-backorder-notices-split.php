<?php
/**
 * An order of which only a part is here becomes two.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * What waits moves into an order of its own. Nothing is calculated anew: what the one order gets, the other loses.
 */
final class Backorder_Notices_Split {

	/**
	 * Meta of the new order: the order that it was split off.
	 */
	const OF = '_backorder_split_of';

	/**
	 * Meta of the order that was split: the new order.
	 */
	const INTO = '_backorder_split_into';

	/**
	 * Meta of a line of the new order: the line that its units were moved from.
	 */
	const LINE = '_backorder_line';

	/**
	 * Meta of lines that plugins hold together: bundles, composites, mix and match.
	 */
	const TOGETHER = array( '_bundled_by', '_bundled_items', '_composite_parent', '_composite_children', '_mnm_container', '_mnm_config' );

	/**
	 * Take part.
	 */
	public static function start() {
		add_action( 'rest_api_init', array( __CLASS__, 'route' ) );
		add_filter( 'woocommerce_hidden_order_itemmeta', array( __CLASS__, 'hide' ) );
	}

	/**
	 * POST wc-backorder/v1/orders/<id>/split with {"lines": [{"id": 7, "quantity": 5, "waiting": 3}]}.
	 */
	public static function route() {
		register_rest_route(
			'wc-backorder/v1',
			'/orders/(?P<id>[\d]+)/split',
			array(
				'methods'             => 'POST',
				'callback'            => array( __CLASS__, 'split' ),
				'permission_callback' => array( __CLASS__, 'may' ),
				'args'                => array(
					'lines' => array(
						'required' => true,
						'type'     => 'array',
						'minItems' => 1,
						'items'    => array(
							'type'       => 'object',
							'properties' => array(
								'id'       => array( 'type' => 'integer', 'minimum' => 1, 'required' => true ),
								'quantity' => array( 'type' => 'integer', 'minimum' => 1, 'required' => true ),
								'waiting'  => array( 'type' => 'integer', 'minimum' => 1, 'required' => true ),
							),
						),
					),
				),
			)
		);
	}

	/**
	 * Whoever may change orders may split one.
	 *
	 * @param WP_REST_Request $request What is asked.
	 * @return bool
	 */
	public static function may( $request ) {
		return wc_rest_check_post_permissions( 'shop_order', 'edit', (int) $request['id'] ) && wc_rest_check_post_permissions( 'shop_order', 'create' );
	}

	/**
	 * The id of the line that units came from is not for the order's editor.
	 *
	 * @param array $keys Meta that is hidden there.
	 * @return array
	 */
	public static function hide( $keys ) {
		$keys[] = self::LINE;
		return $keys;
	}

	/**
	 * Split an order, once: whoever asks again is told what it was split into.
	 *
	 * @param WP_REST_Request $request What is asked.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function split( $request ) {
		global $wpdb;
		$lock = 'backorder_split_' . $wpdb->prefix . (int) $request['id'];
		if ( '1' !== $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, 10)', $lock ) ) ) {
			return self::refused( 'backorder_busy', 'The order is being split at the moment.', 503 );
		}
		try {
			return self::alone( (int) $request['id'], $request['lines'] );
		} finally {
			$wpdb->query( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', $lock ) );
		}
	}

	/**
	 * The new order of one that was split.
	 *
	 * @param WC_Order $order The order that was.
	 * @return WC_Order|null
	 */
	public static function part( $order ) {
		$part = wc_get_order( (int) $order->get_meta( self::INTO ) );
		return $part instanceof WC_Order && (int) $part->get_meta( self::OF ) === $order->get_id() ? $part : null;
	}

	/**
	 * The order that a new one was split off.
	 *
	 * @param WC_Order $order The new one.
	 * @return WC_Order|null
	 */
	public static function whole( $order ) {
		$whole = wc_get_order( (int) $order->get_meta( self::OF ) );
		return $whole instanceof WC_Order ? $whole : null;
	}

	/**
	 * Split while nobody else does.
	 *
	 * @param int   $id     The order.
	 * @param array $wanted Lines, each with the quantity that is known of it and how much of that waits.
	 * @return WP_REST_Response|WP_Error
	 */
	private static function alone( $id, $wanted ) {
		$order = wc_get_order( $id );
		if ( ! $order instanceof WC_Order || 'shop_order' !== $order->get_type() ) {
			return self::refused( 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', 404 );
		}
		if ( $order->get_meta( self::INTO ) ) {
			return new WP_REST_Response( array( 'id' => (int) $order->get_meta( self::INTO ) ), 200 );
		}
		$why_not = self::why_not( $order, $wanted );
		if ( is_wp_error( $why_not ) ) {
			return $why_not;
		}
		wc_transaction_query( 'start' );
		try {
			$part = self::moved( $order, $wanted );
			if ( $order->get_total() < $order->get_total_refunded() || $part->get_total() < 0 ) {
				throw new RuntimeException( 'more was given back than what stays has cost' );
			}
		} catch ( Throwable $error ) {
			wc_transaction_query( 'rollback' );
			wp_cache_flush();
			return self::refused( 'backorder_cannot', 'The order could not be split: ' . $error->getMessage(), 422 );
		}
		wc_transaction_query( 'commit' );
		return new WP_REST_Response( array( 'id' => $part->get_id() ), 201 );
	}

	/**
	 * Whether an order can be split so.
	 *
	 * @param WC_Order $order  The order.
	 * @param array    $wanted Lines, each with the quantity that is known of it and how much of that waits.
	 * @return true|WP_Error
	 */
	private static function why_not( $order, $wanted ) {
		if ( ! $order->has_status( 'processing' ) || $order->get_meta( self::OF ) ) {
			return self::refused( 'backorder_not_now', 'Only an order that is being processed can be split, and only once.', 409 );
		}
		$left = 0;
		foreach ( $order->get_items() as $item ) {
			$left += self::left( $order, $item );
		}
		foreach ( $wanted as $one ) {
			$item = $order->get_item( $one['id'] );
			if ( ! $item instanceof WC_Order_Item_Product || self::left( $order, $item ) !== $one['quantity'] || $one['waiting'] > $one['quantity'] ) {
				return self::refused( 'backorder_not_now', 'The order has changed meanwhile.', 409 );
			}
			foreach ( self::TOGETHER as $key ) {
				if ( '' !== $item->get_meta( $key ) ) {
					return self::refused( 'backorder_cannot', 'A line belongs to a bundle, whose parts stay together.', 422 );
				}
			}
			$left -= $one['waiting'];
		}
		return $left > 0 ? true : self::refused( 'backorder_not_now', 'Nothing would stay in the order.', 409 );
	}

	/**
	 * Units of a line that were not given back.
	 *
	 * @param WC_Order      $order The order.
	 * @param WC_Order_Item $item  The line.
	 * @return int|float
	 */
	private static function left( $order, $item ) {
		return $item->get_quantity() - abs( $order->get_qty_refunded_for_item( $item->get_id() ) );
	}

	/**
	 * Move what waits.
	 *
	 * @param WC_Order $order  The order.
	 * @param array    $wanted What waits.
	 * @return WC_Order The new order.
	 */
	private static function moved( $order, $wanted ) {
		$part  = self::made( $order );
		$bills = array();
		foreach ( $wanted as $one ) {
			$item    = $order->get_item( $one['id'] );
			$bills[] = Backorder_Notices_Share::of( self::bill( $order, $item ), $one['waiting'], wc_get_price_decimals() );
			self::move( $order, $item, $part, end( $bills ), $one['waiting'] );
		}
		self::sum_up( $order, $part, Backorder_Notices_Share::sum( $bills, wc_get_price_decimals() ) );
		$order->update_meta_data( self::INTO, (string) $part->get_id() );
		$order->save();
		/* translators: %s: order number. */
		$order->add_order_note( sprintf( __( 'What is not here yet has been moved to order %s.', 'backorder-notices' ), $part->get_order_number() ) );
		/* translators: %s: order number. */
		$part->add_order_note( sprintf( __( 'Moved here from order %s until it can ship. It is paid with that order.', 'backorder-notices' ), $order->get_order_number() ) );
		return $part;
	}

	/**
	 * The new order, without lines. It begins as what the other is: a change of its status would send mails, take stock and money.
	 *
	 * @param WC_Order $order The order.
	 * @return WC_Order
	 */
	private static function made( $order ) {
		$part = new WC_Order();
		$part->set_object_read( false );
		$part->set_status( $order->get_status() );
		$part->set_object_read( true );
		$part->set_parent_id( $order->get_id() );
		$part->set_created_via( 'backorder-notices' );
		foreach ( array( 'currency', 'customer_id', 'customer_note', 'payment_method', 'payment_method_title', 'transaction_id', 'prices_include_tax', 'date_created', 'date_paid' ) as $name ) {
			$part->{"set_$name"}( $order->{"get_$name"}( 'edit' ) );
		}
		$part->set_address( $order->get_address( 'billing' ), 'billing' );
		$part->set_address( $order->get_address( 'shipping' ), 'shipping' );
		foreach ( $order->get_meta_data() as $entry ) {
			if ( self::goes_along( $entry->key ) ) {
				$part->add_meta_data( $entry->key, $entry->value );
			}
		}
		$part->update_meta_data( self::OF, (string) $order->get_id() );
		$part->set_order_stock_reduced( $order->get_order_stock_reduced( 'edit' ) );
		$part->set_recorded_sales( true );
		$part->set_download_permissions_granted( true );
		$part->set_new_order_email_sent( true );
		$part->save();
		return $part;
	}

	/**
	 * Whether an entry of an order is also the new order's: hidden ones are other plugins' bookkeeping, of one payment.
	 *
	 * @param string $key Its name.
	 * @return bool
	 */
	private static function goes_along( $key ) {
		return (bool) apply_filters( 'backorder_notices_split_meta', '_' !== substr( $key, 0, 1 ), $key );
	}

	/**
	 * What a line has cost, less what was given back of it.
	 *
	 * @param WC_Order              $order The order.
	 * @param WC_Order_Item_Product $item  The line.
	 * @return array As Backorder_Notices_Share takes it.
	 */
	private static function bill( $order, $item ) {
		$taxes = $item->get_taxes();
		$bill  = array(
			'units'    => self::left( $order, $item ),
			'total'    => (float) $item->get_total() - (float) $order->get_total_refunded_for_item( $item->get_id() ),
			'discount' => (float) $item->get_subtotal() - (float) $item->get_total(),
			'taxes'    => array(),
			'lifted'   => array(),
		);
		foreach ( $taxes['total'] as $rate => $tax ) {
			$subtotal                = isset( $taxes['subtotal'][ $rate ] ) ? (float) $taxes['subtotal'][ $rate ] : (float) $tax;
			$bill['taxes'][ $rate ]  = (float) $tax - (float) $order->get_tax_refunded_for_item( $item->get_id(), $rate );
			$bill['lifted'][ $rate ] = $subtotal - (float) $tax;
		}
		return $bill;
	}

	/**
	 * Move units of a line, with what they have cost and what they have taken from the stock.
	 *
	 * @param WC_Order              $order The order.
	 * @param WC_Order_Item_Product $item  The line.
	 * @param WC_Order              $part  The new order.
	 * @param array                 $bill  What the units have cost.
	 * @param int                   $units How many.
	 */
	private static function move( $order, $item, $part, $bill, $units ) {
		$new = new WC_Order_Item_Product();
		$new->set_props( array_intersect_key( $item->get_data(), array_flip( array( 'name', 'product_id', 'variation_id', 'tax_class' ) ) ) );
		$called = apply_filters( 'woocommerce_backordered_item_meta_name', __( 'Backordered', 'woocommerce' ), $item ); // phpcs:ignore WordPress.WP.I18n.TextDomainMismatch
		foreach ( $item->get_meta_data() as $entry ) {
			if ( ! in_array( $entry->key, array( '_reduced_stock', '_restock_refunded_items', $called ), true ) ) {
				$new->add_meta_data( $entry->key, $entry->value );
			}
		}
		$new->add_meta_data( self::LINE, (string) $item->get_id(), true );
		self::set( $new, $units, $bill );
		$reduced = $item->get_meta( '_reduced_stock' );
		$taken   = '' === $reduced ? 0 : min( $units, (int) $reduced );
		if ( $taken > 0 ) {
			$new->add_meta_data( '_reduced_stock', $taken, true );
		}
		$part->add_item( $new );
		if ( (float) $units === (float) $item->get_quantity() ) {
			$order->remove_item( $item->get_id() );
			return;
		}
		self::set( $item, $item->get_quantity() - $units, Backorder_Notices_Share::rest( $item->get_data(), $bill ) );
		$item->delete_meta_data( $called );
		if ( $taken > 0 ) {
			$item->update_meta_data( '_reduced_stock', (int) $reduced - $taken );
		}
		$item->save();
	}

	/**
	 * Set quantity and amounts of a line.
	 *
	 * @param WC_Order_Item_Product $item  The line.
	 * @param int|float             $units How many.
	 * @param array                 $bill  What they have cost.
	 */
	private static function set( $item, $units, $bill ) {
		$item->set_quantity( $units );
		$item->set_subtotal( $bill['total'] + $bill['discount'] );
		$item->set_total( $bill['total'] );
		$subtotals = array();
		foreach ( $bill['taxes'] as $rate => $tax ) {
			$subtotals[ $rate ] = $tax + $bill['lifted'][ $rate ];
		}
		$item->set_taxes(
			array(
				'total'    => $bill['taxes'],
				'subtotal' => $subtotals,
			)
		);
	}

	/**
	 * The sums of both orders: shipping, fees and coupons stay where they are.
	 *
	 * @param WC_Order $order The order.
	 * @param WC_Order $part  The new order.
	 * @param array    $sum   What has been moved, rounded.
	 */
	private static function sum_up( $order, $part, $sum ) {
		foreach ( $order->get_items( 'tax' ) as $tax ) {
			$moved = isset( $sum['taxes'][ $tax->get_rate_id() ] ) ? $sum['taxes'][ $tax->get_rate_id() ] : null;
			if ( null === $moved ) {
				continue;
			}
			$new = new WC_Order_Item_Tax();
			$new->set_props( array_intersect_key( $tax->get_data(), array_flip( array( 'name', 'rate_code', 'rate_id', 'label', 'compound', 'rate_percent' ) ) ) );
			$new->set_tax_total( $moved );
			$part->add_item( $new );
			$tax->set_tax_total( (float) $tax->get_tax_total() - $moved );
			$tax->save();
		}
		foreach ( array( 'cart_tax', 'discount_total', 'discount_tax', 'total' ) as $name ) {
			$part->{"set_$name"}( $sum[ $name ] );
			$order->{"set_$name"}( round( (float) $order->{"get_$name"}( 'edit' ) - $sum[ $name ], 6 ) );
		}
		$part->save();
	}

	/**
	 * A refusal, in words.
	 *
	 * @param string $code   For programs.
	 * @param string $words  For people.
	 * @param int    $status HTTP status.
	 * @return WP_Error
	 */
	private static function refused( $code, $words, $status ) {
		return new WP_Error( $code, $words, array( 'status' => $status ) );
	}
}
