<?php
/**
 * Plugin Name:          Backorder Notices
 * Description:          Shows buyers what the Backorder Connector promises: on product pages, in the cart, in order e-mails and to search engines.
 * Version:              1.1.0
 * Requires at least:    6.0
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * WC requires at least: 8.9
 * License:              GPL-2.0-or-later
 * License URI:          https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:          backorder-notices
 * Domain Path:          /languages
 *
 * It shows what the connector wrote as meta data of products and orders, keeps the dates on the lines of orders, and
 * splits an order where the connector asks for it. There is nothing to set up.
 *
 * @package Backorder_Notices
 */

defined( 'ABSPATH' ) || exit;

define( 'BACKORDER_NOTICES_VERSION', '1.1.0' );

require_once __DIR__ . '/includes/class-backorder-notices-promise.php';
require_once __DIR__ . '/includes/class-backorder-notices-storefront.php';
require_once __DIR__ . '/includes/class-backorder-notices-share.php';
require_once __DIR__ . '/includes/class-backorder-notices-split.php';
require_once __DIR__ . '/includes/class-backorder-notices-lines.php';
require_once __DIR__ . '/includes/class-backorder-notices-orders.php';
require_once __DIR__ . '/includes/class-backorder-notices-search.php';
require_once __DIR__ . '/includes/class-backorder-notices-status.php';

add_action(
	'before_woocommerce_init',
	static function () {
		if ( class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', __FILE__, true );
		}
	}
);

add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'backorder-notices', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	}
);

add_action(
	'woocommerce_init',
	static function () {
		Backorder_Notices_Storefront::start();
		Backorder_Notices_Orders::start();
		Backorder_Notices_Lines::start();
		Backorder_Notices_Split::start();
		Backorder_Notices_Search::start();
		Backorder_Notices_Status::start();
	}
);
