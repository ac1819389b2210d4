<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** The log, with one line of JSON for each call and without secrets. */
class hostops_panel_log
{
    private const HIDDEN = '********';

    /** @var string */
    private $path;

    /** @var string[] */
    private $secrets;

    /** @param string[] $secrets values to redact */
    public function __construct(string $path, array $secrets)
    {
        $this->path = $path;
        $this->secrets = [];
        foreach ($secrets as $secret) {
            $this->hide($secret);
        }
    }

    /** Adds a value to redact, including its encodings in URIs and JSON. */
    public function hide(string $secret): void
    {
        if ($secret === '') {
            return;
        }
        foreach ([$secret, rawurlencode($secret), urlencode($secret), trim((string) json_encode($secret), '"')] as $form) {
            $this->secrets[$form] = $form;
        }
    }

    /** Appends a line. If the log is not writable, the call continues, and the line is written to the error log of PHP. */
    public function write(string $call, bool $succeeded, array $details): void
    {
        $line = ['time' => gmdate('Y-m-d\TH:i:s\Z'), 'call' => $call, 'result' => $succeeded] + $details;
        array_walk_recursive($line, function (&$value): void {
            $value = is_string($value) ? $this->redacted($value) : $value;
        });
        $text = json_encode($line, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE) . "\n";
        $mask = umask(0077);
        $written = @file_put_contents($this->path, $text, FILE_APPEND | LOCK_EX);
        umask($mask);
        if ($written === false) {
            error_log('hostops panel: ' . $this->path . ' cannot be written: ' . rtrim($text));
        }
    }

    /** Returns at most 2,000 bytes of a text without secrets. */
    public function redacted(string $text): string
    {
        $text = strtr($text, array_fill_keys(array_values($this->secrets), self::HIDDEN) ?: ["\0" => '']);
        $text = (string) preg_replace('~(\w+://[^:/@\s]*):[^@\s]*@~', '$1:' . self::HIDDEN . '@', $text);
        $text = (string) preg_replace('~-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)~s', self::HIDDEN, $text);
        return substr($text, 0, 2000);
    }
}
