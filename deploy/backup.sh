#!/usr/bin/env bash
# Backs up one motcua into a new folder below FOLDER: the database, the stored files, the secret key.
# Usage: DATABASE_URL=postgresql://… MOTCUA_VAR=/var/lib/motcua backup.sh FOLDER
set -euo pipefail
umask 077

fail() {
  printf 'backup: %s\n' "$@" >&2
  exit 1
}

[[ $# -eq 1 ]] || fail "Usage: DATABASE_URL=… MOTCUA_VAR=… backup.sh FOLDER"
[[ -n ${DATABASE_URL:-} ]] || fail "DATABASE_URL is not set: it names the database to back up."
[[ -n ${MOTCUA_VAR:-} && -d $MOTCUA_VAR ]] || fail "MOTCUA_VAR must be the folder of the stored files."
mkdir -p "$1"

name=$(date -u +%Y%m%dT%H%M%SZ)
unfinished=$1/.unfinished-$name
mkdir "$unfinished"
trap 'rm -rf "$unfinished"' EXIT

# The database first: files are added before the rows that name them and are never changed, so
# that every file which this state of the database names is still there afterwards.
pg_dump --dbname="$DATABASE_URL" --format=custom --file="$unfinished/database.dump"
listed=$(pg_restore --list "$unfinished/database.dump")
[[ $listed == *'TABLE DATA public audit_entry'* ]] ||
  fail "The dump holds no audit trail: is DATABASE_URL the database of motcua?"
mkdir -p "$MOTCUA_VAR/files"
tar --create --gzip --file="$unfinished/files.tar.gz" --directory="$MOTCUA_VAR" files
[[ ! -f $MOTCUA_VAR/secret-key ]] || cp "$MOTCUA_VAR/secret-key" "$unfinished/"
(cd "$unfinished" && sha256sum -- * >SHA256SUMS)

# Only a complete backup gets its name.
mv "$unfinished" "$1/$name"
trap - EXIT
echo "$1/$name"
