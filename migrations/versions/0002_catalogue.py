"""Topic words, series, audiences, revisions; ladders, text tracks and uploads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.orm import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns have defaults in the database: the release before knows nothing of them.
    op.create_table(
        "catalog_series",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column(
            "titles",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "descriptions",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_series")),
    )
    op.create_table(
        "catalog_revision",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column(
            "content",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("author_id", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'published')", name=op.f("ck_catalog_revision_state")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_revision_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_revision")),
        sa.UniqueConstraint(
            "kind", "subject_id", "number", name=op.f("uq_catalog_revision_kind_subject_id_number")
        ),
    )
    op.create_index(
        "uq_catalog_revision_draft",
        "catalog_revision",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "media_text_track",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=9), nullable=False),
        sa.Column(
            "cues",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_text_track_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_text_track")),
        sa.UniqueConstraint(
            "broadcast_id",
            "kind",
            "language",
            name=op.f("uq_media_text_track_broadcast_id_kind_language"),
        ),
        sa.UniqueConstraint("object_key", name=op.f("uq_media_text_track_object_key")),
    )
    op.create_table(
        "media_upload",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("part_size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_upload_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_upload")),
    )
    op.create_index(
        op.f("ix_media_upload_broadcast_id"), "media_upload", ["broadcast_id"], unique=False
    )
    op.create_table(
        "media_upload_part",
        sa.Column("upload_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["media_upload.id"],
            name=op.f("fk_media_upload_part_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_media_upload_part")),
    )
    op.create_table(
        "catalog_livestream_audience",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_catalog_livestream_audience_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "livestream_id", "audience", name=op.f("pk_catalog_livestream_audience")
        ),
    )
    op.create_index(
        op.f("ix_catalog_livestream_audience_audience"),
        "catalog_livestream_audience",
        ["audience"],
        unique=False,
    )
    op.create_table(
        "catalog_series_member",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("series_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_catalog_series_member_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["catalog_series.id"],
            name=op.f("fk_catalog_series_member_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", name=op.f("pk_catalog_series_member")),
    )
    op.create_index(
        op.f("ix_catalog_series_member_series_id"),
        "catalog_series_member",
        ["series_id"],
        unique=False,
    )
    op.add_column("catalog_livestream", sa.Column("announced_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_catalog_livestream_updated", "catalog_livestream", ["updated_at"], unique=False
    )
    op.add_column(
        "catalog_topic",
        sa.Column(
            "words",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
            server_default="{}",
        ),
    )
    op.add_column(
        "catalog_topic",
        sa.Column("reviewed_by", sa.String(length=120), nullable=False, server_default=""),
    )
    op.add_column("catalog_topic", sa.Column("reviewed_at", UtcDateTime(), nullable=True))
    op.add_column("catalog_topic", sa.Column("review_due_at", UtcDateTime(), nullable=True))
    op.add_column("catalog_topic", sa.Column("updated_at", UtcDateTime(), nullable=True))
    op.add_column("core_work", sa.Column("log", sa.Text(), nullable=False, server_default=""))
    op.add_column("core_work", sa.Column("started_at", UtcDateTime(), nullable=True))
    op.add_column(
        "media_broadcast", sa.Column("generation", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("media_broadcast", sa.Column("generation_at", UtcDateTime(), nullable=True))
    op.add_column("media_broadcast", sa.Column("live_retired_at", UtcDateTime(), nullable=True))
    op.add_column(
        "media_rendition", sa.Column("generation", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("media_rendition", "generation")
    op.drop_column("media_broadcast", "live_retired_at")
    op.drop_column("media_broadcast", "generation_at")
    op.drop_column("media_broadcast", "generation")
    op.drop_column("core_work", "started_at")
    op.drop_column("core_work", "log")
    op.drop_column("catalog_topic", "updated_at")
    op.drop_column("catalog_topic", "review_due_at")
    op.drop_column("catalog_topic", "reviewed_at")
    op.drop_column("catalog_topic", "reviewed_by")
    op.drop_column("catalog_topic", "words")
    op.drop_index("ix_catalog_livestream_updated", table_name="catalog_livestream")
    op.drop_column("catalog_livestream", "announced_at")
    op.drop_index(op.f("ix_catalog_series_member_series_id"), table_name="catalog_series_member")
    op.drop_table("catalog_series_member")
    op.drop_index(
        op.f("ix_catalog_livestream_audience_audience"), table_name="catalog_livestream_audience"
    )
    op.drop_table("catalog_livestream_audience")
    op.drop_table("media_upload_part")
    op.drop_index(op.f("ix_media_upload_broadcast_id"), table_name="media_upload")
    op.drop_table("media_upload")
    op.drop_table("media_text_track")
    op.drop_index(
        "uq_catalog_revision_draft",
        table_name="catalog_revision",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_table("catalog_revision")
    op.drop_table("catalog_series")
