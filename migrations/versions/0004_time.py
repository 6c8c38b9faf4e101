"""Licences and time: applications, reservations, hours, slots, recurrences, substitutes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.orm import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    # Added columns have defaults in the database: the release before knows nothing of them.
    op.create_table(
        "scheduler_room",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("names", json(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_room")),
    )
    op.create_table(
        "scheduler_zone_data",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_scheduler_zone_data")),
    )
    op.create_table(
        "catalog_application",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answers", json(), nullable=False),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_application_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_application")),
        sa.UniqueConstraint("user_id", name=op.f("uq_catalog_application_user_id")),
    )
    op.create_index(
        "ix_catalog_application_queue",
        "catalog_application",
        ["state", "submitted_at"],
        unique=False,
    )
    op.create_table(
        "catalog_consent",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_consent_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_consent")),
        sa.UniqueConstraint(
            "user_id",
            "kind",
            "version",
            "given_at",
            name=op.f("uq_catalog_consent_user_id_kind_version_given_at"),
        ),
    )
    op.create_index(
        "ix_catalog_consent_person", "catalog_consent", ["user_id", "kind"], unique=False
    )
    op.create_table(
        "catalog_credential",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        sa.Column("number_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("valid_until", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=True),
        sa.Column("recheck_due_at", UtcDateTime(), nullable=True),
        sa.Column("lapse_told_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('psychiatrist', 'psychotherapist', 'counsellor')",
            name=op.f("ck_catalog_credential_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_credential_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_credential")),
    )
    op.create_index(
        "ix_catalog_credential_number", "catalog_credential", ["number_fingerprint"], unique=False
    )
    op.create_index(
        "ix_catalog_credential_recheck",
        "catalog_credential",
        ["state", "recheck_due_at"],
        unique=False,
    )
    op.create_index(
        "uq_catalog_credential_open",
        "catalog_credential",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'granted')"),
        postgresql_where=sa.text("state IN ('pending', 'granted')"),
    )
    op.create_table(
        "catalog_issuer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_issuer_added_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_issuer")),
        sa.UniqueConstraint("name", name=op.f("uq_catalog_issuer_name")),
    )
    op.create_table(
        "scheduler_person_time",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("previous", json(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "buffer_before BETWEEN 0 AND 120 AND buffer_after BETWEEN 0 AND 120",
            name=op.f("ck_scheduler_person_time_buffers"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_person_time_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_scheduler_person_time")),
    )
    op.create_index(
        op.f("ix_scheduler_person_time_timezone"),
        "scheduler_person_time",
        ["timezone"],
        unique=False,
    )
    op.create_table(
        "scheduler_reservation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.String(length=16), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (expires_at IS NOT NULL)",
            name=op.f("ck_scheduler_reservation_expiry"),
        ),
        sa.CheckConstraint(
            "buffer_before >= 0 AND buffer_after >= 0",
            name=op.f("ck_scheduler_reservation_buffers"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_scheduler_reservation_lasts")),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_reservation_holder_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_reservation")),
    )
    op.create_index(
        "ix_scheduler_reservation_expiry", "scheduler_reservation", ["expires_at"], unique=False
    )
    op.create_index(
        "ix_scheduler_reservation_unsure",
        "scheduler_reservation",
        ["starts_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('held', 'pending')"),
        postgresql_where=sa.text("state IN ('held', 'pending')"),
    )
    op.create_index(
        "ix_scheduler_reservation_subject",
        "scheduler_reservation",
        ["kind", "subject_id"],
        unique=False,
    )
    op.create_index(
        "uq_scheduler_reservation_standing",
        "scheduler_reservation",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('held', 'pending', 'confirmed')"),
        postgresql_where=sa.text("state IN ('held', 'pending', 'confirmed')"),
    )
    op.create_index(
        "ix_scheduler_reservation_when",
        "scheduler_reservation",
        ["starts_at", "ends_at"],
        unique=False,
    )
    op.create_table(
        "catalog_credential_check",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("credential_id", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("checked_by", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'refused')", name=op.f("ck_catalog_credential_check_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_credential_check_checked_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["catalog_credential.id"],
            name=op.f("fk_catalog_credential_check_credential_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_credential_check")),
    )
    op.create_index(
        op.f("ix_catalog_credential_check_credential_id"),
        "catalog_credential_check",
        ["credential_id"],
        unique=False,
    )
    op.create_index(
        "uq_catalog_credential_check_approver",
        "catalog_credential_check",
        ["credential_id", "checked_by"],
        unique=True,
        sqlite_where=sa.text("step IN ('first', 'second')"),
        postgresql_where=sa.text("step IN ('first', 'second')"),
    )
    op.create_index(
        "uq_catalog_credential_check_step",
        "catalog_credential_check",
        ["credential_id", "step"],
        unique=True,
        sqlite_where=sa.text("step IN ('first', 'second')"),
        postgresql_where=sa.text("step IN ('first', 'second')"),
    )
    op.create_table(
        "catalog_document",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.String(length=16), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("remove_at", UtcDateTime(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["catalog_application.id"],
            name=op.f("fk_catalog_document_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_document")),
        sa.UniqueConstraint("object_key", name=op.f("uq_catalog_document_object_key")),
    )
    op.create_index(
        op.f("ix_catalog_document_application_id"),
        "catalog_document",
        ["application_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalog_document_remove_at"), "catalog_document", ["remove_at"], unique=False
    )
    op.create_table(
        "catalog_host_language",
        sa.Column("host_id", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["catalog_host.id"],
            name=op.f("fk_catalog_host_language_host_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("host_id", "language", name=op.f("pk_catalog_host_language")),
    )
    op.create_index(
        op.f("ix_catalog_host_language_language"),
        "catalog_host_language",
        ["language"],
        unique=False,
    )
    op.create_table(
        "catalog_host_topic",
        sa.Column("host_id", sa.String(length=16), nullable=False),
        sa.Column("topic_slug", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["catalog_host.id"],
            name=op.f("fk_catalog_host_topic_host_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_slug"],
            ["catalog_topic.slug"],
            name=op.f("fk_catalog_host_topic_topic_slug"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("host_id", "topic_slug", name=op.f("pk_catalog_host_topic")),
    )
    op.create_index(
        op.f("ix_catalog_host_topic_topic_slug"), "catalog_host_topic", ["topic_slug"], unique=False
    )
    op.create_table(
        "catalog_roster",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("issuer_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("first_by", sa.String(length=16), nullable=True),
        sa.Column("second_by", sa.String(length=16), nullable=True),
        sa.Column("created_by", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_catalog_roster_two_people")),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_roster_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["first_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_roster_first_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["catalog_issuer.id"], name=op.f("fk_catalog_roster_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_roster_second_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_roster")),
        sa.UniqueConstraint("sha256", name=op.f("uq_catalog_roster_sha256")),
    )
    op.create_index(
        op.f("ix_catalog_roster_issuer_id"), "catalog_roster", ["issuer_id"], unique=False
    )
    op.create_table(
        "scheduler_cell",
        sa.Column("resource_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reservation_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["scheduler_reservation.id"],
            name=op.f("fk_scheduler_cell_reservation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resource_id", "number", name=op.f("pk_scheduler_cell")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_scheduler_cell_reservation_id"), "scheduler_cell", ["reservation_id"], unique=False
    )
    op.create_table(
        "scheduler_dated_hours",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "start_minute % 5 = 0 AND end_minute % 5 = 0",
            name=op.f("ck_scheduler_dated_hours_grid"),
        ),
        sa.CheckConstraint(
            "start_minute < end_minute OR (start_minute = 0 AND end_minute = 0)",
            name=op.f("ck_scheduler_dated_hours_lasts"),
        ),
        sa.CheckConstraint(
            "start_minute >= 0 AND end_minute <= 1440", name=op.f("ck_scheduler_dated_hours_day")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["scheduler_person_time.person_id"],
            name=op.f("fk_scheduler_dated_hours_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "day", "start_minute", name=op.f("pk_scheduler_dated_hours")
        ),
    )
    op.create_table(
        "scheduler_recurrence",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("series_id", sa.String(length=16), nullable=False),
        sa.Column("host_id", sa.String(length=16), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=True),
        sa.Column("local_time", sa.String(length=5), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(frequency = 'monthly') = (nth IS NOT NULL)", name=op.f("ck_scheduler_recurrence_nth")
        ),
        sa.CheckConstraint(
            "frequency IN ('weekly', 'monthly')", name=op.f("ck_scheduler_recurrence_frequency")
        ),
        sa.CheckConstraint("every BETWEEN 1 AND 12", name=op.f("ck_scheduler_recurrence_every")),
        sa.CheckConstraint(
            "nth IN (-1, 1, 2, 3, 4)", name=op.f("ck_scheduler_recurrence_nth_known")
        ),
        sa.CheckConstraint("times BETWEEN 1 AND 60", name=op.f("ck_scheduler_recurrence_times")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_scheduler_recurrence_weekday")),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_recurrence_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["catalog_host.id"],
            name=op.f("fk_scheduler_recurrence_host_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["catalog_series.id"],
            name=op.f("fk_scheduler_recurrence_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_recurrence")),
    )
    op.create_index(
        op.f("ix_scheduler_recurrence_host_id"), "scheduler_recurrence", ["host_id"], unique=False
    )
    op.create_index(
        op.f("ix_scheduler_recurrence_series_id"),
        "scheduler_recurrence",
        ["series_id"],
        unique=False,
    )
    op.create_table(
        "scheduler_reserved_resource",
        sa.Column("reservation_id", sa.String(length=16), nullable=False),
        sa.Column("resource_id", sa.String(length=16), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["scheduler_reservation.id"],
            name=op.f("fk_scheduler_reserved_resource_reservation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "reservation_id", "resource_id", name=op.f("pk_scheduler_reserved_resource")
        ),
    )
    op.create_index(
        "ix_scheduler_reserved_resource_when",
        "scheduler_reserved_resource",
        ["resource_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "scheduler_weekly_hours",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start_minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "start_minute % 5 = 0 AND end_minute % 5 = 0",
            name=op.f("ck_scheduler_weekly_hours_grid"),
        ),
        sa.CheckConstraint(
            "start_minute < end_minute", name=op.f("ck_scheduler_weekly_hours_lasts")
        ),
        sa.CheckConstraint(
            "start_minute >= 0 AND end_minute <= 1440", name=op.f("ck_scheduler_weekly_hours_day")
        ),
        sa.CheckConstraint(
            "weekday BETWEEN 0 AND 6", name=op.f("ck_scheduler_weekly_hours_weekday")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["scheduler_person_time.person_id"],
            name=op.f("fk_scheduler_weekly_hours_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "weekday", "start_minute", name=op.f("pk_scheduler_weekly_hours")
        ),
    )
    op.create_table(
        "catalog_roster_entry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("roster_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("answers", json(), nullable=False),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=16), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("join_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_by"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_roster_entry_checked_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["roster_id"],
            ["catalog_roster.id"],
            name=op.f("fk_catalog_roster_entry_roster_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_catalog_roster_entry_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_roster_entry")),
        sa.UniqueConstraint(
            "join_fingerprint", name=op.f("uq_catalog_roster_entry_join_fingerprint")
        ),
        sa.UniqueConstraint(
            "roster_id", "email", name=op.f("uq_catalog_roster_entry_roster_id_email")
        ),
    )
    op.create_table(
        "scheduler_duty",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("moderator_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("assigned_by", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_duty_assigned_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_duty_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_duty_moderator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_duty")),
    )
    op.create_index(
        "ix_scheduler_duty_livestream", "scheduler_duty", ["livestream_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_scheduler_duty_moderator_id"), "scheduler_duty", ["moderator_id"], unique=False
    )
    op.create_index(
        "uq_scheduler_duty_standing",
        "scheduler_duty",
        ["livestream_id", "moderator_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('assigned', 'accepted')"),
        postgresql_where=sa.text("state IN ('assigned', 'accepted')"),
    )
    op.create_table(
        "scheduler_occurrence",
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("recurrence_id", sa.String(length=16), nullable=False),
        sa.Column("original_local_start", sa.String(length=19), nullable=False),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_occurrence_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recurrence_id"],
            ["scheduler_recurrence.id"],
            name=op.f("fk_scheduler_occurrence_recurrence_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("livestream_id", name=op.f("pk_scheduler_occurrence")),
        sa.UniqueConstraint(
            "recurrence_id",
            "original_local_start",
            name=op.f("uq_scheduler_occurrence_recurrence_id_original_local_start"),
        ),
    )
    op.create_table(
        "scheduler_search",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("leaver_id", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("next_wave_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["leaver_id"],
            ["catalog_host.id"],
            name=op.f("fk_scheduler_search_leaver_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_search_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_search")),
    )
    op.create_index(
        "ix_scheduler_search_due", "scheduler_search", ["state", "next_wave_at"], unique=False
    )
    op.create_index(
        op.f("ix_scheduler_search_livestream_id"),
        "scheduler_search",
        ["livestream_id"],
        unique=False,
    )
    op.create_index(
        "uq_scheduler_search_open",
        "scheduler_search",
        ["livestream_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asking'"),
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_table(
        "scheduler_sent_back",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_sent_back_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_sent_back_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_sent_back")),
    )
    op.create_index(
        "ix_scheduler_sent_back_livestream",
        "scheduler_sent_back",
        ["livestream_id", "at"],
        unique=False,
    )
    op.create_table(
        "scheduler_slot",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("titles", json(), nullable=False),
        sa.Column("descriptions", json(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("local_start", sa.String(length=19), nullable=False),
        sa.Column("local_fold", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("room_id", sa.String(length=16), nullable=True),
        sa.Column("livestream_id", sa.String(length=16), nullable=True),
        sa.Column("published_by", sa.String(length=16), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'claimed') = (livestream_id IS NOT NULL)",
            name=op.f("ck_scheduler_slot_claimed"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_scheduler_slot_lasts")),
        sa.ForeignKeyConstraint(
            ["livestream_id"],
            ["catalog_livestream.id"],
            name=op.f("fk_scheduler_slot_livestream_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["accounts_user.id"],
            name=op.f("fk_scheduler_slot_published_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["scheduler_room.id"], name=op.f("fk_scheduler_slot_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_slot")),
        sa.UniqueConstraint("livestream_id", name=op.f("uq_scheduler_slot_livestream_id")),
    )
    op.create_index(
        "ix_scheduler_slot_open", "scheduler_slot", ["state", "starts_at"], unique=False
    )
    op.create_table(
        "scheduler_offer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("search_id", sa.String(length=16), nullable=False),
        sa.Column("host_id", sa.String(length=16), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reasons", json(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["catalog_host.id"],
            name=op.f("fk_scheduler_offer_host_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["scheduler_search.id"],
            name=op.f("fk_scheduler_offer_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_offer")),
        sa.UniqueConstraint(
            "search_id", "host_id", name=op.f("uq_scheduler_offer_search_id_host_id")
        ),
    )
    op.create_index(
        op.f("ix_scheduler_offer_host_id"), "scheduler_offer", ["host_id"], unique=False
    )
    op.create_index(
        "uq_scheduler_offer_accepted",
        "scheduler_offer",
        ["search_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_table(
        "scheduler_slot_topic",
        sa.Column("slot_id", sa.String(length=16), nullable=False),
        sa.Column("topic_slug", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slot_id"],
            ["scheduler_slot.id"],
            name=op.f("fk_scheduler_slot_topic_slot_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_slug"], ["catalog_topic.slug"], name=op.f("fk_scheduler_slot_topic_topic_slug")
        ),
        sa.PrimaryKeyConstraint("slot_id", "topic_slug", name=op.f("pk_scheduler_slot_topic")),
    )
    op.create_index(
        op.f("ix_scheduler_slot_topic_topic_slug"),
        "scheduler_slot_topic",
        ["topic_slug"],
        unique=False,
    )
    op.add_column(
        "catalog_host",
        sa.Column(
            "credential_kind", sa.String(length=15), nullable=False, server_default="psychiatrist"
        ),
    )
    op.add_column(
        "catalog_host", sa.Column("interests", json(), nullable=False, server_default="{}")
    )
    op.add_column("catalog_host", sa.Column("checked_at", UtcDateTime(), nullable=True))
    op.add_column(
        "catalog_host",
        sa.Column("checked_with", sa.String(length=120), nullable=False, server_default=""),
    )
    op.add_column(
        "catalog_host",
        sa.Column("licence_country", sa.String(length=2), nullable=False, server_default=""),
    )
    op.add_column("catalog_host", sa.Column("updated_at", UtcDateTime(), nullable=True))
    op.add_column(
        "catalog_livestream",
        sa.Column("local_fold", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "catalog_livestream",
        sa.Column("scope", sa.String(length=10), nullable=False, server_default="education"),
    )
    op.add_column("catalog_livestream", sa.Column("host_wanted_at", UtcDateTime(), nullable=True))
    # ### end Alembic commands ###


def downgrade() -> None:
    op.drop_column("catalog_livestream", "host_wanted_at")
    op.drop_column("catalog_livestream", "scope")
    op.drop_column("catalog_livestream", "local_fold")
    op.drop_column("catalog_host", "updated_at")
    op.drop_column("catalog_host", "licence_country")
    op.drop_column("catalog_host", "checked_with")
    op.drop_column("catalog_host", "checked_at")
    op.drop_column("catalog_host", "interests")
    op.drop_column("catalog_host", "credential_kind")
    op.drop_index(op.f("ix_scheduler_slot_topic_topic_slug"), table_name="scheduler_slot_topic")
    op.drop_table("scheduler_slot_topic")
    op.drop_index(
        "uq_scheduler_offer_accepted",
        table_name="scheduler_offer",
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.drop_index(op.f("ix_scheduler_offer_host_id"), table_name="scheduler_offer")
    op.drop_table("scheduler_offer")
    op.drop_index("ix_scheduler_slot_open", table_name="scheduler_slot")
    op.drop_table("scheduler_slot")
    op.drop_index("ix_scheduler_sent_back_livestream", table_name="scheduler_sent_back")
    op.drop_table("scheduler_sent_back")
    op.drop_index(
        "uq_scheduler_search_open",
        table_name="scheduler_search",
        sqlite_where=sa.text("state = 'asking'"),
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.drop_index(op.f("ix_scheduler_search_livestream_id"), table_name="scheduler_search")
    op.drop_index("ix_scheduler_search_due", table_name="scheduler_search")
    op.drop_table("scheduler_search")
    op.drop_table("scheduler_occurrence")
    op.drop_index(
        "uq_scheduler_duty_standing",
        table_name="scheduler_duty",
        sqlite_where=sa.text("state IN ('assigned', 'accepted')"),
        postgresql_where=sa.text("state IN ('assigned', 'accepted')"),
    )
    op.drop_index(op.f("ix_scheduler_duty_moderator_id"), table_name="scheduler_duty")
    op.drop_table("scheduler_duty")
    op.drop_table("catalog_roster_entry")
    op.drop_table("scheduler_weekly_hours")
    op.drop_index("ix_scheduler_reserved_resource_when", table_name="scheduler_reserved_resource")
    op.drop_table("scheduler_reserved_resource")
    op.drop_index(op.f("ix_scheduler_recurrence_series_id"), table_name="scheduler_recurrence")
    op.drop_index(op.f("ix_scheduler_recurrence_host_id"), table_name="scheduler_recurrence")
    op.drop_table("scheduler_recurrence")
    op.drop_table("scheduler_dated_hours")
    op.drop_index(op.f("ix_scheduler_cell_reservation_id"), table_name="scheduler_cell")
    op.drop_table("scheduler_cell")
    op.drop_index(op.f("ix_catalog_roster_issuer_id"), table_name="catalog_roster")
    op.drop_table("catalog_roster")
    op.drop_index(op.f("ix_catalog_host_topic_topic_slug"), table_name="catalog_host_topic")
    op.drop_table("catalog_host_topic")
    op.drop_index(op.f("ix_catalog_host_language_language"), table_name="catalog_host_language")
    op.drop_table("catalog_host_language")
    op.drop_index(op.f("ix_catalog_document_remove_at"), table_name="catalog_document")
    op.drop_index(op.f("ix_catalog_document_application_id"), table_name="catalog_document")
    op.drop_table("catalog_document")
    op.drop_index(
        "uq_catalog_credential_check_step",
        table_name="catalog_credential_check",
        sqlite_where=sa.text("step IN ('first', 'second')"),
        postgresql_where=sa.text("step IN ('first', 'second')"),
    )
    op.drop_index(
        "uq_catalog_credential_check_approver",
        table_name="catalog_credential_check",
        sqlite_where=sa.text("step IN ('first', 'second')"),
        postgresql_where=sa.text("step IN ('first', 'second')"),
    )
    op.drop_index(
        op.f("ix_catalog_credential_check_credential_id"), table_name="catalog_credential_check"
    )
    op.drop_table("catalog_credential_check")
    op.drop_index("uq_scheduler_reservation_standing", table_name="scheduler_reservation")
    op.drop_index("ix_scheduler_reservation_when", table_name="scheduler_reservation")
    op.drop_index("ix_scheduler_reservation_subject", table_name="scheduler_reservation")
    op.drop_index("ix_scheduler_reservation_unsure", table_name="scheduler_reservation")
    op.drop_index("ix_scheduler_reservation_expiry", table_name="scheduler_reservation")
    op.drop_table("scheduler_reservation")
    op.drop_index(op.f("ix_scheduler_person_time_timezone"), table_name="scheduler_person_time")
    op.drop_table("scheduler_person_time")
    op.drop_table("catalog_issuer")
    op.drop_index(
        "uq_catalog_credential_open",
        table_name="catalog_credential",
        sqlite_where=sa.text("state IN ('pending', 'granted')"),
        postgresql_where=sa.text("state IN ('pending', 'granted')"),
    )
    op.drop_index("ix_catalog_credential_recheck", table_name="catalog_credential")
    op.drop_index("ix_catalog_credential_number", table_name="catalog_credential")
    op.drop_table("catalog_credential")
    op.drop_index("ix_catalog_consent_person", table_name="catalog_consent")
    op.drop_table("catalog_consent")
    op.drop_index("ix_catalog_application_queue", table_name="catalog_application")
    op.drop_table("catalog_application")
    op.drop_table("scheduler_zone_data")
    op.drop_table("scheduler_room")
