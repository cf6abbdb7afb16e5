<?php
/**
 * How the connector finds out that this plugin is here.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

/**
 * A header in what the REST interface says about products: the connector then leaves the descriptions alone.
 */
final class Backorder_Notices_Status {

	/**
	 * Take part.
	 */
	public static function start() {
		add_filter( 'rest_post_dispatch', array( __CLASS__, 'sign' ), 10, 3 );
	}

	/**
	 * Put the version into the header.
	 *
	 * @param mixed           $response The answer.
	 * @param WP_REST_Server  $server   Who answers.
	 * @param WP_REST_Request $request  What was asked.
	 * @return mixed
	 */
	public static function sign( $response, $server, $request ) {
		if ( $response instanceof WP_HTTP_Response && 0 === strpos( $request->get_route(), '/wc/v3/products' ) ) {
			$response->header( 'X-Backorder-Notices', BACKORDER_NOTICES_VERSION );
		}
		return $response;
	}
}
