<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Provides paths over SSH with a temporary key pair for one website.
 *
 * enable() creates a key pair, and adds its public key with an expiry time to a file of authorized keys on the web server.
 * disable() removes it. sshd refuses the key after its expiry time, even if disable() is not called.
 */
class hostops_panel_path_ssh implements hostops_panel_path
{
    private const SCRIPT = <<<'SH'
set -eu
umask 022
# Use the time zone of sshd, which interprets the expiry.
unset TZ
action=$1 file=$2 marker=$3 lifetime=$4 from=$5 key=${6-}
exec 9>"$file.lock"
flock -w 10 9
now=$(date +%s)
new=$(mktemp "$file.XXXXXX")
trap 'rm -f "$new"' EXIT
if [ -L "$file" ]; then echo "$file is a symbolic link" >&2; exit 1; fi
if [ -e "$file" ]; then
  # The last field of a line of the hooks is hostops-panel:MARKER:EXPIRY.
  awk -v now="$now" -v action="$action" -v marker="$marker" '
    { parts = split($NF, word, ":") }
    parts == 3 && word[1] == "hostops-panel" && (word[3] + 0 <= now + 0 || (action == "close" && word[2] == marker)) { next }
    { print }' "$file" >"$new"
fi
if [ "$action" = open ]; then
  expiry=$((now + lifetime))
  printf 'restrict,%sexpiry-time="%s" %s hostops-panel:%s:%s\n' "${from:+from=\"$from\",}" "$(date -d "@$expiry" +%Y%m%d%H%M%S)" \
    "$key" "$marker" "$expiry" >>"$new"
fi
chmod 644 "$new"
mv -f "$new" "$file"
SH;

    /** @var array */
    private $settings;

    /** @var hostops_panel_log */
    private $log;

    public function __construct(array $settings, hostops_panel_log $log)
    {
        $this->settings = $settings + [
            'port' => 22, 'account' => '{id}', 'directory' => '/', 'lifetime' => 14400, 'keys_file' => '/etc/ssh/authorized_keys.d/{account}',
            'manager' => 'root', 'from' => '', 'timeout' => 30,
        ];
        $this->log = $log;
    }

    public function enable(array $website): string
    {
        list($private, $public) = $this->key_pair();
        $this->log->hide($private);
        $this->manage('open', $website, $public);
        $directory = '/' . ltrim(hostops_panel_paths::filled($this->settings['directory'], $website), '/');
        // The newer interface accepts the text of a key in place of the password.
        return 'ssh://' . rawurlencode($this->account($website)) . ':' . rawurlencode($private) . '@' . $this->host($website)
            . ':' . (int) $this->settings['port'] . $directory;
    }

    public function disable(array $website): void
    {
        $this->manage('close', $website, '');
    }

    /** Runs the script on the web server. */
    private function manage(string $action, array $website, string $key): void
    {
        $file = hostops_panel_paths::filled(str_replace('{account}', $this->account($website), $this->settings['keys_file']), $website);
        $arguments = [
            $action, $file, substr(hash('sha256', hostops_panel_paths::id($website)), 0, 32), (string) (int) $this->settings['lifetime'],
            $this->settings['from'], $key,
        ];
        $timeout = (int) $this->settings['timeout'];
        $command = [
            'ssh', '-F', 'none', '-T', '-p', (string) (int) $this->settings['port'], '-i', $this->settings['identity'],
            '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=' . $timeout,
            '-o', 'UserKnownHostsFile=' . $this->settings['known_hosts'], $this->settings['manager'] . '@' . $this->host($website),
            'sh -s -- ' . implode(' ', array_map('escapeshellarg', $arguments)),
        ];
        hostops_panel_process::run($command, self::SCRIPT, $timeout);
    }

    private function account(array $website): string
    {
        return hostops_panel_paths::filled($this->settings['account'], $website);
    }

    private function host(array $website): string
    {
        return hostops_panel_paths::filled($this->settings['host'], $website);
    }

    /** @return string[] private key and public key of a new pair */
    private function key_pair(): array
    {
        $directory = sys_get_temp_dir() . '/hostops-panel-' . bin2hex(random_bytes(8));
        if (!mkdir($directory, 0700)) {
            throw new hostops_panel_error('no temporary directory can be created');
        }
        try {
            $command = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', "$directory/key"];
            hostops_panel_process::run($command, '', (int) $this->settings['timeout']);
            return [file_get_contents("$directory/key"), trim(file_get_contents("$directory/key.pub"))];
        } finally {
            array_map('unlink', glob("$directory/*"));
            rmdir($directory);
        }
    }
}
