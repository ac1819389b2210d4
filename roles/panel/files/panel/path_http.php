<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Requests paths from a URL by POST. The JSON of the request and of the answer is the same as for a command. */
class hostops_panel_path_http implements hostops_panel_path
{
    private const MAX_ANSWER = 65536;

    /** @var array */
    private $settings;

    /** @var string */
    private $token;

    /** @var string */
    private $option;

    public function __construct(array $settings, hostops_panel_config $config, string $option)
    {
        $this->settings = $settings;
        $this->token = $config->secret($settings['token_secret'] ?? '');
        $this->option = $option;
        if (!preg_match('~\A(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])~', $settings['url'])) {
            throw new hostops_panel_error("$option: the URL must begin with https://, unless it is on the local machine");
        }
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
        $timeout = (int) ($this->settings['timeout'] ?? 30);
        $deadline = microtime(true) + $timeout;
        $stream = @fopen($this->settings['url'], 'rb', false, $this->context($action, $website, $timeout));
        if ($stream === false) {
            throw new hostops_panel_error($this->settings['url'] . ' does not answer: ' . (error_get_last()['message'] ?? ''));
        }
        $status = (int) (explode(' ', stream_get_meta_data($stream)['wrapper_data'][0] ?? '')[1] ?? 0);
        $text = '';
        while (!feof($stream) && strlen($text) < self::MAX_ANSWER && microtime(true) < $deadline) {
            $text .= fread($stream, 8192);
        }
        $ended = feof($stream);
        fclose($stream);
        if ($status < 200 || $status > 299) {
            throw new hostops_panel_error($this->settings['url'] . " answers with status $status");
        }
        if (!$ended) {
            throw new hostops_panel_error($this->settings['url'] . " did not complete its answer within $timeout seconds and 64 KiB");
        }
        return $text;
    }

    private function context(string $action, array $website, int $timeout)
    {
        $headers = ['Content-Type: application/json', 'Connection: close'];
        if ($this->token !== '') {
            $headers[] = 'Authorization: Bearer ' . $this->token;
        }
        $http = [
            'method' => 'POST', 'header' => $headers, 'content' => hostops_panel_paths::question($action, $this->option, $website),
            'timeout' => $timeout, 'ignore_errors' => true, 'follow_location' => 0, 'protocol_version' => 1.1,
        ];
        $ssl = ['verify_peer' => true, 'verify_peer_name' => true];
        if (($this->settings['ca'] ?? '') !== '') {
            $ssl['cafile'] = $this->settings['ca'];
        }
        return stream_context_create(['http' => $http, 'ssl' => $ssl]);
    }
}
