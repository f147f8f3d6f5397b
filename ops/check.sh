#!/usr/bin/env bash
# All checks, each with its name and time; goes on after a failure and ends with 1 when there was one. ops/check.sh NAME runs one.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
    local name=$1 begin=$EPOCHREALTIME output
    shift
    [ -z "$only" ] || [ "$only" = "$name" ] || return 0
    if output=$("$@" 2>&1); then
        printf '· %-14s ok    %5.1f s\n' "$name" "$(bc_minus "$EPOCHREALTIME" "$begin")"
    else
        printf '· %-14s FAILED\n%s\n' "$name" "$output"
        failed+=("$name")
    fi
}
bc_minus() { awk -v a="$1" -v b="$2" 'BEGIN { print a - b }'; }

# Values as in production; no server is asked.
production() {
    env -u DATABASE_OWNER_URL -u SERVICEDESK_EMBEDDED -u SERVICEDESK_TESTS -u SERVICEDESK_DEMO -u DEBUG \
        SECRET_KEY="$(printf 'check-only-%s' {a..z})" DATABASE_URL='postgresql://servicedesk_app:x@/servicedesk?host=/nonexistent' \
        REDIS_URL=redis://redis.example/0 SERVICEDESK_SITE_URL=https://service.example.com "$@"
}
deploy() { production python manage.py check --deploy --fail-level WARNING; }
# Compares models with migration files; the data of var/demo may belong to another state of them.
migrations() { production python -W ignore manage.py makemigrations --check --dry-run; }
templates() { djlint templates --lint --quiet; }
imports() { lint-imports; }
# The document that is kept is the one that the product would write now.
openapi() { production python -W ignore manage.py spectacular --lang en --fail-on-warn | diff -u docs/openapi.yaml - | head -60 && test "${PIPESTATUS[0]}${PIPESTATUS[1]}" = 00; }

only=${1:-}
check lock python ops/lock_mark.py
check ruff ruff check .
check format ruff format --check .
check imports imports
check templates templates
check types mypy
check migrations migrations
check openapi openapi
check translations python manage.py messages --check
check deploy deploy

if [ ${#failed[@]} -gt 0 ]; then
    echo "check: failed: ${failed[*]}"
    exit 1
fi
echo "check: all clean"
