<?php
/**
 * How each line of an order stands.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads what the connector wrote with an order, and keeps it on the lines as well, where packing lists and exports look.
 */
final class Backorder_Notices_Lines {

	/**
	 * Meta of an order, written by the connector: how its lines stand, as JSON {line id: {"waiting": 3, "eta": date or null}}.
	 */
	const LINES = '_backorder_lines';

	/**
	 * Meta of a line: how many units of it wait, and until when.
	 */
	const WAITING = '_backorder_waiting';
	const PROMISE = '_backorder_promise';

	/**
	 * Take part.
	 */
	public static function start() {
		add_action( 'woocommerce_rest_insert_shop_order_object', array( __CLASS__, 'keep' ), 10, 2 );
		add_filter( 'woocommerce_hidden_order_itemmeta', array( __CLASS__, 'hide' ) );
	}

	/**
	 * The bare figures are not for the order's editor.
	 *
	 * @param array $keys Meta that is hidden there.
	 * @return array
	 */
	public static function hide( $keys ) {
		return array_merge( $keys, array( self::WAITING, self::PROMISE ) );
	}

	/**
	 * What the connector has just written goes onto the lines: only their meta, so that nothing is calculated anew.
	 *
	 * @param WC_Order        $order   The order.
	 * @param WP_REST_Request $request What was asked.
	 */
	public static function keep( $order, $request ) {
		$written = is_array( $request['meta_data'] ) ? wp_list_pluck( $request['meta_data'], 'key' ) : array();
		if ( ! in_array( self::LINES, $written, true ) ) {
			return;
		}
		foreach ( array_filter( array( $order, Backorder_Notices_Split::part( $order ) ) ) as $one ) {
			foreach ( $one->get_items() as $item ) {
				self::put( $item, self::of( $item, $one ) );
			}
		}
	}

	/**
	 * How a line stands.
	 *
	 * @param WC_Order_Item $item  The line.
	 * @param WC_Order      $order Its order.
	 * @return array|null array( units that wait, date or '' ); null where the connector has said nothing of the order.
	 */
	public static function of( $item, $order ) {
		$whole = Backorder_Notices_Split::whole( $order );
		$lines = json_decode( (string) ( $whole ? $whole : $order )->get_meta( self::LINES ), true );
		if ( ! is_array( $lines ) ) {
			return null;
		}
		$id   = (string) ( $whole ? $item->get_meta( Backorder_Notices_Split::LINE ) : $item->get_id() );
		$line = isset( $lines[ $id ] ) && is_array( $lines[ $id ] ) ? $lines[ $id ] : array();
		$all  = isset( $line['waiting'] ) ? (int) $line['waiting'] : 0;
		// What waits of an order that was split does so in the new one.
		$here = $whole ? min( $all, $item->get_quantity() ) : $all - self::elsewhere( $id, $order );
		return array( max( (int) $here, 0 ), Backorder_Notices_Promise::date( isset( $line['eta'] ) ? $line['eta'] : '' ) );
	}

	/**
	 * Units of a line that are in the order that was split off.
	 *
	 * @param string   $id    The line.
	 * @param WC_Order $order Its order.
	 * @return int|float
	 */
	private static function elsewhere( $id, $order ) {
		$part  = Backorder_Notices_Split::part( $order );
		$units = 0;
		foreach ( $part && ! $part->has_status( array( 'cancelled', 'refunded', 'trash' ) ) ? $part->get_items() : array() as $item ) {
			$units += (string) $item->get_meta( Backorder_Notices_Split::LINE ) === $id ? $item->get_quantity() : 0;
		}
		return $units;
	}

	/**
	 * Keep on a line how it stands; what waits no more says nothing.
	 *
	 * @param WC_Order_Item $item     The line.
	 * @param array|null    $standing How it stands.
	 */
	private static function put( $item, $standing ) {
		list( $waiting, $eta ) = $standing ? $standing : array( 0, '' );
		foreach ( array( self::WAITING => $waiting > 0 ? (string) $waiting : '', self::PROMISE => $waiting > 0 ? $eta : '' ) as $key => $value ) {
			if ( '' === $value ) {
				$item->delete_meta_data( $key );
			} else {
				$item->update_meta_data( $key, $value );
			}
		}
		$item->save_meta_data();
	}
}
