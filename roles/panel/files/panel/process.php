<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Runs a program without a shell, under timeout(1) of coreutils, which also terminates its children. */
class hostops_panel_process
{
    private const MAX_OUTPUT = 65536;
    private const TIMED_OUT = [124, 137];

    /**
     * Returns the standard output of a program.
     *
     * @param string[] $command program and arguments
     * @param int $timeout seconds until the program and its children are terminated
     */
    public static function run(array $command, string $input, int $timeout): string
    {
        // Use unnamed files instead of pipes, so that a full pipe cannot block the program.
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
            throw new hostops_panel_error($command[0] . " did not finish within $timeout seconds");
        }
        if ($status !== 0) {
            throw new hostops_panel_error($command[0] . " exited with status $status: " . substr(trim(self::content($stderr)), -500));
        }
        return self::content($stdout);
    }

    private static function content($file): string
    {
        // Open the file by its name, because PHP does not notice that the program moved the file position.
        return (string) file_get_contents(stream_get_meta_data($file)['uri'], false, null, 0, self::MAX_OUTPUT);
    }
}
