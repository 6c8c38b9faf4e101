"""Hand-outs of livestreams."""

import sqlalchemy as sa
from alembic import op

from core.orm import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "streams_handout",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("place BETWEEN 0 AND 4", name=op.f("ck_streams_handout_place")),
        sa.CheckConstraint(
            "kind IN ('pdf', 'png', 'jpeg', 'txt')", name=op.f("ck_streams_handout_kind")
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_handout_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams_handout")),
        sa.UniqueConstraint("object_key", name=op.f("uq_streams_handout_object_key")),
    )
    op.create_index(op.f("ix_streams_handout_livestream_id"), "streams_handout", ["livestream_id"])
    op.create_index(op.f("ix_streams_handout_removed_at"), "streams_handout", ["removed_at"])
    op.create_index(
        "uq_streams_handout_place",
        "streams_handout",
        ["livestream_id", "place"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("streams_handout")
