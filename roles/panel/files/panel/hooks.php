<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The methods that Installatron Server calls (sections 3.17.3, 4.1, and 4.2 of its specification).
 *
 * A method never throws. On an error, it writes a line to the log and returns false.
 */
class i_custom extends i_panel
{
    /** Returns [name, user, password, host, table prefix] for a new database, or false. */
    public function generateDB($type)
    {
        return $this->call('generateDB', ['type' => $type], function (hostops_panel_config $config, hostops_panel_log $log) use ($type) {
            $this->check_type($type);
            $database = (new hostops_panel_databases($config, $log))->generate($this->website());
            $log->hide($database[2]);
            return $database;
        });
    }

    /** Creates a database and its user. Returns whether it succeeded. */
    public function createDB($name, $user, $pass, $type, $host)
    {
        $details = ['database' => $name, 'user' => $user, 'type' => $type, 'host' => $host];
        return $this->call('createDB', $details, function ($config, hostops_panel_log $log) use ($name, $user, $pass, $type, $host) {
            $log->hide((string) $pass);
            $this->check_type($type);
            (new hostops_panel_databases($config, $log))->create((string) $name, (string) $user, (string) $pass, (string) $host, $this->website());
            return true;
        });
    }

    /** Removes a database, and its user if no other database uses it. Returns whether the database is removed. */
    public function removeDB($name, $type)
    {
        return $this->call('removeDB', ['database' => $name, 'type' => $type], function ($config, $log) use ($name, $type) {
            $this->check_type($type);
            (new hostops_panel_databases($config, $log))->remove((string) $name, $this->website());
            return true;
        });
    }

    /** Returns the URI of the path of a website, or false. */
    public function enablePathByWebsite($websiteInfo)
    {
        return $this->path('enablePathByWebsite', 'paths', $websiteInfo);
    }

    /** Closes the access that enablePathByWebsite() opened. Returns whether it is closed. */
    public function disablePathByWebsite($websiteInfo)
    {
        return $this->path('disablePathByWebsite', 'paths', $websiteInfo);
    }

    /** Returns the URI of an SSH path in addition to an FTP path, or false. */
    public function enableSecondaryPathByWebsite($websiteInfo)
    {
        return $this->path('enableSecondaryPathByWebsite', 'secondary_paths', $websiteInfo);
    }

    /** Closes the access that enableSecondaryPathByWebsite() opened. Returns whether it is closed. */
    public function disableSecondaryPathByWebsite($websiteInfo)
    {
        return $this->path('disableSecondaryPathByWebsite', 'secondary_paths', $websiteInfo);
    }

    private function path(string $name, string $option, $website)
    {
        $website = (array) $website;
        $details = ['website' => is_scalar($website['id'] ?? null) ? (string) $website['id'] : ''];
        return $this->call($name, $details, function (hostops_panel_config $config, hostops_panel_log $log) use ($name, $option, $website) {
            $backend = hostops_panel_paths::of($config, $option, $log);
            if (strncmp($name, 'enable', 6) === 0) {
                return $backend->enable($website);
            }
            $backend->disable($website);
            return true;
        });
    }

    /** Executes a call, logs it, and returns false on an error. */
    private function call(string $name, array $details, callable $work)
    {
        $start = microtime(true);
        $log = null;
        try {
            $config = hostops_panel_config::read(HOSTOPS_PANEL_DIRECTORY);
            $log = new hostops_panel_log($config->get('log', '/var/log/installatron-panel.log'), $config->secrets());
            $result = $work($config, $log);
            if ($name === 'generateDB') {
                $details += ['database' => $result[0], 'host' => $result[3]];
            }
        } catch (Throwable $error) {
            $details['error'] = $error->getMessage();
            $result = false;
        }
        $details['milliseconds'] = (int) round((microtime(true) - $start) * 1000);
        if ($log === null) {
            // Without a configuration, the location of the log and the secrets are unknown. The message contains no secret.
            error_log("hostops panel: $name: " . ($details['error'] ?? ''));
        } else {
            $log->write($name, $result !== false, $details);
        }
        return $result;
    }

    private function website(): array
    {
        return is_array(itron::$session ?? null) ? itron::$session : [];
    }

    private function check_type($type): void
    {
        if ($type !== 'mysql') {
            throw new hostops_panel_error('only databases of the type "mysql" can be created');
        }
    }
}
