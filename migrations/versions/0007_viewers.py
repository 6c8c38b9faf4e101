"""Viewers: the room, questions, polls, answers, captions, accounts and what they follow."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.orm import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "accounts_challenge",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("ceremony", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_accounts_challenge")),
    )
    op.create_index(
        op.f("ix_accounts_challenge_expires_at"), "accounts_challenge", ["expires_at"], unique=False
    )
    op.create_table(
        "accounts_erasure",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("counts", json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_erasure")),
        sa.UniqueConstraint("user_id", name=op.f("uq_accounts_erasure_user_id")),
    )
    op.create_table(
        "accounts_consent",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_consent_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_consent")),
    )
    op.create_index(
        "uq_accounts_consent_open",
        "accounts_consent",
        ["user_id", "kind"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "accounts_passkey",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_passkey_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_accounts_passkey_credential_id")),
    )
    op.create_index(
        op.f("ix_accounts_passkey_user_id"), "accounts_passkey", ["user_id"], unique=False
    )
    op.create_table(
        "media_track_version",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("broadcast_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=9), nullable=False),
        sa.Column("cues", json(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["media_broadcast.id"],
            name=op.f("fk_media_track_version_broadcast_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_track_version")),
        sa.UniqueConstraint(
            "broadcast_id",
            "kind",
            "language",
            "number",
            name=op.f("uq_media_track_version_broadcast_id_kind_language_number"),
        ),
    )
    op.create_table(
        "accounts_mail_link",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("recipient_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("back_to", sa.String(length=300), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign_in', 'address')", name=op.f("ck_accounts_mail_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["accounts_recipient.id"],
            name=op.f("fk_accounts_mail_link_recipient_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_mail_link_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_mail_link")),
    )
    op.create_index(
        op.f("ix_accounts_mail_link_asked_at"), "accounts_mail_link", ["asked_at"], unique=False
    )
    op.create_index(
        op.f("ix_accounts_mail_link_recipient_id"),
        "accounts_mail_link",
        ["recipient_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_accounts_mail_link_user_id"), "accounts_mail_link", ["user_id"], unique=False
    )
    op.create_table(
        "streams_caption_check",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_caption_check_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "livestream_id", "language", "digest", name=op.f("pk_streams_caption_check")
        ),
    )
    op.create_table(
        "streams_live_caption",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_live_caption_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", "number", name=op.f("pk_streams_live_caption")),
    )
    op.create_table(
        "streams_poll",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("texts", json(), nullable=False),
        sa.Column("choices", json(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("counts", json(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed', 'released')", name=op.f("ck_streams_poll_state")
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_poll_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams_poll")),
    )
    op.create_index(
        op.f("ix_streams_poll_livestream_id"), "streams_poll", ["livestream_id"], unique=False
    )
    op.create_index(
        "uq_streams_poll_open",
        "streams_poll",
        ["livestream_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "streams_position",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("is_finished", sa.Boolean(), nullable=False),
        sa.Column("watched_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_streams_position_seconds")),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_position_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner", "livestream_id", name=op.f("pk_streams_position")),
    )
    op.create_table(
        "streams_question",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("participant", sa.String(length=64), nullable=True),
        sa.Column("pseudonym", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.String(length=16), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("edit_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_sealed", sa.Text(), nullable=False),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.Column("on_air_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.String(length=16), nullable=True),
        sa.Column("read_until", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)",
            name=op.f("ck_streams_question_merged"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'held', 'approved', 'on_air', 'answered', 'private', 'merged', 'refused', 'withdrawn')",
            name=op.f("ck_streams_question_state"),
        ),
        sa.CheckConstraint(
            "tier <> 'high' OR state NOT IN ('approved', 'on_air', 'answered', 'merged')",
            name=op.f("ck_streams_question_high_is_never_shown"),
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_question_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["streams_question.id"],
            name=op.f("fk_streams_question_merged_into_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams_question")),
        sa.UniqueConstraint("edit_fingerprint", name=op.f("uq_streams_question_edit_fingerprint")),
    )
    op.create_index(
        op.f("ix_streams_question_merged_into_id"),
        "streams_question",
        ["merged_into_id"],
        unique=False,
    )
    op.create_index(
        "ix_streams_question_room",
        "streams_question",
        ["livestream_id", "state", "votes"],
        unique=False,
    )
    op.create_index(
        "uq_streams_question_on_air",
        "streams_question",
        ["livestream_id"],
        unique=True,
        sqlite_where=sa.text("state = 'on_air'"),
        postgresql_where=sa.text("state = 'on_air'"),
    )
    op.create_table(
        "streams_room",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("destroyed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_room_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", name=op.f("pk_streams_room")),
    )
    op.create_table(
        "streams_room_name",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("participant", sa.String(length=64), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_room_name_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", "participant", name=op.f("pk_streams_room_name")),
        sa.UniqueConstraint(
            "livestream_id", "code", name=op.f("uq_streams_room_name_livestream_id_code")
        ),
    )
    op.create_table(
        "streams_answer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("question_id", sa.String(length=16), nullable=True),
        sa.Column("titles", json(), nullable=False),
        sa.Column("texts", json(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("reviewer_id", sa.String(length=16), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_streams_answer_lasts")),
        sa.CheckConstraint(
            "published_at IS NULL OR reviewed_at IS NOT NULL",
            name=op.f("ck_streams_answer_reviewed"),
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_streams_answer_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["streams_question.id"],
            name=op.f("fk_streams_answer_question_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["accounts_user.id"],
            name=op.f("fk_streams_answer_reviewer_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams_answer")),
        sa.UniqueConstraint("question_id", name=op.f("uq_streams_answer_question_id")),
    )
    op.create_index(
        "ix_streams_answer_livestream",
        "streams_answer",
        ["livestream_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "streams_poll_vote",
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("participant", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"],
            ["streams_poll.id"],
            name=op.f("fk_streams_poll_vote_poll_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("poll_id", "participant", name=op.f("pk_streams_poll_vote")),
    )
    op.create_table(
        "streams_question_alert",
        sa.Column("question_id", sa.String(length=16), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("crew_told_at", UtcDateTime(), nullable=True),
        sa.Column("staff_told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["streams_question.id"],
            name=op.f("fk_streams_question_alert_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_streams_question_alert")),
    )
    op.create_table(
        "streams_question_handed",
        sa.Column("question_id", sa.String(length=16), nullable=False),
        sa.Column("handed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["streams_question.id"],
            name=op.f("fk_streams_question_handed_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_streams_question_handed")),
    )
    op.create_table(
        "streams_question_vote",
        sa.Column("question_id", sa.String(length=16), nullable=False),
        sa.Column("participant", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["streams_question.id"],
            name=op.f("fk_streams_question_vote_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "question_id", "participant", name=op.f("pk_streams_question_vote")
        ),
    )


def downgrade() -> None:
    op.drop_table("streams_question_vote")
    op.drop_table("streams_question_handed")
    op.drop_table("streams_question_alert")
    op.drop_table("streams_poll_vote")
    op.drop_index("ix_streams_answer_livestream", table_name="streams_answer")
    op.drop_table("streams_answer")
    op.drop_table("streams_room_name")
    op.drop_table("streams_room")
    op.drop_index(
        "uq_streams_question_on_air",
        table_name="streams_question",
        sqlite_where=sa.text("state = 'on_air'"),
        postgresql_where=sa.text("state = 'on_air'"),
    )
    op.drop_index("ix_streams_question_room", table_name="streams_question")
    op.drop_index(op.f("ix_streams_question_merged_into_id"), table_name="streams_question")
    op.drop_table("streams_question")
    op.drop_table("streams_position")
    op.drop_index(
        "uq_streams_poll_open",
        table_name="streams_poll",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_streams_poll_livestream_id"), table_name="streams_poll")
    op.drop_table("streams_poll")
    op.drop_table("streams_live_caption")
    op.drop_table("streams_caption_check")
    op.drop_index(op.f("ix_accounts_mail_link_user_id"), table_name="accounts_mail_link")
    op.drop_index(op.f("ix_accounts_mail_link_recipient_id"), table_name="accounts_mail_link")
    op.drop_index(op.f("ix_accounts_mail_link_asked_at"), table_name="accounts_mail_link")
    op.drop_table("accounts_mail_link")
    op.drop_table("media_track_version")
    op.drop_index(op.f("ix_accounts_passkey_user_id"), table_name="accounts_passkey")
    op.drop_table("accounts_passkey")
    op.drop_index(
        "uq_accounts_consent_open",
        table_name="accounts_consent",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("accounts_consent")
    op.drop_table("accounts_erasure")
    op.drop_index(op.f("ix_accounts_challenge_expires_at"), table_name="accounts_challenge")
    op.drop_table("accounts_challenge")
