"""The topics an installation begins with; they are nobody's invention and stay."""

from sqlalchemy.orm import Session

from catalog.demo.content import ExampleTopic, example_topics
from catalog.models import Topic


def load_topics(session: Session) -> None:
    """Add topics that are missing, and their words where nobody has written any."""
    for example in example_topics():
        topic = session.get(Topic, example.slug)
        if topic is None:
            session.add(_topic(example))
        elif not topic.words:
            topic.words = example.words
    session.flush()


def _topic(example: ExampleTopic) -> Topic:
    return Topic(
        slug=example.slug,
        names=dict(example.names),
        descriptions=dict(example.descriptions),
        risk=example.risk,
        position=example.position,
        words=example.words,
    )
