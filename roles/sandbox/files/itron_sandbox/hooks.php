<?php
// Copyright (c) 2026, hostops.installatron contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Calls a method of a panel.php as the vendor's server does, or runs statements in a MySQL database as an application does.
// Reads one JSON object from standard input and writes one to standard output.

class i_panel
{
}

class itron
{
    public static $session = [];
}

function statements(array $database, array $statements): array
{
    list($host, $port) = explode(':', $database['host'] . ':3306');
    $connection = new PDO("mysql:host=$host;port=$port;dbname={$database['name']};charset=utf8mb4", $database['user'], $database['pass'], [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 10,
    ]);
    // The sandbox writes standard SQL, as for SQLite.
    $connection->exec("SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    $rows = [];
    foreach ($statements as list($text, $values)) {
        $prepared = $connection->prepare($text);
        $prepared->execute($values);
        $rows[] = $prepared->columnCount() ? $prepared->fetchAll(PDO::FETCH_NUM) : [];
    }
    return $rows;
}

$question = json_decode(stream_get_contents(STDIN), true);
try {
    if (isset($question['statements'])) {
        $answer = statements($question['database'], $question['statements']);
    } else {
        itron::$session = $question['session'];
        require $question['file'];
        $answer = call_user_func_array([new i_custom(), $question['method']], $question['arguments']);
    }
    echo json_encode(['answer' => $answer]);
} catch (Throwable $error) {
    echo json_encode(['error' => $error->getMessage()], JSON_INVALID_UTF8_SUBSTITUTE);
}
