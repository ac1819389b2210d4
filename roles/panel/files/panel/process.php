<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Runs a program, without a shell, under timeout(1) of coreutils, which also ends its children. */
class hostops_panel_process
{
    private const MAX_OUTPUT = 65536;
    private const TIMED_OUT = [124, 137];

    /**
     * Returns what a program writes to its standard output.
     *
     * @param string[] $command program and arguments
     * @param int $timeout seconds until the program and its children are ended
     */
    public static function run(array $command, string $input, int $timeout): string
    {
        // Unnamed files instead of pipes: nobody has to read one pipe while the program waits at another.
        list($stdin, $stdout, $stderr) = [tmpfile(), tmpfile(), tmpfile()];
        if (!$stdin || !$stdout || !$stderr) {
            throw new hostops_panel_error('no temporary file can be created');
        }
        fwrite($stdin, $input);
        rewind($stdin);
        $pipes = [];
        $environment = ['PATH' => '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL' => 'C'];
        $process = proc_open(
            array_merge(['timeout', '--kill-after=1', (string) $timeout], $command),
            [$stdin, $stdout, $stderr],
            $pipes,
            '/',
            $environment
        );
        if (!is_resource($process)) {
            throw new hostops_panel_error($command[0] . ' cannot be started');
        }
        $status = proc_close($process);
        if (in_array($status, self::TIMED_OUT, true)) {
            throw new hostops_panel_error($command[0] . " did not end within $timeout seconds");
        }
        if ($status !== 0) {
            throw new hostops_panel_error($command[0] . " ended with status $status: " . substr(trim(self::content($stderr)), -500));
        }
        return self::content($stdout);
    }

    private static function content($file): string
    {
        // By its name, for PHP does not know that the program has moved the position of the file.
        return (string) file_get_contents(stream_get_meta_data($file)['uri'], false, null, 0, self::MAX_OUTPUT);
    }
}
