<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** A back end that opens and closes access to the files of a website. */
interface hostops_panel_path
{
    /** Returns the URI of the path of a website. */
    public function enable(array $website): string;

    /** Closes the access that enable() opened. Does nothing if it is closed already. */
    public function disable(array $website): void;
}

/** Functions that the back ends share. */
class hostops_panel_paths
{
    /**
     * Returns the back end of "paths" or "secondary_paths".
     *
     * @param string $option name of the option that configures the back end
     */
    public static function of(hostops_panel_config $config, string $option, hostops_panel_log $log): hostops_panel_path
    {
        $settings = $config->get($option, []);
        switch ($settings['backend'] ?? '') {
            case 'table':
                return new hostops_panel_path_table($settings, $config, $log);
            case 'command':
                return new hostops_panel_path_command($settings, $option);
            case 'http':
                return new hostops_panel_path_http($settings, $config, $option);
            case 'ssh':
                return new hostops_panel_path_ssh($settings, $log);
        }
        throw new hostops_panel_error("$option: backend is missing or unknown");
    }

    /** Returns the id of a website. */
    public static function id(array $website): string
    {
        $id = $website['id'] ?? '';
        if (!is_scalar($id) || (string) $id === '') {
            throw new hostops_panel_error('the website has no id');
        }
        return (string) $id;
    }

    /** Returns a text in which each {name} is replaced with that member of the website. */
    public static function filled(string $text, array $website): string
    {
        return (string) preg_replace_callback('/\{(\w+)\}/', function (array $match) use ($website): string {
            $value = $website[$match[1]] ?? null;
            // Only characters that have no special meaning in a shell, a URI, or a path.
            if (!is_scalar($value) || !preg_match('/\A[A-Za-z0-9_][A-Za-z0-9._-]*\z/', (string) $value) || strpos((string) $value, '..') !== false) {
                throw new hostops_panel_error("the website's \"{$match[1]}\" is missing, or is not a plain name");
            }
            return (string) $value;
        }, $text);
    }

    /** Returns the path in an answer, {"path": URI}. */
    public static function answered(string $text): string
    {
        $answer = json_decode($text, true);
        $path = is_array($answer) ? ($answer['path'] ?? null) : null;
        if (!is_string($path) || !preg_match('~\A(/|[a-z][a-z0-9]*://)[^\s\x00-\x1f]*\z~', $path)) {
            throw new hostops_panel_error('the answer is not a JSON object with a path');
        }
        return $path;
    }

    /** Returns the JSON request for a command or an address. */
    public static function question(string $action, string $option, array $website): string
    {
        return (string) json_encode(
            ['action' => $action, 'kind' => $option === 'paths' ? 'primary' : 'secondary', 'website' => $website],
            JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE
        );
    }
}
