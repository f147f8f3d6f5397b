#!/bin/sh
# PostgreSQL's image runs this once, on an empty volume: both users, the tiers' roles, the database.
set -eu
roles=/ops/roles.sql
[ -e "$roles" ] || roles=$(dirname "$0")/roles.sql
psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -U "${POSTGRES_USER:-postgres}" -d postgres -f "$roles"
exists=$(psql -U "${POSTGRES_USER:-postgres}" -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'servicedesk'")
[ -n "$exists" ] || psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres \
    -c "CREATE DATABASE servicedesk OWNER servicedesk_owner ENCODING 'UTF8' TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
