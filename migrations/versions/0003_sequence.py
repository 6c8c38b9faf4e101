"""How often the time or the state of a livestream has changed, for calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("sequence", sa.Integer(), nullable=False, server_default="0")
    op.add_column("catalog_livestream", column)


def downgrade() -> None:
    op.drop_column("catalog_livestream", "sequence")
