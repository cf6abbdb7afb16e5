"""A shop's products, and their stock by location."""

import hashlib
from collections.abc import Iterator

from adapters.shopify.practice.clock import Clock
from adapters.shopify.practice.records import Level, Metafield, Order, Policy, Product, Variant


class SoldOut(Exception):
    """A buyer wants more than there is, and the variant is not sold beyond its stock."""


class Catalogue:
    """Products, variants, locations. Every change moves the time of what it changed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_id = 1000
        self.products: dict[int, Product] = {}
        self.locations: dict[int, str] = {}
        self.first_location = self.add_location("Main Street")

    def new_id(self) -> int:
        """A number that no other thing in the shop has."""
        self._last_id += 1
        return self._last_id

    @property
    def variants(self) -> Iterator[Variant]:
        """All variants, the oldest first."""
        return (variant for product in self.products.values() for variant in product.variants)

    def variant(self, variant_id: int) -> Variant | None:
        """A variant by its id."""
        return next((variant for variant in self.variants if variant.id == variant_id), None)

    def by_sku(self, sku: str) -> Variant:
        """A variant by its SKU."""
        return next(variant for variant in self.variants if variant.sku == sku)

    def by_inventory_item(self, item: int) -> Variant | None:
        """A variant by the id of its inventory item."""
        return next((variant for variant in self.variants if variant.inventory_item == item), None)

    def add_location(self, name: str) -> int:
        """A location; its id."""
        location = self.new_id()
        self.locations[location] = name
        return location

    def add_product(self, title: str, status: str) -> Product:
        """A product that has no variants yet."""
        now = self._clock.now()
        handle = "-".join(title.lower().split())
        product = Product(self.new_id(), title, handle, status, now, now)
        self.products[product.id] = product
        return product

    def add_variant(
        self, product: Product, title: str, sku: str, available: int, price: str, policy: Policy, tracked: bool
    ) -> Variant:
        """A variant of the product, stocked at the first location."""
        now = self._clock.now()
        variant = Variant(
            self.new_id(), product, self.new_id(), title, sku, price, policy, tracked, now, now, item_updated_at=now
        )
        variant.levels[self.first_location] = Level(self.first_location, available, now)
        product.variants.append(variant)
        product.updated_at = now
        return variant

    def change_variant(self, variant: Variant, policy: Policy | None, tracked: bool | None, title: str) -> None:
        """Change what is given."""
        now = self._clock.now()
        variant.policy = policy or variant.policy
        variant.title = title or variant.title
        if tracked is not None:
            variant.tracked, variant.item_updated_at = tracked, now
        variant.updated_at = variant.product.updated_at = now

    def delete_product(self, product: Product) -> None:
        """Forget a product with its variants."""
        del self.products[product.id]

    def set_level(self, variant: Variant, location: int, available: int) -> None:
        """Set what is available at a location, which stocks the item from now on."""
        variant.levels[location] = Level(location, available, self._clock.now())

    def add_to_level(self, variant: Variant, location: int, units: int) -> None:
        """Add units at a location, or take them away."""
        self.set_level(variant, location, variant.levels[location].available + units)

    def deactivate(self, variant: Variant, location: int) -> None:
        """Stock the item no more at a location."""
        variant.levels[location].active = False
        variant.levels[location].updated_at = self._clock.now()

    def place_for(self, variant: Variant, units: int) -> int | None:
        """Where an order's units are taken from: a location that has them all, else the first one that may oversell.

        None for an item whose units are not counted. Raises SoldOut.
        """
        if not variant.tracked:
            return None
        active = [level for level in variant.levels.values() if level.active]
        full = [level.location for level in active if level.available >= units]
        if not full and variant.policy == "deny":
            raise SoldOut(variant.sku)
        return (full or [level.location for level in active])[0]

    def keep(self, variant: Variant | Order, key: str, kind: str, value: str) -> Metafield:
        """Store a metafield of a variant or an order."""
        before = variant.metafields.get(key)
        digest = hashlib.sha256(value.encode()).hexdigest()
        number = before.id if before else self.new_id()
        variant.metafields[key] = Metafield(number, key, kind, value, digest, self._clock.now())
        return variant.metafields[key]
