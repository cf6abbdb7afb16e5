<?php
/** The few functions and classes of WordPress and WooCommerce that the plugin calls; hooks are kept and run. */

define( 'ABSPATH', '/' );
$GLOBALS['hooks']    = array();
$GLOBALS['products'] = array();

function add_filter( $name, $run, $priority = 10, $arguments = 1 ) {
	$GLOBALS['hooks'][ $name ][] = array( $run, $arguments );
}
function add_action( $name, $run, $priority = 10, $arguments = 1 ) {
	add_filter( $name, $run, $priority, $arguments );
}
function apply_filters( $name, $value, ...$more ) {
	foreach ( $GLOBALS['hooks'][ $name ] ?? array() as list( $run, $arguments ) ) {
		$value = call_user_func_array( $run, array_slice( array_merge( array( $value ), $more ), 0, $arguments ) );
	}
	return $value;
}
function do_action( $name, ...$given ) {
	ob_start();
	foreach ( $GLOBALS['hooks'][ $name ] ?? array() as list( $run, $arguments ) ) {
		call_user_func_array( $run, array_slice( $given, 0, $arguments ) );
	}
	return ob_get_clean();
}
function __( $text, $domain ) {
	return $text;
}
function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_url( $url ) {
	return htmlspecialchars( $url, ENT_QUOTES );
}
function esc_url_raw( $url ) {
	return $url;
}
function wp_strip_all_tags( $text ) {
	return trim( strip_tags( $text ) );
}
function number_format_i18n( $number ) {
	return number_format( $number );
}
function wp_timezone() {
	return new DateTimeZone( 'America/New_York' );
}
function wp_date( $format, $at = null ) {
	return ( new DateTime( '@' . ( $at ?? time() ) ) )->setTimezone( wp_timezone() )->format( $format );
}
function wc_date_format() {
	return 'j F Y';
}
function wc_get_product( $id ) {
	return $GLOBALS['products'][ $id ] ?? false;
}
function wc_format_decimal( $number, $places ) {
	return number_format( (float) $number, $places, '.', '' );
}
function wc_get_price_to_display( $product ) {
	return $product->price;
}
function wc_get_price_decimals() {
	return 2;
}
function get_woocommerce_currency() {
	return 'EUR';
}
function wc_get_order( $id ) {
	return $GLOBALS['orders'][ $id ] ?? false;
}
function wp_list_pluck( $rows, $name ) {
	return array_column( $rows, $name );
}
function load_plugin_textdomain() {}
function plugin_basename( $file ) {
	return basename( $file );
}

class WC_Product {
	public $id;
	public $price = '10';
	private $meta;
	private $stock;
	private $children;
	public function __construct( $id, array $meta = array(), $stock = null, array $children = array() ) {
		$this->id       = $id;
		$this->meta     = $meta;
		$this->stock    = $stock;
		$this->children = $children;
		$GLOBALS['products'][ $id ] = $this;
	}
	public function get_meta( $key ) {
		return $this->meta[ $key ] ?? '';
	}
	public function managing_stock() {
		return null !== $this->stock;
	}
	public function get_stock_quantity() {
		return $this->stock;
	}
	public function is_type( $type ) {
		return 'variable' === $type && array() !== $this->children;
	}
	public function get_visible_children() {
		return $this->children;
	}
	public function get_sku() {
		return 'SKU-' . $this->id;
	}
	public function get_permalink() {
		return 'https://shop.example/p/' . $this->id;
	}
}

class WC_Order_Item_Product {
	public $meta = array();
	private $quantity;
	private $id;
	public function __construct( $quantity, $id = 7 ) {
		$this->quantity = $quantity;
		$this->id       = $id;
	}
	public function get_id() {
		return $this->id;
	}
	public function update_meta_data( $key, $value ) {
		$this->meta[ $key ] = $value;
	}
	public function delete_meta_data( $key ) {
		unset( $this->meta[ $key ] );
	}
	public function save_meta_data() {}
	public function add_meta_data( $key, $value ) {
		$this->meta[ $key ] = $value;
	}
	public function get_meta( $key ) {
		return $this->meta[ $key ] ?? '';
	}
	public function get_quantity() {
		return $this->quantity;
	}
}

class WC_Order {
	private $status;
	private $meta;
	private $id;
	private $items;
	public function __construct( $status, array $meta = array(), $id = 1, array $items = array() ) {
		$this->status = $status;
		$this->meta   = $meta;
		$this->id     = $id;
		$this->items  = $items;
		$GLOBALS['orders'][ $id ] = $this;
	}
	public function get_id() {
		return $this->id;
	}
	public function get_items() {
		return $this->items;
	}
	public function get_meta( $key ) {
		return $this->meta[ $key ] ?? '';
	}
	public function has_status( array $any ) {
		return in_array( $this->status, $any, true );
	}
}

require $argv[1];
do_action( 'woocommerce_init' );
