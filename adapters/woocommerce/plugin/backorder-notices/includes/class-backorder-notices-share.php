<?php
/**
 * What some units of a line have cost.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * Amounts are shared so that both parts are together what they were.
 *
 * A bill is {units, total, discount, taxes: {rate: amount}, lifted: {rate: tax on the discount}}; what of an order was
 * not rounded to the cent stays so, on the side of what does not move.
 */
final class Backorder_Notices_Share {

	/**
	 * What some units have cost.
	 *
	 * @param array $bill  What all units have cost that were not given back.
	 * @param int   $units How many are asked for, at most all.
	 * @param int   $cents Places after the point.
	 * @return array A bill.
	 */
	public static function of( $bill, $units, $cents ) {
		if ( (float) $units === (float) $bill['units'] ) {
			return $bill;
		}
		$share = static function ( $amount ) use ( $bill, $units, $cents ) {
			return round( $amount * $units / $bill['units'], $cents );
		};
		return array(
			'units'    => $units,
			'total'    => $share( $bill['total'] ),
			'discount' => $share( $bill['discount'] ),
			'taxes'    => array_map( $share, $bill['taxes'] ),
			'lifted'   => array_map( $share, $bill['lifted'] ),
		);
	}

	/**
	 * What stays of a line.
	 *
	 * @param array $line  The data of a line as WooCommerce keeps it.
	 * @param array $moved The bill of what is moved.
	 * @return array A bill, without units.
	 */
	public static function rest( $line, $moved ) {
		$total = round( (float) $line['total'] - $moved['total'], 6 );
		$rest  = array(
			'total'    => $total,
			'discount' => round( (float) $line['subtotal'] - $moved['total'] - $moved['discount'] - $total, 6 ),
			'taxes'    => array(),
			'lifted'   => array(),
		);
		foreach ( $moved['taxes'] as $rate => $tax ) {
			$was                     = $line['taxes'];
			$rest['taxes'][ $rate ]  = round( (float) $was['total'][ $rate ] - $tax, 6 );
			$before                  = isset( $was['subtotal'][ $rate ] ) ? (float) $was['subtotal'][ $rate ] : (float) $was['total'][ $rate ];
			$rest['lifted'][ $rate ] = round( $before - $tax - $moved['lifted'][ $rate ] - $rest['taxes'][ $rate ], 6 );
		}
		return $rest;
	}

	/**
	 * What an order of these bills has cost.
	 *
	 * @param array $bills The bills of its lines.
	 * @param int   $cents Places after the point.
	 * @return array {taxes: {rate: amount}, cart_tax, discount_total, discount_tax, total}, rounded.
	 */
	public static function sum( $bills, $cents ) {
		$taxes  = array();
		$lifted = 0.0;
		foreach ( $bills as $bill ) {
			foreach ( $bill['taxes'] as $rate => $tax ) {
				$taxes[ $rate ] = ( isset( $taxes[ $rate ] ) ? $taxes[ $rate ] : 0.0 ) + $tax;
			}
			$lifted += array_sum( $bill['lifted'] );
		}
		$round = static function ( $amount ) use ( $cents ) {
			return round( $amount, $cents );
		};
		$taxes = array_map( $round, $taxes );
		$tax   = $round( array_sum( $taxes ) );
		return array(
			'taxes'          => $taxes,
			'cart_tax'       => $tax,
			'discount_total' => $round( array_sum( array_column( $bills, 'discount' ) ) ),
			'discount_tax'   => $round( $lifted ),
			'total'          => $round( array_sum( array_column( $bills, 'total' ) ) + $tax ),
		);
	}
}
