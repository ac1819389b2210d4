# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid bytes over a real socket cause a result or a clear error, in bounded memory and time."""

import gzip
import json
import random
import resource
import subprocess
import sys
import time
import traceback
import zlib

import pytest
from bounds import EXAMPLES, FIGURES
from hostile import TARGETS
from raw_server import RawServer

from ansible_collections.hostops.installatron.plugins.module_utils._core.operation import run

# The timeout of a request in seconds, and the limit after which the test fails.
TIMEOUT, HANGS = 1, 60
MEBIBYTE = 1024 * 1024
# The maximum memory of a process.
MOST_MEMORY = 500 * MEBIBYTE
GOOD = json.dumps({"result": True, "message": "", "data": [{"id": "1", "url": "http://fuzz.example", "title": "é"}]})
VALUES = (GOOD, "", "{", "[]", "null", "1e999", "9" * 5000, '"\\ud800"', '{"result": true}', '{"result": false, "message": []}', "\x00", "Error: x")
ENCODINGS = ("", "gzip", "deflate", "identity", "br", "gzip, gzip", "compress", "\x80")
STATUSES = ("200 OK", "200", "302 Found", "404 Not Found", "503 Busy", "99 X", "999 X", "abc", "")
ENDS = ("length", "short", "long", "chunked", "bad chunk", "endless chunk", "none", "negative")


def deep(number):
    """Return JSON with the given number of nested lists."""
    return '{"result": true, "data": ' + "[" * number + "]" * number + "}"


def bomb(size):
    """Return gzip data that decompresses to the given number of MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b'{"result":true,"data":[' + b" " * MEBIBYTE
    return b"".join(packer.compress(piece) for _number in range(size)) + packer.flush()


def head(status, *lines):
    """Return the head of a response."""
    return ("HTTP/1.1 %s\r\n%s\r\n" % (status, "".join(line + "\r\n" for line in lines))).encode("latin-1", "replace")


def framed(body, end, status="200 OK", *lines):
    """Return a response whose body ends in one of the ways in ENDS, as a list of pieces."""
    if end in ("chunked", "bad chunk", "endless chunk"):
        size = b"%x" % len(body) if end != "bad chunk" else b"zz"
        last = b"0\r\n\r\n" if end == "chunked" else b""
        return [head(status, "Transfer-Encoding: chunked", *lines) + size + b"\r\n" + body + b"\r\n" + last]
    length = {"length": len(body), "short": max(len(body) - 3, 0), "long": len(body) + 9, "negative": -1}.get(end)
    more = [] if length is None else ["Content-Length: %d" % length]
    return [head(status, "Connection: close", *more, *lines) + body]


def drawn(chooser):
    """Return a random response: a list of bytes and of pauses in seconds."""
    kind = chooser.random()
    text = chooser.choice(VALUES + (deep(chooser.choice((3, 64, 900, 3000))), "[" + "{}," * chooser.choice((10, 3000)) + "{}]"))
    body = text.encode(chooser.choice(("utf-8", "latin-1", "utf-16", "utf-8-sig")), "replace")
    encoding = chooser.choice(ENCODINGS)
    if encoding == "gzip" and chooser.random() < 0.8:
        body = gzip.compress(body)
    elif encoding == "deflate" and chooser.random() < 0.8:
        body = zlib.compress(body) if chooser.random() < 0.5 else zlib.compress(body)[2:-4]
    if kind < 0.25:
        body = bytes(chooser.choice((byte, byte, byte, chooser.randrange(256))) for byte in body)
    if kind > 0.9:
        return [bytes(chooser.randrange(256) for _number in range(chooser.randrange(300)))]
    lines = ["Content-Encoding: " + encoding] if encoding else []
    more = ("Content-Type: \x1b[2J", "Retry-After: nan", "Location: http://u:p@[", "X: " + "y" * 9000, "Set-Cookie: a=b")
    lines += chooser.sample(more, chooser.randrange(3))
    pieces = framed(body, chooser.choice(ENDS), chooser.choice(STATUSES), *lines)
    whole = b"".join(pieces)
    return [whole[: chooser.randrange(len(whole) + 1)]] if chooser.random() < 0.2 else pieces


SLOW = {
    "no answer": [HANGS],
    "headers that trickle": [b"HTTP/1.1 200 OK\r\n"] + [b"X: y\r\n", 0.2] * 200,
    "one header that trickles": [b"HTTP/1.1 200 OK\r\nX: "] + [b"y", 0.2] * 200,
    "a status that trickles": [b"H", 0.2, b"T", 0.2] * 100,
    "a body that trickles": [head("200 OK", "Content-Length: 10000")] + [b" ", 0.2] * 200,
    "chunks that trickle": [head("200 OK", "Transfer-Encoding: chunked")] + [b"1\r\n \r\n", 0.2] * 200,
    "continue for ever": [b"HTTP/1.1 100 Continue\r\n\r\n", 0.2] * 200,
    "gzip that trickles": [head("200 OK", "Content-Encoding: gzip", "Content-Length: 9999")] + [gzip.compress(b" "), 0.2] * 200,
}


def attempt(server, target=TARGETS[0]):
    """Run an operation against a server; return (result, seconds)."""
    options = dict(target.options(server), timeout=TIMEOUT, retries=0, wait_timeout=1)
    params, messages = target.operation.spec.validate({name: value for name, value in options.items() if name in target.operation.spec.options})
    assert messages == []
    start = time.monotonic()
    try:
        result = run(target.operation, params, check_mode=True).result
        json.dumps(result)
    except Exception:
        FIGURES["tracebacks"] += 1
        raise AssertionError(traceback.format_exc()) from None
    finally:
        FIGURES["inputs"] += 1
    return result, time.monotonic() - start


@pytest.fixture(scope="module")
def server():
    """A server on a raw socket."""
    with RawServer() as made:
        yield made


def test_random_replies(server):
    chooser = random.Random(None if EXAMPLES else 12)
    for _number in range(EXAMPLES * 100 or 150):
        server.answer = drawn(chooser)
        result, _seconds = attempt(server, chooser.choice(TARGETS))
        assert not result.get("failed") or (result["msg"].isprintable() and len(result["msg"]) < 5000), server.answer


@pytest.mark.parametrize("kind", SLOW)
def test_slow_reply_timeout(kind, server):
    server.answer = SLOW[kind]
    result, seconds = attempt(server)
    assert result["failed"] and "within 1 seconds" in result["msg"]
    FIGURES["max_seconds"] = max(FIGURES["max_seconds"], seconds)
    assert seconds < HANGS


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: framed(bomb(1024), "length", "200 OK", "Content-Encoding: gzip"), "max_reply_size"),
        (lambda: framed(gzip.compress(bomb(64)), "length", "200 OK", "Content-Encoding: gzip, gzip"), "cannot be decompressed"),
        (lambda: [head("200 OK")] + [b" " * MEBIBYTE] * 400, "max_reply_size"),
        (lambda: framed(b'{"result":true,"data":[' + b"[]," * 2200000 + b"[]]}", "length"), "max_reply_size"),
        (lambda: framed(b'{"result":true,"data":[' + b"1," * 17000000 + b"1]}", "length"), "max_reply_size"),
        (lambda: framed(deep(900).encode(), "length"), "nested more than"),
        (lambda: framed(deep(100000).encode(), "length"), "nested more than"),
        (lambda: framed(b'{"result": false, "message": "' + b"&amp;lt;" * 9000000 + b'"}', "length"), "the server refused"),
    ],
    ids=["gzip bomb", "gzip in gzip", "no end", "lists", "numbers", "deep", "deeper", "long message"],
)
def test_hostile_reply_memory(answer, words, server):
    server.answer = answer()
    # A new process, so that nothing else affects its peak memory.
    script = "import sys; sys.path[:0] = %r; import test_replies; test_replies.check_memory(%r, %r)" % (sys.path, server.url, words)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=3 * HANGS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    FIGURES["max_memory"] = max(FIGURES["max_memory"], int(done.stdout))


def check_memory(url, words):
    """Print the memory in MiB that one operation uses; called in a new process."""
    where = type("Where", (), {"url": url, "key": "0123456789"})
    target = TARGETS[0]
    params, _messages = target.operation.spec.validate(dict(target.options(where), timeout=HANGS, retries=0))
    result = run(target.operation, params, check_mode=True).result
    assert result["failed"] and words in result["msg"], result
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert memory < MOST_MEMORY, memory
    print(memory // MEBIBYTE)
