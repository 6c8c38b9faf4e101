from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select

from accounts.errors import EmailTaken
from accounts.models import User
from accounts.services import create_user
from core.database import Sessions

pytestmark = pytest.mark.integration


def test_create_user_raced_makes_one_account(sessions: Sessions, now: datetime) -> None:
    def once(_: int) -> bool:
        try:
            with sessions.begin() as session:
                create_user(
                    session, email="a@b.example", password="long enough 1", roles=[], now=now
                )
        except EmailTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(once, range(6)))
    with sessions() as session:
        assert (made.count(True), session.scalar(select(func.count(User.id)))) == (1, 1)
