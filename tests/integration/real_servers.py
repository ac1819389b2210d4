# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers for tests of the role panel: MariaDB and sshd, each on 127.0.0.1 and in a separate directory.

As root, MariaDB runs as an ordinary user. sshd accepts only the user of the tests, with an authorized_keys file of the tests.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from harness import wait_for

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
NOBODY = 65534


def missing_requirement(*programs):
    """Return why this machine cannot run the tests and the packages to install, or None."""
    packages = {"mariadbd": "mariadb-server", "mariadb": "mariadb-client", "php": "php-cli php-mysql", "sshd": "openssh-server",
                "ssh": "openssh-client", "openssl": "openssl"}
    missing = [program for program in programs if not shutil.which(program, path=PATH)]
    if missing:
        return "%s is not installed: apt-get install %s" % (" and ".join(missing), " ".join(packages[program] for program in missing))
    if "php" in programs and b"pdo_mysql" not in subprocess.run(["php", "-m"], capture_output=True, check=False).stdout:
        return "PHP has no pdo_mysql: apt-get install php-mysql"
    return None


def free_port():
    """Return a free port of 127.0.0.1."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def listening(port):
    """Return whether a port of 127.0.0.1 accepts connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class _Server:
    """A process with a separate directory below the system's temporary directory, which ordinary users can enter."""

    def __init__(self):
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="itron-server-"))
        self.process = None

    def _begin(self, command, **keywords):
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **keywords)
        wait_for(lambda: self.process.poll() is not None or listening(self.port), 60, "no %s: %s" % (command[0], self.directory))
        if self.process.poll() is not None:
            raise RuntimeError((self.directory / "log").read_text(errors="replace")[-2000:])

    def kill(self):
        """Kill the process, as in a power failure."""
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait(60)

    def stop(self):
        """Stop the process and remove the directory."""
        self.kill()
        shutil.rmtree(self.directory)


class MariaDb(_Server):
    """A MariaDB server. C(admin) has all privileges.

    Arguments:
        password: of the administrator.
    """

    admin = "panel_admin"

    def __init__(self, password):
        super().__init__()
        self.password = password
        self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        if self._as:
            os.chown(self.directory, NOBODY, NOBODY)
        self._data = self.directory / "data"
        subprocess.run([self._program("mariadb-install-db"), "--no-defaults", "--datadir=%s" % self._data, "--skip-test-db",
                        "--auth-root-authentication-method=normal"], check=True, capture_output=True, **self._as)
        first = self.directory / "first.sql"
        first.write_text("CREATE USER IF NOT EXISTS %s@'127.0.0.1' IDENTIFIED BY '%s';\n"
                         "GRANT ALL PRIVILEGES ON *.* TO %s@'127.0.0.1' WITH GRANT OPTION;\n" % (self.admin, password, self.admin))
        # MariaDB must be able to read the certificate and its key as the user that it runs as.
        self.ca = self._certificate("ca")
        self.other_ca = self._certificate("other")
        self.start()

    def _certificate(self, name):
        """Create a self-signed certificate for 127.0.0.1 and return its path."""
        path = self.directory / ("%s.pem" % name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=%s" % name, "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", str(self.directory / ("%s.key" % name)), "-out", str(path)],
                       check=True, capture_output=True, **self._as)
        return path

    @staticmethod
    def _program(name):
        return shutil.which(name, path=PATH)

    def start(self):
        """Start the server, also after kill()."""
        self._begin([self._program("mariadbd"), "--no-defaults", "--datadir=%s" % self._data, "--port=%d" % self.port, "--bind-address=127.0.0.1",
                     "--socket=%s" % (self.directory / "socket"), "--skip-name-resolve", "--max-connections=400",
                     "--innodb-buffer-pool-size=32M", "--ssl-cert=%s" % self.ca, "--ssl-key=%s" % self.ca.with_suffix(".key"),
                     "--init-file=%s" % (self.directory / "first.sql")], **self._as)
        wait_for(self._works, 60, "MariaDB does not respond")

    def _works(self):
        try:
            return self.rows("SELECT 1") == [["1"]]
        except subprocess.CalledProcessError:
            return False

    def rows(self, statement, user=None, password=None, tls=False):
        """Return the rows of a statement, as lists of strings."""
        user, password = (user, password) if user else (self.admin, self.password)
        done = subprocess.run(["mariadb", "--no-defaults", "--protocol=tcp", "--host=127.0.0.1", "--port=%d" % self.port, "--user=%s" % user, "--batch",
                               "--ssl" if tls else "--skip-ssl",
                               "--skip-column-names", "--execute=%s" % statement], env=dict(os.environ, MYSQL_PWD=password), capture_output=True, text=True,
                              check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def databases(self):
        """Return the names of the databases, except those of the server and of the hooks."""
        own = ("information_schema", "mysql", "performance_schema", "sys", "hostops_panel")
        return [name for (name,) in self.rows("SHOW DATABASES") if name not in own]

    def users(self):
        """Return the users except the administrator, as name@host."""
        rows = self.rows("SELECT User, Host FROM mysql.user WHERE User NOT IN ('', 'root', 'mariadb.sys', 'nobody', '%s') AND is_role = 'N'" % self.admin)
        return ["%s@%s" % tuple(row) for row in rows if row[0] != getpass.getuser()]

    def options(self, host="127.0.0.1", **more):
        """Return the server as an entry of C(panel_database_servers)."""
        return dict({"host": "%s:%d" % (host, self.port), "admin_host": "127.0.0.1", "port": self.port, "admin_user": self.admin, "admin_secret": "database",
                     "grant_hosts": ["127.0.0.1"], "timeout": 5}, **more)


class Sshd(_Server):
    """An sshd for the user of the tests. C(keys) is its authorized_keys file. C(identity) is a key that it always contains."""

    def __init__(self):
        super().__init__()
        self.keys = self.directory / "authorized_keys"
        self.identity = self.directory / "manager"
        for path in (self.identity, self.directory / "host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        self.keys.write_text(self.identity.with_suffix(".pub").read_text())
        self.known_hosts = self.directory / "known_hosts"
        self.known_hosts.write_text("[127.0.0.1]:%d %s" % (self.port, (self.directory / "host.pub").read_text()))
        self.account = getpass.getuser()
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        (self.directory / "config").write_text("\n".join((
            "ListenAddress 127.0.0.1:%d" % self.port, "HostKey %s" % (self.directory / "host"), "AuthorizedKeysFile %s" % self.keys,
            "StrictModes no", "UsePAM no", "PasswordAuthentication no", "PermitRootLogin prohibit-password", "PidFile none",
            "Subsystem sftp internal-sftp", "MaxStartups 100", "")))
        self._begin([shutil.which("sshd", path=PATH), "-D", "-e", "-f", str(self.directory / "config")])

    def log_in(self, key, command="true"):
        """Run a command over SSH with a private key. Return the finished process."""
        with tempfile.NamedTemporaryFile("w", suffix=".key") as file:
            os.chmod(file.name, 0o600)
            file.write(key)
            file.flush()
            return subprocess.run(["ssh", "-F", "none", "-i", file.name, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=%s"
                                   % self.known_hosts, "-p", str(self.port), "%s@127.0.0.1" % self.account, command], capture_output=True, text=True,
                                  check=False)
