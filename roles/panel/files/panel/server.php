<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * One MariaDB or MySQL server, and the databases that this class created on it.
 *
 * The table "databases" in a separate database on that server records them, so that all nodes of a cluster share the records. A
 * record is written before its database is created, and removed after its database is removed. If a call dies in between, the
 * record stays, and the next call completes the work.
 */
class hostops_panel_server
{
    private const SYSTEM = ['mysql', 'information_schema', 'performance_schema', 'sys', 'test'];
    private const NO_SUCH_TABLE = [1049, 1146];

    /** @var array */
    private $options;

    /** @var string */
    private $password;

    /** @var PDO|null */
    private $connection = null;

    /** @param array $options one entry of "database_servers" */
    public function __construct(array $options, string $password)
    {
        $this->options = $options + [
            'admin_host' => $options['host'], 'port' => 3306, 'socket' => '', 'admin_user' => 'root', 'ca' => '', 'verify' => true,
            'require_tls' => false, 'charset' => 'utf8mb4', 'collation' => '', 'grant_hosts' => ['localhost'], 'user_length' => 32,
            'weight' => 1, 'max_databases' => 0, 'websites' => [], 'timeout' => 10, 'registry' => 'hostops_panel', 'abandoned_after' => 24,
        ];
        $this->password = $password;
    }

    /** Returns an option of the server. */
    public function option(string $name)
    {
        return $this->options[$name];
    }

    /** Returns the number of databases that this class created on the server. */
    public function count(): int
    {
        return (int) $this->select('SELECT COUNT(*) FROM {registry}')[0][0];
    }

    /** Returns the record of a database as [name, user, hosts, website, state], or null. */
    public function record(string $name): ?array
    {
        $rows = $this->select('SELECT name, user, hosts, website, state FROM {registry} WHERE name = ?', [$name]);
        return $rows[0] ?? null;
    }

    /** Returns whether a database of this name exists, including those that others created. */
    public function has(string $name): bool
    {
        return (bool) $this->select('SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [$name]);
    }

    /** Creates a database and a user with access to this database only. Removes both on failure. */
    public function create(string $name, string $user, string $password, string $website): void
    {
        $this->check_names($name, $user);
        $this->clean();
        $this->lock($name);
        if ($this->has($name)) {
            throw new hostops_panel_error("the database \"$name\" already exists");
        }
        if ($this->select('SELECT 1 FROM mysql.user WHERE User = ?', [$user])) {
            throw new hostops_panel_error("the user \"$user\" already exists");
        }
        $this->run(
            'INSERT INTO {registry} (name, user, hosts, website, state) VALUES (?, ?, ?, ?, ?)',
            [$name, $user, json_encode($this->options['grant_hosts']), $website, 'creating']
        );
        $made = false;
        try {
            $this->create_database($name);
            $made = true;
            $this->create_user($name, $user, $password);
            $this->run("UPDATE {registry} SET state = 'ready' WHERE name = ?", [$name]);
        } catch (Throwable $error) {
            $this->undo($name, $made, $error);
        }
    }

    /** Removes a database that this class created, and its user, unless another database uses the user. */
    public function remove(string $name): void
    {
        $record = $this->record($name);
        if ($record === null) {
            return;
        }
        $this->lock($name);
        $this->run("UPDATE {registry} SET state = 'removing' WHERE name = ?", [$name]);
        $this->run('DROP DATABASE IF EXISTS ' . self::quoted($name));
        $this->remove_user($name, $record[1], json_decode($record[2], true) ?: []);
        $this->run('DELETE FROM {registry} WHERE name = ?', [$name]);
    }

    /** Removes a database that this class did not create. Its users stay. */
    public function remove_foreign(string $name): void
    {
        $this->check_names($name, 'nobody');
        $this->run('DROP DATABASE ' . self::quoted($name));
    }

    /**
     * Removes unused databases: those of calls that died, and those that got no table within the hours "abandoned_after".
     *
     * The latter remain if an installation fails while the server is unreachable.
     */
    public function clean(): void
    {
        $hours = (int) $this->options['abandoned_after'];
        $unused = $this->select(
            "SELECT name, state FROM {registry} WHERE state = 'creating'"
            . " OR (state = 'ready' AND ? > 0 AND created < NOW() - INTERVAL ? HOUR)",
            [$hours, $hours]
        );
        foreach ($unused as list($name, $state)) {
            // A call that is still running holds the lock.
            if ($this->try_lock($name)) {
                $this->complete($name, $state);
                $this->select('SELECT RELEASE_LOCK(?)', [self::lock_name($name)]);
            }
        }
    }

    /** Removes an unused database, or records that it is in use. The caller holds its lock. */
    private function complete(string $name, string $state): void
    {
        // Read the record again, because a call that finished in the meantime changed it before it released the lock.
        $record = $this->record($name);
        if ($record === null || $record[4] !== $state) {
            return;
        }
        if ($this->select('SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? LIMIT 1', [$name])) {
            $this->run("UPDATE {registry} SET state = 'used' WHERE name = ?", [$name]);
        } else {
            $this->remove($name);
        }
    }

    private function create_database(string $name): void
    {
        $collation = $this->options['collation'] === '' ? '' : ' COLLATE ' . self::word($this->options['collation']);
        $this->run('CREATE DATABASE ' . self::quoted($name) . ' CHARACTER SET ' . self::word($this->options['charset']) . $collation);
    }

    private function create_user(string $name, string $user, string $password): void
    {
        $tls = $this->options['require_tls'] ? ' REQUIRE SSL' : '';
        // In GRANT, the name of a database is a pattern in which _ matches any character.
        $pattern = self::quoted(strtr($name, ['_' => '\\_', '%' => '\\%']));
        foreach ($this->options['grant_hosts'] as $host) {
            $this->run('CREATE USER ?@? IDENTIFIED BY ?' . $tls, [$user, $host, $password]);
            $this->run("GRANT ALL PRIVILEGES ON $pattern.* TO ?@?", [$user, $host]);
        }
    }

    /** Reverts a failed call, then throws its error. If the revert fails, clean() completes it later. */
    private function undo(string $name, bool $made, Throwable $error): void
    {
        try {
            if ($made) {
                $this->remove($name);
            } else {
                $this->run('DELETE FROM {registry} WHERE name = ?', [$name]);
            }
        } catch (Throwable $second) {
            throw new hostops_panel_error(
                $error->getMessage() . '; a later call removes the incomplete database "' . $name . '": ' . $second->getMessage()
            );
        }
        throw $error;
    }

    private function remove_user(string $name, string $user, array $hosts): void
    {
        $pattern = strtr($name, ['_' => '\\_', '%' => '\\%']);
        $needed = false;
        foreach (['db', 'tables_priv', 'columns_priv', 'procs_priv'] as $table) {
            $needed = $needed || $this->select("SELECT 1 FROM mysql.$table WHERE User = ? AND Db NOT IN (?, ?) LIMIT 1", [$user, $name, $pattern]);
        }
        foreach ($hosts as $host) {
            if (!$this->select('SELECT 1 FROM mysql.user WHERE User = ? AND Host = ?', [$user, $host])) {
                continue;
            }
            if (!$needed) {
                $this->run('DROP USER ?@?', [$user, $host]);
            } elseif ($this->select('SELECT 1 FROM mysql.db WHERE User = ? AND Host = ? AND Db = ?', [$user, $host, $pattern])) {
                $this->run('REVOKE ALL PRIVILEGES ON ' . self::quoted($pattern) . '.* FROM ?@?', [$user, $host]);
            }
        }
    }

    private function check_names(string $name, string $user): void
    {
        if (!preg_match('/\A[A-Za-z0-9][A-Za-z0-9_]{0,63}\z/', $name)) {
            throw new hostops_panel_error('a database name must have at most 64 characters, and only letters, digits, and underscores');
        }
        if (in_array(strtolower($name), array_merge(self::SYSTEM, [strtolower($this->options['registry'])]), true)) {
            throw new hostops_panel_error("\"$name\" is a system database of the server");
        }
        $length = (int) $this->options['user_length'] - 1;
        if (!preg_match('/\A[A-Za-z0-9][A-Za-z0-9_]{0,' . $length . '}\z/', $user)) {
            throw new hostops_panel_error('a user name must have at most ' . ($length + 1) . ' characters, and only letters, digits, and underscores');
        }
    }

    private function lock(string $name): void
    {
        if (!$this->try_lock($name)) {
            throw new hostops_panel_error("another call is processing the database \"$name\"");
        }
    }

    /** Acquires the lock of a database, which the server releases when this connection closes. Returns whether it was acquired. */
    private function try_lock(string $name): bool
    {
        return (int) $this->select('SELECT GET_LOCK(?, 0)', [self::lock_name($name)])[0][0] === 1;
    }

    private static function lock_name(string $name): string
    {
        return 'hostops_panel.' . sha1($name);
    }

    private static function quoted(string $name): string
    {
        return '`' . str_replace('`', '``', $name) . '`';
    }

    private static function word(string $text): string
    {
        if (!preg_match('/\A[A-Za-z0-9_]+\z/', $text)) {
            throw new hostops_panel_error("\"$text\" is not a character set or a collation");
        }
        return $text;
    }

    /** Runs a statement and returns its rows as lists. */
    private function select(string $statement, array $values = []): array
    {
        return $this->execute($statement, $values)->fetchAll(PDO::FETCH_NUM);
    }

    private function run(string $statement, array $values = []): void
    {
        $this->execute($statement, $values)->closeCursor();
    }

    private function execute(string $statement, array $values): PDOStatement
    {
        $table = self::quoted($this->options['registry']) . '.`databases`';
        $text = str_replace('{registry}', $table, $statement, $used);
        try {
            $prepared = $this->connection()->prepare($text);
            $prepared->execute($values);
        } catch (PDOException $error) {
            if (!$used || !in_array((int) ($error->errorInfo[1] ?? 0), self::NO_SUCH_TABLE, true)) {
                throw $error;
            }
            $this->create_registry($table);
            $prepared = $this->connection()->prepare($text);
            $prepared->execute($values);
        }
        return $prepared;
    }

    private function create_registry(string $table): void
    {
        $this->connection()->exec('CREATE DATABASE IF NOT EXISTS ' . self::quoted($this->options['registry']) . ' CHARACTER SET utf8mb4');
        $this->connection()->exec(
            "CREATE TABLE IF NOT EXISTS $table (name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,"
            . ' user VARCHAR(80) NOT NULL, hosts TEXT NOT NULL, website VARBINARY(250) NOT NULL, state VARCHAR(16) NOT NULL,'
            . ' created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)'
        );
    }

    private function connection(): PDO
    {
        if ($this->connection === null) {
            $timeout = (string) $this->options['timeout'];
            // Also time out on a server that accepts a connection but does not answer.
            ini_set('mysqlnd.net_read_timeout', $timeout);
            $settings = [
                PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
                PDO::ATTR_TIMEOUT => (int) $timeout,
                // The server cannot prepare CREATE USER and GRANT, so the driver quotes the values.
                PDO::ATTR_EMULATE_PREPARES => true,
            ];
            if ($this->options['ca'] !== '') {
                $settings[PDO::MYSQL_ATTR_SSL_CA] = $this->options['ca'];
                $settings[PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT] = (bool) $this->options['verify'];
            }
            $this->connection = new PDO($this->dsn(), $this->options['admin_user'], $this->password, $settings);
        }
        return $this->connection;
    }

    private function dsn(): string
    {
        if ($this->options['socket'] !== '') {
            return 'mysql:unix_socket=' . $this->options['socket'] . ';charset=utf8mb4';
        }
        return 'mysql:host=' . $this->options['admin_host'] . ';port=' . $this->options['port'] . ';charset=utf8mb4';
    }
}
