#!/bin/sh
# PostgreSQL's restore_command: brings one file of the log back. restore.sh sets it.
#
#   restore_command = '/opt/slipway/ops/fetch-wal.sh %f %p /backup'
set -eu
if [ $# -ne 3 ]; then
  echo "usage: fetch-wal.sh NAME FILE ARCHIVE" >&2
  exit 255
fi
kept=$3/wal/$1.gz
# asked for what was never archived too: that is how PostgreSQL finds the end
[ -e "$kept" ] || exit 1
if ! gzip -dc "$kept" >"$2"; then
  echo "fetch-wal.sh: $kept is damaged" >&2
  # above 128: recovery stops here, rather than taking it for the end of the log
  exit 255
fi
