<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Loads a deployed panel.php and its configuration like Installatron Server, and connects to each database server.
// Prints one line for each problem. Usage: php -f check.php -- DIRECTORY

class i_panel
{
}

class itron
{
    public static $session = [];
}

$directory = $argv[1];
$problems = [];
require $directory . '/panel.php';
try {
    $config = hostops_panel_config::read($directory);
    $log = new hostops_panel_log('/dev/null', $config->secrets());
    foreach (['paths', 'secondary_paths'] as $option) {
        if ($config->get($option)) {
            hostops_panel_paths::of($config, $option, $log);
        }
    }
    $problems = (new hostops_panel_databases($config, $log))->problems();
} catch (Throwable $error) {
    $problems[] = $error->getMessage();
}
echo implode("\n", $problems);
exit($problems ? 1 : 0);
