#!/bin/sh
# Brings the database back, to a moment or to the end of what is archived, into an empty folder; then makes it fit a
# world that has gone on (after-restore.sql). Nobody can reach the server meanwhile.
#
#   restore.sh ARCHIVE DATA [--time '2026-01-31 09:55:00+00' | --lsn 0/5000060]
#
# Run it as the account that is to own the server's files. PGBIN: the folder of postgres and pg_ctl, of the major version
# that was backed up, where they are not on the path. PGDATABASE: Slipway's database (slipway). PGUSER: a superuser
# (postgres).
set -eu
umask 077
usage() {
  echo "usage: restore.sh ARCHIVE DATA [--time TIME | --lsn LSN]" >&2
  exit 2
}
fail() {
  echo "restore.sh: $1" >&2
  exit 1
}
[ $# -eq 2 ] || [ $# -eq 4 ] || usage
archive=$(cd "$1" && pwd)
data=$2
here=$(cd "$(dirname "$0")" && pwd)
target=
until=
column=1
case ${3:-} in
  '') ;;
  --time)
    until=$(date -u -d "$4" +%s) || usage
    target="recovery_target_time = '$4'"
    ;;
  --lsn)
    until=$(printf '%8s%8s' "${4%%/*}" "${4##*/}" | tr ' abcdef' '0ABCDEF')
    column=2
    target="recovery_target_lsn = '$4'"
    ;;
  *) usage ;;
esac
PATH=${PGBIN:+$PGBIN:}$PATH
export PGDATABASE="${PGDATABASE:-slipway}" PGUSER="${PGUSER:-postgres}"
# those of another server; the new one would take them for its own, too
unset PGHOST PGHOSTADDR PGPORT PGSERVICE
command -v pg_ctl >/dev/null || fail "pg_ctl is not on the path: set PGBIN"

mkdir -p "$data"
[ -z "$(ls -A "$data")" ] || fail "$data is not empty"

# the newest base backup that had ended by then
base=
for each in "$archive"/base/[0-9]*Z; do
  [ -e "$each/stop" ] || continue
  ended=$(printf '%20s' "$(cut -d '|' -f "$column" "$each/stop")")
  if [ -z "$until" ] || printf '%s\n%20s\n' "$ended" "$until" | LC_ALL=C sort -C; then
    base=$each
  fi
done
[ -n "$base" ] || fail "no base backup in $archive had ended by then"
echo "From $base …"
(cd "$base" && sha256sum --quiet -c SHA256SUMS) || fail "$base is damaged"

chmod 700 "$data"
tar -C "$data" -xzf "$base/base.tar.gz"
version=$(cat "$data/PG_VERSION")
case $(postgres --version) in
  *" $version"[.\ ]*) ;;
  *) fail "the backup is of PostgreSQL $version, and here is $(postgres --version)" ;;
esac
cp "$base/backup_label" "$data/backup_label"
touch "$data/recovery.signal"
mkdir -p "$data/pg_wal"
cat >>"$data/postgresql.auto.conf" <<CONF
# slipway restore begin
restore_command = '"$here/fetch-wal.sh" %f %p "$archive"'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
$target
# slipway restore end
CONF

# behind a socket that only this account finds: no service may write before the database fits the world again
door=$(mktemp -d)
server() { pg_ctl -D "$data" -s "$@"; }
end() {
  if [ -e "$data/postmaster.pid" ]; then server -m fast -w stop || true; fi
  rm -rf "$door"
}
trap end EXIT
echo 'local all all trust' >"$door/hba"
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$door" -p 5432 "$@"; }
server -W -l "$door/log" -o "-c listen_addresses='' -c unix_socket_directories='$door' -c port=5432 -c hba_file='$door/hba'" start
until [ "$(ask -c 'select not pg_is_in_recovery()' 2>/dev/null || true)" = t ]; do
  sleep 1
  if ! server status >/dev/null; then
    cat "$door/log" >&2
    fail "the database could not be brought back"
  fi
done
ask -f "$here/after-restore.sql"
server -m fast -w stop
sed -i '/^# slipway restore begin$/,/^# slipway restore end$/d' "$data/postgresql.auto.conf"
echo "$data is ready: start PostgreSQL on it, then the services."
