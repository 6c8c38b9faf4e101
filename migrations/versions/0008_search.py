"""The index of the search: derived from other tables, so without keys to them and never backed up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIELDS = ("title", "about", "often", "everything")


def upgrade() -> None:
    op.create_table(
        "catalog_search_document",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("livestream_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        *(
            sa.Column(name, sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False)
            for name in FIELDS
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("livestream_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "catalog_search_term",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("livestreams", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE catalog_search_text USING fts5({', '.join(FIELDS)}, "
            "content='catalog_search_document', content_rowid='number', columnsize=0, "
            "prefix='1 3', tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.create_index(
            "ix_catalog_search_everything",
            "catalog_search_document",
            ["everything"],
            postgresql_using="gin",
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE catalog_search_text")
    op.drop_table("catalog_search_term")
    op.drop_table("catalog_search_document")
