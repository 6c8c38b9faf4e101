from accounts.notices.kinds import KINDS
from accounts.notices.rules import DIGEST
from web.notices import SOURCES


def test_every_kind_has_its_source_but_the_digest() -> None:
    assert set(SOURCES) == set(KINDS) - {DIGEST}
