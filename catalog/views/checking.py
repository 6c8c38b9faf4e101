"""How hosts are checked, in words for everybody."""

from flask import render_template

from catalog.views.blueprint import pages
from catalog.views.keeping import kept_for_strangers


@pages.get("/how-we-check")
@kept_for_strangers
def how_we_check() -> str:
    """Say what the mark beside a name means, and what it does not."""
    return render_template("catalog/how_we_check.html")
