"""Notices: recipients, registrations, the ledger, wordings, bulletins and calendars of people."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.orm import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "accounts_recipient",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("address_sealed", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column(
            "choices",
            json(),
            nullable=False,
        ),
        sa.Column("shows_titles", sa.Boolean(), nullable=False),
        sa.Column("phone_sealed", sa.Text(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (fingerprint IS NULL)",
            name=op.f("ck_accounts_recipient_one_identity"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_recipient_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_recipient")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_accounts_recipient_fingerprint")),
        sa.UniqueConstraint("user_id", name=op.f("uq_accounts_recipient_user_id")),
    )
    op.create_table(
        "accounts_wording",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.String(length=16), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_wording_updated_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("kind", "language", name=op.f("pk_accounts_wording")),
    )
    op.create_table(
        "accounts_registration",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("recipient_id", sa.String(length=16), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["accounts_recipient.id"],
            name=op.f("fk_accounts_registration_recipient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_registration")),
        sa.UniqueConstraint(
            "recipient_id",
            "subject_kind",
            "subject_id",
            name=op.f("uq_accounts_registration_recipient_id_subject_kind_subject_id"),
        ),
    )
    op.create_index(
        "ix_accounts_registration_asked", "accounts_registration", ["asked_at"], unique=False
    )
    op.create_index(
        "ix_accounts_registration_subject",
        "accounts_registration",
        ["subject_kind", "subject_id", "id"],
        unique=False,
    )
    op.create_table(
        "scheduler_calendar_feed",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("recipient_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["accounts_recipient.id"],
            name=op.f("fk_scheduler_calendar_feed_recipient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_calendar_feed")),
    )
    op.create_index(
        op.f("ix_scheduler_calendar_feed_recipient_id"),
        "scheduler_calendar_feed",
        ["recipient_id"],
        unique=False,
    )
    op.create_table(
        "accounts_notice",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("recipient_id", sa.String(length=16), nullable=False),
        sa.Column("occurrence", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("registration_id", sa.String(length=16), nullable=True),
        sa.Column(
            "facts",
            json(),
            nullable=False,
        ),
        sa.Column(
            "said",
            json(),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("give_up_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["accounts_recipient.id"],
            name=op.f("fk_accounts_notice_recipient_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["accounts_registration.id"],
            name=op.f("fk_accounts_notice_registration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_notice")),
        sa.UniqueConstraint(
            "recipient_id",
            "occurrence",
            "kind",
            "channel",
            "revision",
            name=op.f("uq_accounts_notice_recipient_id_occurrence_kind_channel_revision"),
        ),
    )
    op.create_index("ix_accounts_notice_due", "accounts_notice", ["state", "due_at"], unique=False)
    op.create_index(
        "ix_accounts_notice_occurrence", "accounts_notice", ["occurrence", "kind"], unique=False
    )
    op.create_index(
        op.f("ix_accounts_notice_registration_id"),
        "accounts_notice",
        ["registration_id"],
        unique=False,
    )
    op.create_index(
        "ix_accounts_notice_sent", "accounts_notice", ["recipient_id", "sent_at"], unique=False
    )
    op.create_table(
        "scheduler_bulletin",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "facts",
            json(),
            nullable=False,
        ),
        sa.Column(
            "seen",
            json(),
            nullable=False,
        ),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("pending_since", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_bulletin_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", name=op.f("pk_scheduler_bulletin")),
    )
    op.create_index(
        op.f("ix_scheduler_bulletin_changed_at"), "scheduler_bulletin", ["changed_at"], unique=False
    )
    op.create_index(
        op.f("ix_scheduler_bulletin_looked_at"), "scheduler_bulletin", ["looked_at"], unique=False
    )
    op.create_table(
        "scheduler_mailing",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column(
            "facts",
            json(),
            nullable=False,
        ),
        sa.Column("cursor", sa.String(length=16), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_mailing_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_mailing")),
        sa.UniqueConstraint(
            "livestream_id",
            "kind",
            "revision",
            name=op.f("uq_scheduler_mailing_livestream_id_kind_revision"),
        ),
    )
    op.create_index(
        "ix_scheduler_mailing_open", "scheduler_mailing", ["done_at", "due_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_scheduler_mailing_open", table_name="scheduler_mailing")
    op.drop_table("scheduler_mailing")
    op.drop_index(op.f("ix_scheduler_bulletin_looked_at"), table_name="scheduler_bulletin")
    op.drop_index(op.f("ix_scheduler_bulletin_changed_at"), table_name="scheduler_bulletin")
    op.drop_table("scheduler_bulletin")
    op.drop_index(op.f("ix_accounts_notice_registration_id"), table_name="accounts_notice")
    op.drop_index("ix_accounts_notice_sent", table_name="accounts_notice")
    op.drop_index("ix_accounts_notice_occurrence", table_name="accounts_notice")
    op.drop_index("ix_accounts_notice_due", table_name="accounts_notice")
    op.drop_table("accounts_notice")
    op.drop_index(
        op.f("ix_scheduler_calendar_feed_recipient_id"), table_name="scheduler_calendar_feed"
    )
    op.drop_table("scheduler_calendar_feed")
    op.drop_index("ix_accounts_registration_subject", table_name="accounts_registration")
    op.drop_index("ix_accounts_registration_asked", table_name="accounts_registration")
    op.drop_table("accounts_registration")
    op.drop_table("accounts_wording")
    op.drop_table("accounts_recipient")
