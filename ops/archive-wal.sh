#!/bin/sh
# PostgreSQL's archive_command: keeps one finished file of its log. Ends well only once the file is safe.
#
#   archive_command = '/opt/slipway/ops/archive-wal.sh %p %f /backup'
set -eu
umask 077
if [ $# -ne 3 ]; then
  echo "usage: archive-wal.sh FILE NAME ARCHIVE" >&2
  exit 2
fi
file=$1
kept=$3/wal/$2.gz
mkdir -p "$3/wal"

if [ -e "$kept" ]; then
  # PostgreSQL asks again after a crash; two servers that archive to one place must not go unnoticed
  if gzip -dc "$kept" | cmp -s - "$file"; then
    exit 0
  fi
  echo "archive-wal.sh: $kept is there with another content: does a second server archive to $3?" >&2
  exit 1
fi

half=$(mktemp "$3/wal/.half-$2.XXXXXX")
trap 'rm -f "$half"' EXIT
gzip -1 <"$file" >"$half"
sync "$half"
# a link is never put in another's place
ln "$half" "$kept"
sync "$3/wal"
