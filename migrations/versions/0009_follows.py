"""Follows: who follows a topic, a series or a host."""

import sqlalchemy as sa
from alembic import op

from core.orm import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SUBJECTS = {
    "topic_slug": ("catalog_topic.slug", 40),
    "series_id": ("catalog_series.id", 16),
    "host_id": ("catalog_host.id", 16),
}


def upgrade() -> None:
    one = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SUBJECTS)
    op.create_table(
        "catalog_follow",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        *(
            sa.Column(name, sa.String(length=length), nullable=True)
            for name, (_of, length) in SUBJECTS.items()
        ),
        *(
            sa.Column(name, UtcDateTime(), nullable=False)
            for name in ("since", "visited_at", "seen_at")
        ),
        sa.CheckConstraint(f"{one} = 1", name=op.f("ck_catalog_follow_one_subject")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_follow_user_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [of], name=op.f(f"fk_catalog_follow_{name}"), ondelete="CASCADE"
            )
            for name, (of, _length) in SUBJECTS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_follow")),
        *(
            sa.UniqueConstraint("user_id", name, name=op.f(f"uq_catalog_follow_user_id_{name}"))
            for name in SUBJECTS
        ),
    )
    for name in SUBJECTS:
        op.create_index(op.f(f"ix_catalog_follow_{name}"), "catalog_follow", [name], unique=False)


def downgrade() -> None:
    for name in SUBJECTS:
        op.drop_index(op.f(f"ix_catalog_follow_{name}"), table_name="catalog_follow")
    op.drop_table("catalog_follow")
