"""A ledger that is only added to"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from connector.domain.chain import BEGINNING, seal, stamp

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STAYS = """
create function ledger_stays() returns trigger language plpgsql as $$
begin
    if current_setting('backorder.erasing', true) = 'yes' then
        if tg_op = 'DELETE' then
            return old;
        elsif tg_op = 'UPDATE' and new.personal is null
            and to_jsonb(new) - 'personal' = to_jsonb(old) - 'personal' then
            return new;
        end if;
    end if;
    raise exception 'the promise ledger is only added to';
end
$$
"""


def upgrade() -> None:
    op.add_column("ledger", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("ledger", sa.Column("personal", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("ledger", sa.Column("seal", sa.Text(), nullable=True))
    _seal_what_is_there()
    op.execute('delete from ledger where "order" is null')
    for name in ("order", "number", "seal"):
        op.alter_column("ledger", name, nullable=False)
    op.create_unique_constraint("uq_ledger_place", "ledger", ["store", "order", "number"])
    op.drop_index("ix_ledger_order", table_name="ledger")
    op.execute(STAYS)
    op.execute(
        "create trigger ledger_stays before update or delete on ledger for each row execute function ledger_stays()"
    )
    op.execute(
        "create trigger ledger_not_emptied before truncate on ledger for each statement execute function ledger_stays()"
    )


def _seal_what_is_there() -> None:
    link = op.get_bind()
    known = sa.text(
        'select id, store, at, kind, "order", line, entry from ledger where "order" is not null order by id'
    )
    ends: dict[tuple[str, str], tuple[int, str]] = {}
    write = sa.text("update ledger set number = :number, seal = :seal where id = :id")
    for row in link.execute(known).all():
        number, previous = ends.get((row.store, row.order), (0, BEGINNING))
        sealed = seal(previous, number + 1, stamp(row.at), row.kind, row.order, row.line, row.entry)
        ends[row.store, row.order] = (number + 1, sealed)
        link.execute(write, {"number": number + 1, "seal": sealed, "id": row.id})
