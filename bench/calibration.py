"""What this machine does without Mindcast: plain nginx, a Flask hello, plain ffmpeg."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection

from bench.broadcast import wait_for
from bench.figures import Figure
from bench.house import free_port
from bench.load import on_one_core, press
from media.binaries import ffmpeg_path, nginx_path

CONFIGURATION = """
daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
events { worker_connections 512; multi_accept on; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  open_file_cache max=100 inactive=60s;
  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c;
  uwsgi_temp_path d; scgi_temp_path e;
  server { listen 127.0.0.1:PORT; root files; }
}
"""
HELLO = """
from flask import Flask
app = Flask(__name__)
app.get("/")(lambda: "Hello")
from granian import Granian
from granian.constants import HTTPModes, Interfaces
if __name__ == "__main__":
    Granian("hello:app", address="127.0.0.1", port=PORT, interface=Interfaces.WSGI, workers=1,
            blocking_threads=16, http=HTTPModes.http1, log_enabled=False).serve()
"""
PICTURE_SECONDS = 20
LARGE = 300_000


def measure() -> list[Figure]:
    note = "wrk, 32 connections; the server on one core"
    return [
        Figure(0, "Flask hello under granian", flask_hello(), "/s", note=note),
        Figure(0, "plain nginx, 1,000 bytes", plain_nginx(b"x" * 1000), "/s", note=note),
        Figure(0, "plain nginx, 300 kB", plain_nginx(bytes(LARGE)), "/s", note=note),
        Figure(0, "plain ffmpeg, 360p25 ultrafast", plain_ffmpeg(), "times real time"),
    ]


def plain_nginx(content: bytes, headers: dict[str, str] | None = None) -> float:
    """Return how often a second nginx alone serves a file of this content."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)  # as root nginx drops to nobody, who must be able to read
        (folder / "files").mkdir()
        (folder / "files" / "file").write_bytes(content)
        (folder / "nginx.conf").write_text(CONFIGURATION.replace("PORT", str(port)))
        words = [str(nginx_path()), "-p", f"{folder}/", "-c", "nginx.conf"]
        with running(words, port) as pid, on_one_core(pid):
            return press(f"http://127.0.0.1:{port}/file", headers).per_second


def flask_hello() -> float:
    """Return how often a second the smallest application answers."""
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        (Path(name) / "hello.py").write_text(HELLO.replace("PORT", str(port)))
        env = {**os.environ, "PYTHONPATH": name}
        words = [sys.executable, "hello.py"]
        with running(words, port, cwd=name, env=env) as pid, on_one_core(pid):
            return press(f"http://127.0.0.1:{port}/").per_second


def plain_ffmpeg() -> float:
    """Return how many seconds of a plain picture are encoded in one."""
    picture = f"testsrc2=size=640x360:rate=25:duration={PICTURE_SECONDS}"
    words = f"-v error -f lavfi -i {picture} -c:v libx264 -preset ultrafast -f null -"
    began = time.monotonic()
    subprocess.run([str(ffmpeg_path()), *words.split()], check=True)
    return PICTURE_SECONDS / (time.monotonic() - began)


@contextmanager
def running(
    words: list[str], port: int, cwd: str | None = None, env: dict[str, str] | None = None
) -> Iterator[int]:
    """Run a server until the end of the block; it answers at a port when the block begins."""
    process = subprocess.Popen(words, cwd=cwd, env=env)
    try:
        wait_for(lambda: answers(port), 20, "a plain server")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)


def answers(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
