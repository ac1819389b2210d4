# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The encodings of a secret in text, for the tests of the redactor and for the search for canaries."""

import base64
import html
import json
from urllib.parse import quote, quote_plus


def php_json(text):
    """Return text as json_encode of PHP writes it in JSON, with escaped slashes."""
    return json.dumps(text)[1:-1].replace("/", "\\/")


def every_byte(text, form):
    """Return text in which each byte of its UTF-8 encoding is formatted with `form`."""
    return "".join(form % byte for byte in text.encode("utf-8", "surrogatepass"))


def every_character(text, form):
    """Return text in which each character is formatted with `form`."""
    return "".join(form % ord(character) for character in text)


def utf16(text):
    """Return text in which each character is a JSON escape of its UTF-16 code units."""
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join("\\u%04x" % int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2))


def in_base64(text, before="", after=""):
    """Return the base64 of text with a prefix, which determines the alignment, and a suffix."""
    return base64.b64encode((before + text + after).encode("utf-8", "surrogatepass")).decode()


def request(text):
    """Return a whole request that contains the text, encoded as in PHP."""
    return '{"cmd":"install","key":"0123456789abcdef","db_pass":"%s","url":"http:\\/\\/a.example"}' % php_json(text)


def in_lines(text):
    """Return the base64 of a request in lines of 76 characters, as in an email."""
    return base64.encodebytes(request(text).encode("utf-8", "surrogatepass")).decode()


SPELLINGS = {
    "plain": str,
    "JSON": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "JSON, ASCII": lambda secret: json.dumps(secret)[1:-1],
    "JSON of PHP": php_json,
    "JSON in JSON": lambda secret: php_json(php_json(secret)),
    "entities": html.escape,
    "entities, no quotes": lambda secret: html.escape(secret, quote=False),
    "entities, decimal": lambda secret: every_character(secret, "&#%d;"),
    "entities, hexadecimal": lambda secret: every_character(secret, "&#x%x;"),
    "entities twice": lambda secret: html.escape(html.escape(secret)),
    "percent": lambda secret: quote(secret, safe="", errors="surrogatepass"),
    "percent, slashes": lambda secret: quote(secret, safe="/", errors="surrogatepass"),
    "percent, form": lambda secret: quote_plus(secret, errors="surrogatepass"),
    "percent, every byte": lambda secret: every_byte(secret, "%%%02x"),
    "percent twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "\\u": utf16,
    "\\x": lambda secret: "".join("\\x%02x" % byte if byte < 0x80 else chr(byte) for byte in secret.encode("utf-8"))
    if secret.isascii()
    else utf16(secret),
    "hexadecimal": lambda secret: every_byte(secret, "%02x"),
    "HEXADECIMAL": lambda secret: every_byte(secret, "%02X"),
    "base64": in_base64,
    "base64, one on": lambda secret: in_base64(secret, "x", "y"),
    "base64, two on": lambda secret: in_base64(secret, "xx", "yy"),
    "base64, URL-safe": lambda secret: in_base64(secret, "?>", "~~").replace("+", "-").replace("/", "_"),
    "base64 of a request": lambda secret: in_base64(request(secret)),
    "base64 in lines": in_lines,
    "entities of JSON": lambda secret: html.escape(json.dumps(secret)),
    "percent of JSON": lambda secret: quote(json.dumps({"a": secret})),
    "JSON of entities": lambda secret: php_json(html.escape(secret)),
    "\\u of percent": lambda secret: utf16(quote(secret, safe="")),
}

# Dumps of data as a faulty server prints them, from the name of a field and its value. Each can be cut off after the value.
FORMS = {
    "JSON, cut off": lambda name, secret: '{"result":true,"data":[{"id":"1","%s":"%s' % (name, php_json(secret)),
    "JSON in JSON": lambda name, secret: json.dumps('{"%s":"%s"}' % (name, php_json(secret)))[1:-1],
    "print_r": lambda name, secret: "Array\n(\n    [id] => 1\n    [%s] => %s\n)" % (name, secret),
    "var_export": lambda name, secret: "array (\n  '%s' => '%s',\n)" % (name, secret),
    "var_dump": lambda name, secret: 'array(1) {\n  ["%s"]=>\n  string(%d) "%s"\n}' % (name, len(secret), secret),
    "constant": lambda name, secret: "define( '%s', '%s' );" % (name.upper().replace("-", "_"), secret),
    "command line": lambda name, secret: "mysqldump --user=bob --%s=%s db" % (name, secret),
    "short option": lambda name, secret: "sh -c mysql -u bob -p%s db" % secret,
    "header of HTTP": lambda name, secret: "curl: (22) X-API-KEY: %s" % secret,
    "serialize": lambda name, secret: 'a:1:{s:%d:"%s";s:%d:"%s";}' % (len(name), name, len(secret), secret),
    "Python": lambda name, secret: "{'%s':'%s'}" % (name, secret),
    "XML": lambda name, secret: "<%s>%s</%s>" % (name, html.escape(secret), name),
    "form": lambda name, secret: "id=1&%s=%s&x=1" % (name.replace("-", "_"), quote_plus(secret)),
    "call": lambda name, secret: "#0 /x.php(3): mysqli_connect('localhost', 'bob', '%s')" % secret,
    "URI": lambda name, secret: "ssh://bob:%s@host.example/home/bob" % secret,
    "URI, cut off": lambda name, secret: '{"path":"ssh:\\/\\/bob:%s@host.example' % php_json(secret),
}
