"""Every setting of a store in one table: name, default, how it is read and what it means."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from connector.domain import typed
from connector.domain.calendar import Handling
from connector.domain.entries import as_text, entries_of, entry
from connector.domain.errors import BadInput
from connector.domain.holidays import CALENDARS
from connector.domain.jurisdictions import JURISDICTIONS, Exemption
from connector.domain.segments import Trait, traits_of
from connector.domain.strategies import KEYS as STRATEGIES


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one store; each field is an entry of SETTINGS."""

    timezone: str = entry("UTC", typed.zone, "Time zone of the store: a day ends at its midnight.", dates=True)
    fill_order: str = entry(
        "first_come",
        typed.choice(*STRATEGIES),
        "Who gets the next unit: whoever ordered first, or another rule.",
        tuple(STRATEGIES),
        dates=True,
    )
    segments: str = entry(
        "",
        typed.segments,
        "With the rule segments: how each is treated, such as b2b=win,dtc=fill; one of win, gain, redistribute, fill"
        " and lose. A segment that is not named gains.",
        dates=True,
    )
    segment_of: str = entry(
        "",
        typed.traits,
        "What makes an order one of a segment: its customer's role, an entry (meta) of the order or of the account,"
        " with or without a value, such as role:wholesale=b2b,order:_vat_number=b2b,customer:tier:gold=vip. At"
        " Shopify entries are tags (customer:tag:trade=b2b), metafields (customer:custom.tier:gold=vip) and an"
        " order's attributes; a company is told by its id (company:1234=key), external_id, location, terms or"
        " metafields (company:terms:Net 30=net). An order's entries count before its customer, earlier rules before"
        " later ones; other companies' orders are b2b, guests and all others dtc. It holds for orders that come in or"
        " change from then on.",
    )
    classes: str = entry(
        "",
        typed.numbers(-1000, 1000),
        "With the rule priority: the class of each segment, such as b2b=10,dtc=0, higher first; an order's own"
        " priority counts before it.",
        dates=True,
    )
    sla_days: str = entry(
        "",
        typed.numbers(1, 3650),
        "With the rule nearest_deadline: within how many days each segment's orders are to ship, such as b2b=5; what"
        " was stated at the order, or else 30 days, counts where it is less.",
        dates=True,
    )
    partial_shipments: str = entry(
        "yes",
        typed.choice("yes", "no", "ask"),
        "Whether an order of which only a part is there ships in parts. no: it leaves when all of it is there, and"
        " its lines take the latest units that will do. ask: the same until the customer asks for what is there.",
        ("yes", "no", "ask"),
        dates=True,
    )
    hold_waiting: bool = entry(
        False,
        typed.yes_no,
        "Hold back in the store what is not there yet, so that nobody packs it, and put off goods that are scheduled"
        " for an earlier day than is promised (Shopify). What is held follows partial_shipments: only what waits, or"
        " all of an order until all of it is there. It is released when the units are there. A hold that you release"
        " by hand stays released until more units of its line wait.",
    )
    fulfil_by: bool = entry(
        False,
        typed.yes_no,
        "Set the date by which orders that wait have to be fulfilled in the store (Shopify): by sla_days where it"
        " names the order's segment, or else the promised date. A date that somebody else has set stays.",
    )
    location_names: str = entry(
        "",
        typed.locations,
        "What suppliers call your locations, such as EAST=Main Street,WEST=Warehouse 2 (Shopify). What a feed says is"
        " coming to a location goes to orders that ship from there; one that a feed calls by its own name needs no"
        " entry, and one that is none of yours counts as coming for all.",
        dates=True,
    )
    reserve_percent: int = entry(
        0,
        typed.whole(0, 100),
        "Percentage of all that is coming that is kept for orders that wait, and not offered to new buyers.",
    )
    reserved_references: str = entry(
        "",
        typed.one_line,
        "References of which everything is kept so, such as PO-7,PO-9.",
    )
    promise_quantile: float = entry(
        0.9,
        typed.share(0.5, 0.95),
        "How sure a promised date is to be: 0.9 is a date that nine of ten deliveries keep.",
        dates=True,
    )
    cold_start_days: int = entry(
        7,
        typed.whole(0, 60),
        "Days that are added, at 0.9, to the date of a supplier of whom nothing is known; 0 takes it at its word, and"
        " what is late is then promised for today, anew each day.",
        dates=True,
    )
    buffer_days: int = entry(
        0, typed.whole(0, 60), "Days that are added to every date, for whatever else may happen.", dates=True
    )
    handling_days: int = entry(
        0,
        typed.whole(0, 30),
        "Working days from the arrival of goods until parcels leave (no weekends, no holidays).",
        dates=True,
    )
    holidays: str = entry(
        "us",
        typed.choice(*CALENDARS),
        "Whose public holidays are no working days of yours: those of the United States (us), of England and Wales"
        " (uk), those that nearly all of the EU keeps (eu), or none. Terms of law keep the calendar of their law.",
        tuple(CALENDARS),
        dates=True,
    )
    cut_off: str = entry(
        "",
        typed.clock_time,
        "Time of day, in the store's time zone, from which the carrier takes no more parcels, such as 16:00: what is"
        " ready later, or on a day that is no working day, leaves on the next working day. Empty: no cut-off.",
        dates=True,
    )
    improve_days: int = entry(
        7,
        typed.whole(1, 365),
        "A promised date is only moved forward when it improves by at least this many days.",
        dates=True,
    )
    settle_seconds: int = entry(
        900,
        typed.whole(0, 3600),
        "When a stock count changes and no order explains it, the store is asked for its orders. Where it does not"
        " answer, wait this long before units are given out or taken back and customers are told.",
    )
    jurisdiction: str = entry(
        "none",
        typed.choice(*JURISDICTIONS),
        "The law that an order's delay is measured by: that of the customer's address (auto), one for all, or none.",
        tuple(JURISDICTIONS),
    )
    exempt_segments: str = entry(
        "",
        typed.segment_names,
        "Segments whose buyers are businesses that these laws do not protect, such as b2b. Empty: every order is"
        " covered.",
    )
    exempt_skus: str = entry(
        "",
        typed.exemptions,
        "SKUs that these laws leave out, and why, such as FERN-*=growing,SETUP=service: growing plants and seeds,"
        " services, or subscription (after its first shipment). A star at the end stands for any ending.",
    )
    listings_state_time: bool = entry(
        False,
        typed.yes_no,
        "The day that your listings name when something is ordered is the time to ship that you state, and laws of"
        " delays count by it instead of their 30 days, shorter or longer. Only where buyers see it before they order:"
        " in the product's text, by the companion plugin, or by the theme's block.",
    )
    terms_are_credit: bool = entry(
        False,
        typed.yes_no,
        "Orders that are sold on payment terms are those of buyers who applied to you for credit: where no time was"
        " stated, the FTC's rule then gives 50 days to ship instead of 30.",
    )
    approve_above: int = entry(
        0,
        typed.whole(0, 1_000_000),
        "A supplier's file that moves the dates of more orders than this waits for your approval; 0: none does.",
    )
    notify_customers: bool = entry(True, typed.yes_no, "Send customers the notices about their waiting orders.")
    tell_imported: bool = entry(
        False,
        typed.yes_no,
        "Send the first notice also for orders that were placed before the store was connected.",
    )
    offer_with: str = entry(
        "never",
        typed.choice("never", "backordered", "eta_changed"),
        "Give customers a discount code for their next order along with the first notice (backordered), or with the"
        " first that moves a date (eta_changed); one code for an order.",
        ("never", "backordered", "eta_changed"),
    )
    offer_percent: int = entry(
        10, typed.whole(1, 100), "Percentage that such a code takes off, once and for that customer."
    )
    offer_days: int = entry(90, typed.whole(1, 365), "Days until such a code expires.")
    cancellations: str = entry(
        "propose",
        typed.choice("propose", "automatic"),
        "What happens in the store once the law counts units as cancelled. propose: you are asked, and one click"
        " cancels them and gives the money back. automatic: it is done at once. Always the money itself, the way"
        " it came, never a voucher.",
        ("propose", "automatic"),
    )
    write_listings: bool = entry(True, typed.yes_no, "Write notice and date into the store's listings.")
    write_orders: bool = entry(
        True,
        typed.yes_no,
        "Write into the store's orders that wait how their lines stand and the customer's link. At WooCommerce the"
        " companion plugin shows them in the shop's own e-mails and under My account; at Shopify they are metafields"
        " of the order, which wants the app's right write_orders.",
    )
    order_notes: bool = entry(
        True,
        typed.yes_no,
        "Write a note for your people on an order of which a part can ship while the rest waits: an order note at"
        " WooCommerce; at Shopify a metafield of the order, and never its own note.",
    )
    split_orders: bool = entry(
        False,
        typed.yes_no,
        "Where a part of a paid order can ship and the rest waits, move the rest into an order of its own in the"
        " store, once, with what it has cost; shipping, fees and coupons stay. Promise, mails and legal clock stay"
        " those of one order (WooCommerce with the companion plugin).",
    )
    capture_filled: str = entry(
        "",
        typed.gateways,
        "Ids of payment methods that only reserve the money at first, such as stripe,ppcp-gateway: once all of an"
        " order is there its money is taken, whether or not it ever waited. At WooCommerce one that is on hold and"
        " not paid is moved on to processing for that. Empty: you move orders on yourself.",
    )
    captures: str = entry(
        "propose",
        typed.choice("never", "propose", "filled", "automatic"),
        "What happens to the money of orders that waited where the store says that it is still to be taken (Shopify:"
        " reserved, or by a payment method that the customer has left). propose: you are asked, and one click takes"
        " it. filled: it is taken once all of the order is there; before what is reserved lapses you are asked."
        " automatic: it is taken before that too. never: you take it yourself, and are not warned.",
        ("never", "propose", "filled", "automatic"),
    )
    capture_days: int = entry(
        2,
        typed.whole(1, 14),
        "How many days before reserved money lapses you are warned that the goods come later than that.",
    )
    dates_ahead: bool = entry(
        False,
        typed.yes_no,
        "Write the date of further units into the listings of what is in stock and sells beyond it: with the"
        " companion plugin the cart says what of it comes later.",
    )
    backorder_rule: str = entry(
        "never",
        typed.choice("never", "stop", "both"),
        "Whether the backorder policy of what is sold follows what is known of its supply. stop: what sells"
        " beyond its stock stops doing so while nothing with a date is on its way, or the limit is reached, and"
        " goes on afterwards. both: what does not sell beyond its stock does so too while something is on its way."
        " never: policies stay as they are, and those that were switched go back. What you change by hand stays.",
        ("never", "stop", "both"),
    )
    backorder_limit: int = entry(
        0,
        typed.whole(0, 1_000_000),
        "With backorder_rule: how many units of one stock may wait at the same time; 0: as many as are on their way.",
    )
    follow_transfers: bool = entry(
        False,
        typed.yes_no,
        "Count goods that the store's own transfers have on their way (Shopify) as supply: those that are ready to"
        " ship or under way, with the day of arrival that their shipment names. They are read within a quarter of an"
        " hour, and at every change; the app needs the rights to read transfers and shipments.",
        dates=True,
    )
    watch: bool = entry(True, typed.yes_no, "Learn how fast each product sells, and warn before it runs out.")
    watch_above: float = entry(
        0.2,
        typed.share(0.01, 0.99),
        "Warn when a product runs out before more can come with more than this probability: 0.2 is one in five.",
    )
    lead_days: int = entry(
        30,
        typed.whole(1, 365),
        "Days from ordering at a supplier until goods are here, where nothing is announced yet.",
    )
    staff_email: str = entry(
        "",
        typed.address,
        "Address that is written to when products are about to run out, when the store refuses us, when reserved"
        " money lapses before the goods come, and when a customer's data are asked for; empty: only at the desk.",
    )
    sender_name: str = entry("", typed.one_line, "Name that notices come from; empty: the store's name.")
    sender_email: str = entry(
        "", typed.address, "Address that notices come from; empty: the installation's address."
    )

    @property
    def stances(self) -> Mapping[str, str]:
        """How each segment is treated."""
        return {name: stance for name, _, stance in typed.parts(self.segments)}

    @property
    def traits(self) -> tuple[Trait, ...]:
        """What makes an order one of a segment."""
        return traits_of(self.segment_of)

    @property
    def ships_whole(self) -> bool:
        """Whether an order that says nothing else waits until all of it is there."""
        return self.partial_shipments != "yes"

    @property
    def ranks(self) -> Mapping[str, int]:
        """The class of each segment."""
        return {name: int(rank) for name, _, rank in typed.parts(self.classes)}

    @property
    def days_to_ship(self) -> Mapping[str, int]:
        """Within how many days each segment's orders are to ship."""
        return {name: int(days) for name, _, days in typed.parts(self.sla_days)}

    @property
    def businesses(self) -> frozenset[str]:
        """The segments of buyers that no law of delays protects."""
        return frozenset(part.strip() for part in self.exempt_segments.split(",")) - {""}

    def exemption_of(self, sku: str) -> Exemption | None:
        """Why the laws leave a SKU out; the first rule that fits counts."""
        fits = (why for pattern, _, why in typed.parts(self.exempt_skus) if _matches(pattern, sku))
        return next((Exemption(why) for why in fits), None)

    @property
    def reserved(self) -> frozenset[str]:
        """The references of which new buyers are offered nothing."""
        return frozenset(part.strip() for part in self.reserved_references.split(",")) - {""}

    @property
    def locations_named(self) -> Mapping[str, str]:
        """The store's own names of locations, by the words of suppliers."""
        return {word: name for word, _, name in typed.parts(self.location_names)}

    @property
    def authorising(self) -> frozenset[str]:
        """The payment methods whose money is taken once an order is filled."""
        return frozenset(part.strip() for part in self.capture_filled.split(",")) - {""}

    @property
    def handling(self) -> Handling:
        """What passes between goods that arrive and parcels that leave."""
        cut_off = time.fromisoformat(self.cut_off) if self.cut_off else None
        return Handling(self.handling_days, self.buffer_days, cut_off, self.holidays)

    @property
    def zone(self) -> ZoneInfo:
        """The store's time zone."""
        return ZoneInfo(self.timezone)


def _matches(pattern: str, sku: str) -> bool:
    return sku.startswith(pattern[:-1]) if pattern.endswith("*") else sku == pattern


SETTINGS = entries_of(Settings)


def read_settings(given: Mapping[str, Any]) -> Settings:
    """Settings from names and values (texts, or JSON's own types); BadInput names the entry that is wrong."""
    table = {one.name: one for one in SETTINGS}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in table:
            raise BadInput(f"settings.{name}: there is no such setting")
        try:
            values[name] = table[name].parse(as_text(value))
        except ValueError as error:
            raise BadInput(f"settings.{name}: {error}") from error
    return Settings(**values)


def readable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Of settings that were kept, those that can be read: an earlier version may have taken what means nothing."""
    found = {}
    for name, value in given.items():
        with contextlib.suppress(BadInput):
            read_settings({name: value})
            found[name] = value
    return found
