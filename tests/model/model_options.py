# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random options of the modules, and the server's state that they require."""

from hypothesis import strategies as st
from model_state import identity

# The sites of each user. Two of them are nested; one also has other spellings.
SITES = {"alice": ("http://a.example", "http://a.example/blog", "https://b.example"),
         "bob": ("http://x.example", "http://x.example/shop"), "carol": ("http://c.example",)}
SPELLINGS = {"https://b.example": ("https://b.example", "http://b.example", "HTTPS://B.example/"),
             "http://a.example": ("http://a.example", "http://A.EXAMPLE:80/")}
OWNER = {url: user for user, urls in SITES.items() for url in urls}
APPLICATIONS = ("wordpress", "wordpress", "wordpress", "joomla")
BKLOC = "ftp://keeper:canary-backups@store.example/here"
TITLES = ("One", "Two {{ 7 * 7 }}", "Ärger & Söhne", "")
VERSIONS = {"wordpress": ("6.3.5", "6.4.3", "6.4.4", "6.5.5"), "joomla": ("4.4.4", "4.4.6", "5.1.1")}

# The members of the server's record that each option can change.
NAMES = {
    "sitetitle": {"cf-sitetitle", "title"}, "sitetagline": {"cf-sitetagline"}, "email": {"cf-email"},
    "autoup": {"autoup"}, "autoup_backup": {"autoup-backup"}, "language": {"language"},
    "notification": {"list-notification"}, "autobk": {"autobk"}, "autobk_daily": {"autobk-daily"},
    "autobk_weekly": {"autobk-weekly"}, "bkloc": {"bkloc"}, "login": {"cf-login"}, "db_pass": {"db-pass"},
    "url": {"url", "url-domain", "path"}, "passwd": {"cf-passwd"}}
# Members that an upgrade changes.
UPGRADED = {"version", "list-files", "list-tables", "agent", "time-updated"}
AUTOUP = {"none": "0", "minor": "1", "all": "2"}


def website(user):
    """Return the website of a user; bob's website has an FTP path."""
    hosts = sorted({identity(url).partition("/")[0] for url in SITES[user]})
    path = "ftp://bob:canary-website@files.example/home" if user == "bob" else "/var/www/%s" % user
    return {"id": "ws-%s" % user, "path": path, "email": "%s@mail.example" % user,
            "vhosts": {"%s://%s" % (scheme, host): host for host in hosts for scheme in ("http", "https")}}


def extra_website(user):
    """Return a second website of a user without sites."""
    host = "extra-%s.example" % user
    return {"id": "ws2-%s" % user, "path": "/var/www/extra", "vhosts": {"http://%s" % host: host}}


def database(url, password="canary-database"):
    """Return the options for the database of a site."""
    name = "".join(letter if letter.isalnum() else "_" for letter in identity(url))
    return {"db_host": "localhost", "db_name": name, "db_user": name, "db_pass": password}


urls = st.sampled_from([url for user in SITES for url in SITES[user]])
users = st.sampled_from(sorted(SITES))


def spelled(url):
    """Return a strategy for spellings of a URL."""
    return st.sampled_from(SPELLINGS.get(url, (url,)))


EDITS = {
    "sitetitle": st.sampled_from(TITLES), "sitetagline": st.sampled_from(("", "words")),
    "email": st.sampled_from(("one@mail.example", "two@mail.example")), "autoup": st.sampled_from(sorted(AUTOUP)),
    "autoup_backup": st.booleans(), "language": st.sampled_from(("en", "de")),
    "notification": st.sampled_from(([], ["backup_error", "update"], ["update", "backup_error"])),
    "autobk": st.sampled_from(("custom", "daily30")), "bkloc": st.sampled_from(("local", BKLOC)),
    "login": st.sampled_from(("admin", "chief"))}


@st.composite
def edits(draw):
    """Draw up to four options that edit a site."""
    options = draw(st.fixed_dictionaries({}, optional=EDITS))
    names = draw(st.lists(st.sampled_from(sorted(EDITS)), max_size=4, unique=True))
    options = {name: value for name, value in options.items() if name in names}
    if options.get("autobk") == "custom" and draw(st.booleans()):
        options["autobk_daily"] = draw(st.integers(0, 3))
    return options


@st.composite
def sites(draw, url=None):
    """Draw the options of itron_install for a site with state present."""
    url = url or draw(urls)
    application = draw(st.sampled_from(APPLICATIONS))
    options = dict(draw(edits()), url=draw(spelled(url)), application=application, user=OWNER[url])
    if draw(st.booleans()):
        options.update(database(url, draw(st.sampled_from(("canary-database",) * 4 + ("canary-other-database",)))))
    if draw(st.booleans()):
        options["version"] = draw(st.sampled_from(VERSIONS[application] + ("latest", "latest_minor")))
    if draw(st.integers(0, 4)) == 0:
        options.update(passwd="canary-password", update_password=draw(st.sampled_from(("on_create", "always"))))
    if application != "wordpress":
        # Only WordPress has a tagline.
        options.pop("sitetagline", None)
    elif draw(st.integers(0, 4)) == 0:
        options["plugins"] = ["*"]
    return options


def may_change(options, existed):
    """Return the members of the record that the options can change; None for all members and the files."""
    if not existed or options.get("state", "present") != "present":
        return None
    names = set().union(*(NAMES.get(option, ()) for option in options))
    if upgrades(options):
        return names | UPGRADED
    return names


def upgrades(options):
    """Return whether the options can install a newer version of anything."""
    return bool({"version", "plugins", "themes"} & set(options))


def shortcomings(options, record):
    """Return the options whose desired values differ from the server's record."""
    desired = {name: options[name] for name in ("sitetitle", "sitetagline", "email", "login") if name in options}
    shown = {name: record.get("cf-%s" % name) for name in desired}
    for name, key in (("language", "language"), ("bkloc", "bkloc"), ("autobk", "autobk"), ("db_pass", "db-pass"),
                      ("application", "installer")):
        if name in options:
            desired[name], shown[name] = options[name], record.get(key)
    if "autoup" in options:
        desired["autoup"], shown["autoup"] = AUTOUP[options["autoup"]], record.get("autoup")
    if "autoup_backup" in options:
        desired["autoup_backup"], shown["autoup_backup"] = "01"[options["autoup_backup"]], record.get("autoup-backup")
    if "autobk_daily" in options:
        desired["autobk_daily"], shown["autobk_daily"] = str(options["autobk_daily"]), record.get("autobk-daily")
    if "notification" in options:
        desired["notification"], shown["notification"] = sorted(options["notification"]), sorted(
            record.get("list-notification") or [])
    if options.get("version", "latest")[0].isdigit():
        desired["version"], shown["version"] = options["version"], record.get("version")
    return [(name, desired[name], shown[name]) for name in desired if desired[name] != shown[name]]
