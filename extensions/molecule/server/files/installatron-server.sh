#!/bin/sh
# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A simulation of the vendor's installer. It accepts the arguments that public scripts pass to the original, and creates the files
# that they mention: programs, settings.ini, data, cron file, and a server block. Its output and the reasons of its failures differ
# from the original, so tests must not rely on them.
#
# /var/stand-in contains the journal of arguments, the process list at run time, and files that a test creates as switches:
#   fail, hang, break_nginx, silent (the server does not answer), unlicensed, same_version, ignore_term
set -eu

there() { [ -e "/var/stand-in/$1" ]; }

mkdir -p /var/stand-in
printf '%s\n' "$*" >>/var/stand-in/arguments
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' >>/var/stand-in/processes || true

license='' password='' quick=''
while [ $# -gt 0 ]; do
    case $1 in
    -f) ;;
    --quick) quick=1 ;;
    --key) shift; license=$1 ;;
    --db-pass=*) password=${1#*=} ;;
    --db-host=* | --db-user=* | --db-name=*) ;;
    *) echo "Unknown argument: $1"; exit 64 ;;
    esac
    shift
done
echo "Installatron Server installer, license $license, database password $password"

home=/usr/local/installatron
if [ -z "$quick" ]; then
    [ -n "$license" ] || { echo 'A license key is required.'; exit 2; }
    mkdir -p $home/etc /var/installatron
    [ -e $home/version ] || echo 10.0.0 >$home/version
fi
echo half-made >$home/core
if there break_nginx && [ -d /etc/nginx ]; then
    echo 'broken {' >>/etc/nginx/nginx.conf
fi
if there ignore_term; then
    trap '' TERM
fi
if there hang; then
    echo 'Waiting for the license server'
    while :; do sleep 1; done
fi
case $license in
WRONG*) echo "The license $license is not valid for this server."; exit 1 ;;
esac
if there fail; then
    echo 'Something went wrong.'
    exit 3
fi

if [ ! -e $home/etc/settings.ini ]; then
    made=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    cat >$home/etc/settings.ini <<END
; Settings of Installatron Server
key=$made
key2=
admin=admin ; the main administrator
db-pass="$password"
END
    chmod 644 $home/etc/settings.ini
    echo "The API key is $made"
fi
if [ -n "$quick" ] && ! there same_version; then
    echo 10.0.1 >$home/version
fi
echo whole >$home/core
cat >$home/installatron <<'END'
#!/bin/sh
[ "$*" = '--GET /version' ] || { echo '{"result": false, "status": 404, "message": "not here"}'; exit 1; }
if [ -e /var/stand-in/silent ]; then
    echo 'PHP Fatal error: no database'
    exit 255
fi
licensed=true
[ ! -e /var/stand-in/unlicensed ] || licensed=false
available=$(cat /var/stand-in/available 2>/dev/null || cat /usr/local/installatron/version)
printf '{"result": true, "status": 200, "errcode": null, "message": "The task is complete.\\n", "data": {"product": "Installatron Server", '
printf '"version": "%s", "version_available": "%s", "build": 500, "license": %s}}\n' "$(cat /usr/local/installatron/version)" "$available" "$licensed"
END
chmod 755 $home/installatron
echo '15 2 * * * root /usr/local/installatron/installatron --repair' >/etc/cron.d/installatron
if [ -d /etc/nginx ]; then
    mkdir -p /etc/nginx/conf.d
    echo 'server { listen 8080; root /usr/local/installatron/http; }' >/etc/nginx/conf.d/installatron.conf
fi
echo 'The installation is complete.'
