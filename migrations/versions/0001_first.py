"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.orm import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_audit",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=16), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column(
            "details",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_audit")),
    )
    op.create_index(
        op.f("ix_accounts_audit_actor_id"), "accounts_audit", ["actor_id"], unique=False
    )
    op.create_index(op.f("ix_accounts_audit_at"), "accounts_audit", ["at"], unique=False)
    op.create_index(
        "ix_accounts_audit_subject", "accounts_audit", ["subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "accounts_organisation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('company', 'hospital')", name=op.f("ck_accounts_organisation_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_organisation_slug")),
    )
    op.create_table(
        "accounts_role",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts_role")),
    )
    op.create_table(
        "accounts_user",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_user_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_user")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_user_fs_uniquifier")),
    )
    op.create_table(
        "catalog_topic",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "descriptions",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("risk", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_catalog_topic")),
    )
    op.create_table(
        "core_heartbeat",
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("role", "node", name=op.f("pk_core_heartbeat")),
    )
    op.create_table(
        "core_idempotency",
        sa.Column("actor_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "headers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", "route", name=op.f("pk_core_idempotency")),
    )
    op.create_index(
        op.f("ix_core_idempotency_expires_at"), "core_idempotency", ["expires_at"], unique=False
    )
    op.create_table(
        "core_limit",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "starts_at", name=op.f("pk_core_limit")),
    )
    op.create_table(
        "core_work",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "payload",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_core_work_progress")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_work")),
        sa.UniqueConstraint(
            "kind", "subject", "revision", name=op.f("uq_core_work_kind_subject_revision")
        ),
    )
    op.create_index("ix_core_work_due", "core_work", ["state", "due_at"], unique=False)
    op.create_table(
        "media_broadcast",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("window_seconds", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("interrupted_at", UtcDateTime(), nullable=True),
        sa.Column("end_requested_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column(
            "faults",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('idle', 'receiving', 'interrupted', 'ended')",
            name=op.f("ck_media_broadcast_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_broadcast")),
    )
    op.create_table(
        "accounts_membership",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('employee', 'hr', 'org_admin', 'representative')",
            name=op.f("ck_accounts_membership_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["accounts_organisation.id"],
            name=op.f("fk_accounts_membership_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_membership_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_membership")),
    )
    op.create_index(
        op.f("ix_accounts_membership_organisation_id"),
        "accounts_membership",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_accounts_membership_open",
        "accounts_membership",
        ["user_id", "organisation_id", "role"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "accounts_token",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_token_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_token")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_accounts_token_fingerprint")),
    )
    op.create_index(op.f("ix_accounts_token_user_id"), "accounts_token", ["user_id"], unique=False)
    op.create_table(
        "accounts_user_role",
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("role_name", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_name"], ["accounts_role.name"], name=op.f("fk_accounts_user_role_role_name")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_user_role_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role_name", name=op.f("pk_accounts_user_role")),
    )
    op.create_index(
        op.f("ix_accounts_user_role_role_name"), "accounts_user_role", ["role_name"], unique=False
    )
    op.create_table(
        "catalog_host",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "titles",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "institutions",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "departments",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "biographies",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("initials", sa.String(length=4), nullable=False),
        sa.Column("verified_until", UtcDateTime(), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["accounts_user.id"], name=op.f("fk_catalog_host_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_host")),
    )
    op.create_table(
        "media_asset",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "details",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_asset_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_asset")),
        sa.UniqueConstraint("broadcast_id", "kind", name=op.f("uq_media_asset_broadcast_id_kind")),
    )
    op.create_table(
        "media_ingest",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("packaged_at", UtcDateTime(), nullable=True),
        sa.Column("next_chunk", sa.Integer(), nullable=False),
        sa.Column(
            "shape",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_ingest_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_ingest")),
        sa.UniqueConstraint(
            "broadcast_id", "number", name=op.f("uq_media_ingest_broadcast_id_number")
        ),
    )
    op.create_table(
        "media_rendition",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target_duration", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("frame_rate", sa.Double(), nullable=False),
        sa.Column("codecs", sa.String(length=80), nullable=False),
        sa.Column("bandwidth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_rendition_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_rendition")),
        sa.UniqueConstraint(
            "broadcast_id", "name", name=op.f("uq_media_rendition_broadcast_id_name")
        ),
    )
    op.create_table(
        "streams_grant",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("place IN (0, 1)", name=op.f("ck_streams_grant_place")),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_streams_grant_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_streams_grant_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams_grant")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_streams_grant_fingerprint")),
        sa.UniqueConstraint(
            "user_id",
            "broadcast_id",
            "place",
            name=op.f("uq_streams_grant_user_id_broadcast_id_place"),
        ),
    )
    op.create_index(
        op.f("ix_streams_grant_broadcast_id"), "streams_grant", ["broadcast_id"], unique=False
    )
    op.create_index(
        op.f("ix_streams_grant_expires_at"), "streams_grant", ["expires_at"], unique=False
    )
    op.create_table(
        "catalog_livestream",
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
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("host_id", sa.String(length=16), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("local_start", sa.String(length=19), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("replay_policy", sa.String(length=13), nullable=False),
        sa.Column("auto_start", sa.Boolean(), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(visibility = 'organisation') = (organisation_id IS NOT NULL)",
            name=op.f("ck_catalog_livestream_organisation"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_catalog_livestream_lasts")),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_catalog_livestream_broadcast_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_livestream_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["catalog_host.id"], name=op.f("fk_catalog_livestream_host_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["accounts_organisation.id"],
            name=op.f("fk_catalog_livestream_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_livestream")),
        sa.UniqueConstraint("broadcast_id", name=op.f("uq_catalog_livestream_broadcast_id")),
    )
    op.create_index(
        op.f("ix_catalog_livestream_host_id"), "catalog_livestream", ["host_id"], unique=False
    )
    op.create_index(
        op.f("ix_catalog_livestream_organisation_id"),
        "catalog_livestream",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_catalog_livestream_programme",
        "catalog_livestream",
        ["visibility", "state", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalog_livestream_starts_at"), "catalog_livestream", ["starts_at"], unique=False
    )
    op.create_table(
        "media_run",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("ingest_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("base_us", sa.BigInteger(), nullable=False),
        sa.Column("program_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_run_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ingest_id"],
            ["media_ingest.id"],
            name=op.f("fk_media_run_ingest_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_run")),
        sa.UniqueConstraint(
            "broadcast_id", "number", name=op.f("uq_media_run_broadcast_id_number")
        ),
    )
    op.create_table(
        "catalog_livestream_topic",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("topic_slug", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_catalog_livestream_topic_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_slug"],
            ["catalog_topic.slug"],
            name=op.f("fk_catalog_livestream_topic_topic_slug"),
        ),
        sa.PrimaryKeyConstraint(
            "livestream_id", "topic_slug", name=op.f("pk_catalog_livestream_topic")
        ),
    )
    op.create_index(
        op.f("ix_catalog_livestream_topic_topic_slug"),
        "catalog_livestream_topic",
        ["topic_slug"],
        unique=False,
    )
    op.create_table(
        "media_init",
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("rendition_id", sa.String(length=16), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rendition_id"],
            ["media_rendition.id"],
            name=op.f("fk_media_init_rendition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["media_run.id"], name=op.f("fk_media_init_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "rendition_id", name=op.f("pk_media_init")),
        sa.UniqueConstraint("object_key", name=op.f("uq_media_init_object_key")),
    )
    op.create_table(
        "media_segment",
        sa.Column("rendition_id", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("starts_us", sa.BigInteger(), nullable=False),
        sa.Column("duration_us", sa.BigInteger(), nullable=False),
        sa.Column("program_at", UtcDateTime(), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("duration_us > 0", name=op.f("ck_media_segment_duration")),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_segment_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rendition_id"],
            ["media_rendition.id"],
            name=op.f("fk_media_segment_rendition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["media_run.id"], name=op.f("fk_media_segment_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rendition_id", "sequence", name=op.f("pk_media_segment")),
        sa.UniqueConstraint("object_key", name=op.f("uq_media_segment_object_key")),
    )
    op.create_index(
        "ix_media_segment_pending", "media_segment", ["uploaded_at", "broadcast_id"], unique=False
    )
    op.create_table(
        "streams_key",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("rotated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_key_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", name=op.f("pk_streams_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_streams_key_fingerprint")),
    )


def downgrade() -> None:
    op.drop_table("streams_key")
    op.drop_index("ix_media_segment_pending", table_name="media_segment")
    op.drop_table("media_segment")
    op.drop_table("media_init")
    op.drop_index(
        op.f("ix_catalog_livestream_topic_topic_slug"), table_name="catalog_livestream_topic"
    )
    op.drop_table("catalog_livestream_topic")
    op.drop_table("media_run")
    op.drop_index(op.f("ix_catalog_livestream_starts_at"), table_name="catalog_livestream")
    op.drop_index("ix_catalog_livestream_programme", table_name="catalog_livestream")
    op.drop_index(op.f("ix_catalog_livestream_organisation_id"), table_name="catalog_livestream")
    op.drop_index(op.f("ix_catalog_livestream_host_id"), table_name="catalog_livestream")
    op.drop_table("catalog_livestream")
    op.drop_index(op.f("ix_streams_grant_expires_at"), table_name="streams_grant")
    op.drop_index(op.f("ix_streams_grant_broadcast_id"), table_name="streams_grant")
    op.drop_table("streams_grant")
    op.drop_table("media_rendition")
    op.drop_table("media_ingest")
    op.drop_table("media_asset")
    op.drop_table("catalog_host")
    op.drop_index(op.f("ix_accounts_user_role_role_name"), table_name="accounts_user_role")
    op.drop_table("accounts_user_role")
    op.drop_index(op.f("ix_accounts_token_user_id"), table_name="accounts_token")
    op.drop_table("accounts_token")
    op.drop_index(
        "uq_accounts_membership_open",
        table_name="accounts_membership",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_accounts_membership_organisation_id"), table_name="accounts_membership")
    op.drop_table("accounts_membership")
    op.drop_table("media_broadcast")
    op.drop_index("ix_core_work_due", table_name="core_work")
    op.drop_table("core_work")
    op.drop_table("core_limit")
    op.drop_index(op.f("ix_core_idempotency_expires_at"), table_name="core_idempotency")
    op.drop_table("core_idempotency")
    op.drop_table("core_heartbeat")
    op.drop_table("catalog_topic")
    op.drop_table("accounts_user")
    op.drop_table("accounts_role")
    op.drop_table("accounts_organisation")
    op.drop_index("ix_accounts_audit_subject", table_name="accounts_audit")
    op.drop_index(op.f("ix_accounts_audit_at"), table_name="accounts_audit")
    op.drop_index(op.f("ix_accounts_audit_actor_id"), table_name="accounts_audit")
    op.drop_table("accounts_audit")
