#!/bin/sh
# A base backup of the PostgreSQL server on this host, while it works. Together with the log that archive-wal.sh keeps it
# brings the database back to any moment from its end on.
#
#   backup.sh ARCHIVE [KEEP]     KEEP: how many base backups stay (7); the log from the oldest of them on stays too
#
# Run it as the account that owns the server's files, where psql finds the server as a superuser (PGHOST, PGPORT, PGUSER).
set -eu
umask 077

if [ "${1:-}" = --copy-files ]; then
  # psql calls this between the start and the stop of the backup; what is torn, the log mends
  code=0
  {
    tar -C "$SLIPWAY_DATA" -cf - --exclude='./pg_wal/*' --exclude='./pg_replslot/*' --exclude='./pg_stat_tmp/*' \
      --exclude='./pg_dynshmem/*' --exclude='./pg_notify/*' --exclude='./pg_serial/*' --exclude='./pg_snapshots/*' \
      --exclude='./pg_subtrans/*' --exclude='pgsql_tmp*' --exclude='./postmaster.*' --exclude='./epg-lock' \
      --exclude='./*.signal' . || code=$?
    echo "$code" >"$SLIPWAY_HALF/code"
  } | gzip -1 >"$SLIPWAY_HALF/base.tar.gz"
  # 1: a file changed or went while it was read, which is expected
  [ "$(cat "$SLIPWAY_HALF/code")" -le 1 ] && mv "$SLIPWAY_HALF/code" "$SLIPWAY_HALF/copied"
  exit
fi

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "usage: backup.sh ARCHIVE [KEEP]" >&2
  exit 2
fi
archive=$1
keep=${2:-7}
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d postgres "$@"; }

SLIPWAY_DATA=$(ask -c 'show data_directory')
[ -r "$SLIPWAY_DATA/PG_VERSION" ] || { echo "backup.sh: $SLIPWAY_DATA cannot be read: run it on the server's host" >&2; exit 1; }
[ "$(ask -c "select current_setting('archive_mode')")" != off ] ||
  { echo "backup.sh: archive_mode is off: without the log a base backup is worth nothing" >&2; exit 1; }
[ "$(ask -c "select count(*) from pg_tablespace")" -eq 2 ] ||
  { echo "backup.sh: tablespaces of one's own are not backed up" >&2; exit 1; }

mkdir -p "$archive/base" "$archive/wal"
name=$(date -u +%Y%m%dT%H%M%SZ)
SLIPWAY_HALF=$archive/base/.half-$name
mkdir "$SLIPWAY_HALF"
trap 'rm -rf "$SLIPWAY_HALF"' EXIT
SLIPWAY_SELF=$0
export SLIPWAY_DATA SLIPWAY_HALF SLIPWAY_SELF

# one session from start to stop; the stop waits until the log that the backup needs is archived
ask -v label="slipway $name" -v folder="$SLIPWAY_HALF" <<'SQL'
set statement_timeout = '1h';
select pg_backup_start(:'label', true) \g /dev/null
\! sh "$SLIPWAY_SELF" --copy-files
select rtrim(labelfile, E'\n') as label, lsn as stop_lsn, floor(extract(epoch from clock_timestamp())) as stop_time
from pg_backup_stop(true) \gset
\set file :folder /backup_label
\o :file
select :'label';
\set file :folder /stop
\o :file
select :'stop_time', lpad(split_part(:'stop_lsn', '/', 1), 8, '0') || lpad(split_part(:'stop_lsn', '/', 2), 8, '0');
SQL
[ -e "$SLIPWAY_HALF/copied" ] || { echo "backup.sh: the files could not be copied" >&2; exit 1; }
rm "$SLIPWAY_HALF/copied"
(cd "$SLIPWAY_HALF" && sha256sum base.tar.gz backup_label stop >SHA256SUMS && sync ./*)
mv "$SLIPWAY_HALF" "$archive/base/$name"
sync "$archive/base"

# what is no longer needed: older backups, and the log from before the oldest that stays
find "$archive/base" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
  rm -rf "$old"
done
oldest=$(find "$archive/base" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\)).*/\1/p' "$oldest/backup_label")
find "$archive/wal" -type f -name '[0-9A-F]*.gz' | while read -r kept; do
  file=$(basename "$kept" .gz)
  # the first eight digits are the timeline, whose order says nothing here
  case $file in
    *.history) ;;
    *)
      if [ "$(printf '%.24s' "$file" | cut -c 9-)" \< "$(printf '%s' "$first" | cut -c 9-)" ]; then
        rm -f "$kept"
      fi
      ;;
  esac
done
find "$archive/wal" -type f -name '.half-*' -mmin +1440 -exec rm -f {} +
echo "$archive/base/$name"
