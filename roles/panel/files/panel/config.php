<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** The reason why a call fails, in words for the log. */
class hostops_panel_error extends RuntimeException
{
}

/**
 * The configuration from panel.json and panel-secrets.json.
 *
 * panel.json contains no secrets: an option whose name ends with "secret" contains the name of an entry in panel-secrets.json.
 */
class hostops_panel_config
{
    /** @var array */
    private $values;

    /** @var array */
    private $secrets;

    public function __construct(array $values, array $secrets)
    {
        $this->values = $values;
        $this->secrets = $secrets;
    }

    /** Reads both files from a directory. */
    public static function read(string $directory): self
    {
        return new self(self::table($directory . '/panel.json'), self::table($directory . '/panel-secrets.json'));
    }

    /** Returns an option, or the default if the option is missing or null. */
    public function get(string $name, $default = null)
    {
        return $this->values[$name] ?? $default;
    }

    /** Returns a secret by its name, or an empty text for an empty name. */
    public function secret(string $name): string
    {
        if ($name === '') {
            return '';
        }
        if (!isset($this->secrets[$name]) || !is_string($this->secrets[$name])) {
            throw new hostops_panel_error("panel-secrets.json has no secret named \"$name\"");
        }
        return $this->secrets[$name];
    }

    /** Returns the values of all secrets. */
    public function secrets(): array
    {
        return array_values(array_filter($this->secrets, 'is_string'));
    }

    private static function table(string $path): array
    {
        $text = @file_get_contents($path);
        if ($text === false) {
            throw new hostops_panel_error("$path cannot be read");
        }
        $values = json_decode($text, true);
        if (!is_array($values)) {
            throw new hostops_panel_error("$path is not a JSON object");
        }
        return $values;
    }
}
