"""One writer per store at a time, a database that may be away, and a schema that is what the code believes."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from connector.domain.errors import Retryable
from connector.pipeline.connector import Connector
from connector.pipeline.plan import Planned, plan
from connector.store import plans
from connector.store.engine import Database, lock_store, wait_for_store
from connector.store.fold import fold
from connector.store.scratch import scratch
from connector.store.shops import Shop
from connector.store.tables import metadata
from tests.conftest import NOW, open_shop
from tests.store.given import item, level, order


def test_of_two_writers_the_second_does_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(), level(available=-1), order()], NOW)
    with connector.db.begin() as first:
        assert lock_store(first, shop.id) is True
        with connector.db.begin() as second:
            assert lock_store(second, shop.id) is False
        assert plan(connector, shop.id) == Planned((), ())
    planned = plan(connector, shop.id)
    assert ([one.stock for one in planned.stocks], len(planned.notices)) == (["A"], 1)


def test_a_store_that_is_being_written_holds_up_no_other(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as first, connector.db.begin() as second:
        assert lock_store(first, shop.id) is True
        assert lock_store(second, other.id) is True


def test_the_same_writer_may_ask_twice_and_the_end_of_its_transaction_lets_go(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        assert lock_store(tx, shop.id) is True
        assert lock_store(tx, shop.id) is True
    with connector.db.begin() as tx:
        assert lock_store(tx, shop.id) is True


def test_who_waits_for_a_store_goes_on_when_it_is_free(connector: Connector, shop: Shop) -> None:
    waiting, through = Event(), Event()

    def wait() -> None:
        with connector.db.begin() as tx:
            waiting.set()
            wait_for_store(tx, shop.id)
            through.set()

    thread = Thread(target=wait)
    with connector.db.begin() as tx:
        lock_store(tx, shop.id)
        thread.start()
        assert waiting.wait(10)
        assert not through.is_set()
    assert through.wait(10)
    thread.join(10)


def test_a_database_that_is_away_is_a_reason_to_come_back() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Retryable, match=r"^the database cannot be reached$"), away.begin():
        pass
    away.close()


def test_a_connection_that_breaks_in_the_middle_is_a_reason_to_come_back(
    make_connector: Callable[..., Connector], database_url: str
) -> None:
    database = make_connector(database_url=database_url).db
    with pytest.raises(Retryable), database.begin() as tx:
        tx.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(Retryable), make_connector(database_url=database_url).db.begin() as tx:
        try:
            tx.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))
        except sa.exc.OperationalError:
            tx.execute(sa.text("select 1"))


def test_what_was_begun_and_failed_was_never_there(connector: Connector, shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), connector.db.begin() as tx:
        plans.mark_dirty(tx, shop.id, ["A"])
        _ = 1 / 0
    with connector.db.begin() as tx:
        assert plans.dirty_stocks(tx, shop.id, 9) == ()


def test_the_migrations_make_the_tables_that_the_code_believes_in(database: Database) -> None:
    with database.begin() as tx:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        assert compare_metadata(MigrationContext.configure(tx, opts=ours), metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()


def test_a_scratch_database_is_empty_migrated_and_gone_afterwards(connector: Connector, shop: Shop) -> None:
    names = sa.text("select datname from pg_database where datname like 'backorder_scratch_%'")
    with scratch(connector.db) as made:
        with made.begin() as tx:
            assert tx.scalar(sa.select(sa.func.count()).select_from(metadata.tables["stores"])) == 0
        with connector.db.begin() as tx:
            assert [sa.make_url(made.url).database] == list(tx.scalars(names))
    with connector.db.begin() as tx:
        assert list(tx.scalars(names)) == []


def test_a_database_that_somebody_works_in_is_not_cleared_up_whatever_its_name(connector: Connector) -> None:
    with scratch(connector.db) as demo, scratch(demo) as beside, beside.begin() as tx:
        assert tx.scalar(sa.text("select current_database()")) != demo.engine.url.database
        with demo.begin() as there:
            assert there.scalar(sa.text("select count(*) from stores")) == 0
