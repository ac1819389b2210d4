# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of an application: options such as the title, the administrator, and the first post."""

import hashlib
import secrets
import sqlite3

from .databases import quoted
from .errors import Refusal
from .sitefiles import layout

COLUMNS = {
    "options": ("option_name", "option_value"),
    "users": ("login", "passwd", "email"),
    "posts": ("title", "body"),
}


def tables(appid, prefix):
    """Return the names of an application's tables."""
    return [prefix + table for table in layout(appid)["tables"]]


def create(databases, appid, database, values, content):
    """Create the tables of a new site. `values` has its fields and ``url``; `content` adds a first post."""
    site, statements = layout(appid), []
    for table in site["tables"]:
        kind = next((kind for kind in COLUMNS if table == site["%s_table" % kind]), None)
        # A type that SQLite and MySQL support, and that stores values unchanged.
        columns = ", ".join("%s LONGBLOB" % column for column in (COLUMNS[kind] if kind else ("id", "value")))
        statements.append("CREATE TABLE %s (%s)" % (quoted(database["prefix"] + table), columns))
    if content:
        statements.append(("INSERT INTO %s VALUES (?, ?)" % quoted(database["prefix"] + site["posts_table"]),
                           ("Hello world!", "Welcome to your new site.")))
    statements.append(("INSERT INTO %s VALUES (?, ?, ?)" % quoted(database["prefix"] + site["users_table"]),
                       (values.get("login", ""), hashed(values.get("passwd", "")), values.get("email", ""))))
    try:
        databases.load(database["host"], database["name"], statements)
    except sqlite3.OperationalError as error:
        # Another task can have used the prefix since it was found to be free.
        raise Refusal("Error: The database has tables with this prefix.", "occupied_db_prefix", "db_prefix") from error
    update(databases, appid, database, values)


def update(databases, appid, database, values):
    """Store changed fields in the tables of the application."""
    site, statements = layout(appid), []
    options = quoted(database["prefix"] + site["options_table"])
    for name, value in values.items():
        if name in COLUMNS["users"]:
            statements.append(("UPDATE %s SET %s = ?" % (quoted(database["prefix"] + site["users_table"]), name),
                               (hashed(value) if name == "passwd" else value,)))
        if name in ("login", "passwd"):
            continue
        option = site["option_names"].get(name, "field_%s" % name)
        statements += [("DELETE FROM %s WHERE option_name = ?" % options, (option,)),
                       ("INSERT INTO %s VALUES (?, ?)" % options, (option, value))]
    try:
        databases.load(database["host"], database["name"], statements)
    except sqlite3.OperationalError as error:
        raise Refusal("Error: The tables of the application could not be changed.", "failed_database_tables") from error


def read(databases, appid, database):
    """Return the fields, the administrator and the posts from the database of the site.

    Refuse if the database or the application's tables do not exist.
    """
    site, prefix = layout(appid), database["prefix"]
    try:
        if not databases.exists(database["host"], database["name"]):
            raise sqlite3.OperationalError("no such database")
        with databases.connect(database["host"], database["name"]) as connection:
            options, users, posts = (
                connection.execute("SELECT %s FROM %s" % (
                    ", ".join(COLUMNS[kind]), quoted(prefix + site["%s_table" % kind]))).fetchall()
                for kind in ("options", "users", "posts"))
    except sqlite3.Error as error:
        raise Refusal("Error: The tables of the application could not be read.", "failed_database_tables") from error
    names = {option: name for name, option in site["option_names"].items()}
    values = {names.get(option, option[len("field_"):] if option.startswith("field_") else option): value
              for option, value in options}
    if users:
        values["login"] = users[0][0]
    return {"values": values, "users": users, "posts": [title for title, _body in posts]}


def hashed(password, salt=None):
    """Return a salted hash of a password, in the form that an application stores."""
    salt = salt or secrets.token_hex(8)
    return salt + "$" + hashlib.sha256((salt + str(password)).encode()).hexdigest()


def password_fits(password, stored):
    """Return whether a password matches a stored hash."""
    return hashed(password, stored.partition("$")[0]) == stored
