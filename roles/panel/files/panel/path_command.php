<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Requests paths from a command. It receives {"action", "kind", "website"} as JSON on standard input, and returns {"path": URI}. */
class hostops_panel_path_command implements hostops_panel_path
{
    /** @var array */
    private $settings;

    /** @var string */
    private $option;

    public function __construct(array $settings, string $option)
    {
        $this->settings = $settings;
        $this->option = $option;
    }

    public function enable(array $website): string
    {
        return hostops_panel_paths::answered($this->ask('enable', $website));
    }

    public function disable(array $website): void
    {
        $this->ask('disable', $website);
    }

    private function ask(string $action, array $website): string
    {
        $question = hostops_panel_paths::question($action, $this->option, $website);
        return hostops_panel_process::run($this->settings['command'], $question, (int) ($this->settings['timeout'] ?? 30));
    }
}
