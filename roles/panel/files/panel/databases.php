<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Chooses the database server of a website, generates names of databases, and finds the server of a database. */
class hostops_panel_databases
{
    // Without letters and digits that look alike, because people read these names.
    private const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
    private const RANDOM_LENGTH = 10;
    private const PASSWORD_LENGTH = 24;

    /** @var hostops_panel_config */
    private $config;

    /** @var hostops_panel_log */
    private $log;

    /** @var hostops_panel_server[] by the host that sites connect to */
    private $servers = [];

    public function __construct(hostops_panel_config $config, hostops_panel_log $log)
    {
        $this->config = $config;
        $this->log = $log;
        foreach ($config->get('database_servers', []) as $options) {
            $this->servers[$options['host']] = new hostops_panel_server($options, $config->secret($options['admin_secret'] ?? ''));
        }
    }

    /** Connects to each server and removes unused databases. Returns the problems of each server. */
    public function problems(): array
    {
        $problems = [];
        foreach ($this->servers as $host => $server) {
            try {
                $server->clean();
            } catch (PDOException $error) {
                $problems[] = "database server $host: " . $this->log->redacted($error->getMessage());
            }
        }
        return $problems;
    }

    /** Returns [name, user, password, host, table prefix] for a new database of a website, without creating it. */
    public function generate(array $website): array
    {
        $server = $this->choose($website);
        $name = $this->name($website, min(64, (int) $server->option('user_length')));
        return [$name, $name, self::random(self::PASSWORD_LENGTH, self::LETTERS . 'ABCDEFGHJKLMNPQRSTUVWXYZ'), $server->option('host'), null];
    }

    /** Creates a database and its user on the server whose option "host" is $host. */
    public function create(string $name, string $user, string $password, string $host, array $website): void
    {
        if (!isset($this->servers[$host])) {
            throw new hostops_panel_error("the configuration has no database server with the host \"$host\"");
        }
        if ($password === '') {
            throw new hostops_panel_error('a database user requires a password');
        }
        $this->servers[$host]->create($name, $user, $password, self::id($website));
    }

    /** Removes a database from the server that contains it. Does nothing if it does not exist. */
    public function remove(string $name, array $website): void
    {
        $unreachable = [];
        $foreign = null;
        foreach ($this->servers as $host => $server) {
            try {
                $record = $server->record($name);
                $foreign = $record === null && $server->has($name) ? $server : $foreign;
            } catch (PDOException $error) {
                $unreachable[] = $host . ': ' . $error->getMessage();
                continue;
            }
            if ($record !== null) {
                $this->check_owner($name, $record[3], $website);
                $server->remove($name);
                return;
            }
        }
        if ($unreachable) {
            throw new hostops_panel_error("the database \"$name\" may be on an unreachable server: " . implode('; ', $unreachable));
        }
        if ($foreign !== null) {
            $this->remove_foreign($foreign, $name);
        }
    }

    private function remove_foreign(hostops_panel_server $server, string $name): void
    {
        if (!$this->config->get('remove_foreign', false)) {
            throw new hostops_panel_error("the database \"$name\" was not created by the hooks; set panel_remove_foreign to allow its removal");
        }
        $server->remove_foreign($name);
    }

    /** Throws an error if the database belongs to another website than that of the session. */
    private function check_owner(string $name, string $owner, array $website): void
    {
        $asking = self::id($website);
        if ($asking !== '' && $owner !== '' && $asking !== $owner && $this->config->get('same_website', true)) {
            throw new hostops_panel_error("the database \"$name\" belongs to the website \"$owner\", not to \"$asking\"");
        }
    }

    /** Returns the least loaded candidate for a website. */
    private function choose(array $website): hostops_panel_server
    {
        $best = null;
        $lowest = INF;
        $problems = [];
        foreach ($this->candidates($website) as $server) {
            try {
                $count = $server->count();
            } catch (PDOException $error) {
                $problems[] = $server->option('host') . ': ' . $error->getMessage();
                continue;
            }
            $most = (int) $server->option('max_databases');
            if ($most > 0 && $count >= $most) {
                $problems[] = $server->option('host') . ": has $count databases, and max_databases is $most";
                continue;
            }
            $load = $count / max(0.001, (float) $server->option('weight'));
            if ($load < $lowest) {
                list($best, $lowest) = [$server, $load];
            }
        }
        if ($best === null) {
            throw new hostops_panel_error('no database server accepts another database: ' . (implode('; ', $problems) ?: 'none accepts this website'));
        }
        return $best;
    }

    /**
     * Returns the servers for a website: that of its mysql_host, those with its id, those with a matching pattern, or those for all.
     *
     * @return hostops_panel_server[]
     */
    private function candidates(array $session): array
    {
        $wanted = $session['mysql_host'] ?? '';
        if (is_string($wanted) && isset($this->servers[$wanted])) {
            return [$this->servers[$wanted]];
        }
        $website = self::id($session);
        $exact = $matching = $general = [];
        foreach ($this->servers as $server) {
            $patterns = $server->option('websites');
            if (!$patterns) {
                $general[] = $server;
            } elseif (in_array($website, $patterns, true)) {
                $exact[] = $server;
            } elseif (array_filter($patterns, function ($pattern) use ($website) { return fnmatch($pattern, $website); })) {
                $matching[] = $server;
            }
        }
        return $exact ?: ($matching ?: $general);
    }

    /** Returns a new name: a readable prefix, and 50 random bits that make it unique. */
    private function name(array $website, int $length): string
    {
        $variable = (string) $this->config->get('prefix_variable', '_db_prefix');
        $given = $website[$variable] ?? self::id($website);
        $given = is_scalar($given) ? (string) $given : '';
        $prefix = trim((string) preg_replace('/[^a-z0-9]+/', '_', strtolower($given)), '_');
        $prefix = rtrim(substr($prefix, 0, $length - self::RANDOM_LENGTH - 1), '_');
        return ($prefix === '' ? 'site' : $prefix) . '_' . self::random(self::RANDOM_LENGTH, self::LETTERS);
    }

    /** Returns the id of a website for the registry, or an empty text. */
    private static function id(array $website): string
    {
        $id = $website['id'] ?? '';
        return is_scalar($id) ? substr((string) $id, 0, 250) : '';
    }

    private static function random(int $length, string $letters): string
    {
        $text = '';
        for ($number = 0; $number < $length; $number++) {
            $text .= $letters[random_int(0, strlen($letters) - 1)];
        }
        return $text;
    }
}
