#!/usr/bin/env bash
# Restores a backup made by backup.sh into an EMPTY database and a folder without stored files.
# Usage: DATABASE_URL=postgresql://… MOTCUA_VAR=/var/lib/motcua restore.sh BACKUP
set -euo pipefail
umask 077

fail() {
  printf 'restore: %s\n' "$@" >&2
  exit 1
}

[[ $# -eq 1 && -d $1 ]] || fail "Usage: DATABASE_URL=… MOTCUA_VAR=… restore.sh BACKUP"
[[ -n ${DATABASE_URL:-} ]] || fail "DATABASE_URL is not set: it names the empty database to fill."
[[ -n ${MOTCUA_VAR:-} ]] || fail "MOTCUA_VAR is not set: it is the folder for the stored files."
backup=$(cd "$1" && pwd)

(cd "$backup" && sha256sum --check --quiet SHA256SUMS) ||
  fail "The backup is damaged; nothing was changed. Take another one."
[[ ! -d $MOTCUA_VAR/files ]] || [[ -z $(ls -A "$MOTCUA_VAR/files") ]] ||
  fail "$MOTCUA_VAR/files is not empty; nothing was changed. Move it away first."
tables=$(psql --dbname="$DATABASE_URL" --no-psqlrc --tuples-only --no-align \
  --command="SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
[[ $tables == 0 ]] ||
  fail "The database already has $tables tables; nothing was changed. Give an empty one."
role=$(psql --dbname="$DATABASE_URL" --no-psqlrc --tuples-only --no-align \
  --command="SELECT count(*) FROM pg_roles WHERE rolname = 'motcua_app'")
[[ $role == 1 ]] ||
  fail "The role motcua_app is missing; nothing was changed. As PostgreSQL's administrator:" \
    "CREATE ROLE motcua_app NOLOGIN; GRANT motcua_app TO <the account in DATABASE_URL>;"

# All of the database, or nothing of it.
pg_restore --dbname="$DATABASE_URL" --no-owner --no-comments --single-transaction --exit-on-error \
  "$backup/database.dump"
mkdir -p "$MOTCUA_VAR"
tar --extract --gzip --file="$backup/files.tar.gz" --directory="$MOTCUA_VAR"
if [[ -f $backup/secret-key && ! -e $MOTCUA_VAR/secret-key ]]; then
  cp "$backup/secret-key" "$MOTCUA_VAR/"
fi
echo "Restored. Now check the audit trail: motcua trail verify"
