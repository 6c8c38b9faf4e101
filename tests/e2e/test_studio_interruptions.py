"""A host's browser on a whole site: whatever befalls it, what it recorded becomes the replay."""

import os
import signal
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from bench.answers import probe
from bench.broadcast import Crew, make_crew, schedule
from bench.clocks import read_clocks
from bench.house import House, house
from bench.interruptions import missing, run_seconds
from bench.listings import Listed, read_ended
from bench.studio import Studio, studio

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

BEGIN_TWICE = "options => trial.begin(options)"
TAKE_OVER = "trial.sending.start({ steal: true })"
BEGIN_LATE = """async options => {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  [canvas.width, canvas.height] = [640, 360];
  const stream = canvas.captureStream(25);
  trial.sending = new trial.Sending({ ...options, stream });
  const begun = await trial.sending.start();
  setTimeout(() => {
    const paint = canvas.getContext('2d');
    let hue = 0;
    setInterval(() => {
      paint.fillStyle = `hsl(${hue += 9} 90% 50%)`;
      paint.fillRect(0, 0, canvas.width, canvas.height);
    }, 40);
  }, 800);
  return begun;
}"""
PHASE = "trial.sending.state.phase"
SAVED = """async () => {
  const [file] = await trial.sending.files();
  return [file.name, Array.from(new Uint8Array(await file.arrayBuffer()))];
}"""


@pytest.fixture(scope="module")
def site() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture(scope="module")
def crew(site: House) -> Crew:
    return make_crew(site)


@pytest.fixture
def host(site: House, crew: Crew) -> Iterator[Studio]:
    with studio(schedule(site, crew)) as opened:
        yield opened


def replay_of(host: Studio) -> tuple[Listed, list[list[int]]]:
    """End as the host's page does; return what the replay lists and the clock of every frame."""
    host.broadcast.end()
    host.broadcast.wait_published()
    listed = read_ended(host.broadcast)
    return listed, read_clocks(host.broadcast, listed)


def test_database_of_the_browser_keeps_the_contract_of_stores(host: Studio) -> None:
    assert host.page.evaluate("trial.contract()") == []


def test_nothing_recorded_is_lost(host: Studio) -> None:
    host.go_on_air()
    host.wait(3)
    with host.cut():
        os.kill(host.broadcast.site.pids()["live"], signal.SIGKILL)
        host.wait(2)
    host.wait_sent()
    with host.hole():
        host.wait(2)
        host.state()
        host.reload()
        host.wait(2)
    host.wait_sent()
    host.crash()
    host.wait(3)
    assert host.stop() == 0
    assert host.state()["lostSeconds"] == 0
    listed, clocks = replay_of(host)
    recorded = pytest.approx(sum(host.recorded), abs=1.0 * len(host.recorded))
    assert listed.seconds("source") == recorded
    assert missing(clocks, run_seconds(listed)) < 1
    assert host.errors == []


def test_first_picture_that_comes_late_begins_a_recording_each_time(host: Studio) -> None:
    """Then the recorder gives the first byte by itself."""
    answers: list[int] = []
    host.context.on("response", lambda answer: answers.append(answer.status))
    for load in (host.page.reload, host.page.reload):
        assert host.page.evaluate(BEGIN_LATE, host.options()) is True
        host.recorded.append(0.0)
        host.wait(3)
        host.state()
        load()
    host.go_on_air()
    host.wait(1)
    assert host.stop() == 0
    listed, clocks = replay_of(host)
    assert len(clocks) == len(host.recorded)
    assert listed.seconds("source") == pytest.approx(sum(host.recorded), abs=3.0)
    assert HTTPStatus.UNPROCESSABLE_ENTITY not in answers


@pytest.mark.parametrize(
    "format_", ["video/webm;codecs=vp8,opus", "video/mp4;codecs=avc1.42E01F,opus"]
)
def test_format_that_must_be_encoded_survives_a_reload(host: Studio, format_: str) -> None:
    host.format = format_
    host.go_on_air()
    host.wait(3)
    host.reload()
    host.wait(3)
    assert host.stop() == 0
    listed, clocks = replay_of(host)
    assert len(clocks) == 2
    assert listed.seconds("source") == pytest.approx(sum(host.recorded), abs=2.0)


def test_only_one_tab_sends_until_another_takes_over(host: Studio) -> None:
    host.go_on_air()
    host.wait(1)
    first = host.page
    host.load()
    assert host.page.evaluate(BEGIN_TWICE, host.options()) is False
    assert host.page.evaluate(PHASE) == "elsewhere"
    assert first.evaluate(PHASE) != "elsewhere"
    assert host.page.evaluate(TAKE_OVER) is True
    first.wait_for_function(f"{PHASE} === 'elsewhere'")
    host.wait(2)
    assert host.stop() == 0
    listed, clocks = replay_of(host)
    assert len(clocks) == 2
    assert listed.seconds("source") > 2


def test_end_without_network_keeps_what_waits_as_a_file_and_sends_it_later(
    host: Studio, tmp_path: Path
) -> None:
    host.go_on_air()
    host.wait(2)
    with host.cut():
        host.wait(2)
        assert host.stop(patience=0.5) >= 1.5
        assert host.page.evaluate(PHASE) == "stopping"
        name, content = host.page.evaluate(SAVED)
    (tmp_path / name).write_bytes(bytes(content))
    assert probe(str(tmp_path / name)) == ["audio", "video"]
    assert host.stop() == 0
    listed, clocks = replay_of(host)
    assert missing(clocks, run_seconds(listed)) < 0.5
    # a recorder on a busy machine counts from its start, its first picture comes later
    assert listed.seconds("source") == pytest.approx(sum(host.recorded), abs=2.0)
