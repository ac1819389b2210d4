<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Returns paths from a table of the configuration. Does not open or close anything. */
class hostops_panel_path_table implements hostops_panel_path
{
    /** @var array */
    private $settings;

    /** @var hostops_panel_config */
    private $config;

    /** @var hostops_panel_log */
    private $log;

    public function __construct(array $settings, hostops_panel_config $config, hostops_panel_log $log)
    {
        $this->settings = $settings;
        $this->config = $config;
        $this->log = $log;
    }

    public function enable(array $website): string
    {
        $id = hostops_panel_paths::id($website);
        foreach ($this->settings['table'] ?? [] as $row) {
            if ($row['website'] === $id || (strpbrk($row['website'], '*?[') !== false && fnmatch($row['website'], $id))) {
                return $this->uri($row, $website);
            }
        }
        throw new hostops_panel_error("the table has no path for the website \"$id\"");
    }

    public function disable(array $website): void
    {
    }

    /** Adds the user and the password of a row to its URI. */
    private function uri(array $row, array $website): string
    {
        $path = hostops_panel_paths::filled($row['path'], $website);
        if (($row['user'] ?? '') === '') {
            return $path;
        }
        $account = rawurlencode(hostops_panel_paths::filled($row['user'], $website));
        $secret = $this->config->secret(hostops_panel_paths::filled($row['secret'] ?? '', $website));
        $this->log->hide($secret);
        return (string) preg_replace_callback('~\A([a-z][a-z0-9]*://)~', function (array $match) use ($account, $secret): string {
            return $match[1] . $account . ($secret === '' ? '' : ':' . rawurlencode($secret)) . '@';
        }, $path);
    }
}
