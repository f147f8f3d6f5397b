#!/usr/bin/env bash
# Remake requirements.lock and requirements-dev.lock: newest versions that pyproject.toml allows, for Python 3.11 and newer on every
# platform, with the hashes of every file. No index address may get in: the lock is the same behind every mirror (docs/decisions/0001).
# `ops/lock.sh --keep` changes only what pyproject.toml asks for, `ops/lock.sh -P NAME` upgrades one package.
set -euo pipefail
cd "$(dirname "$0")/.."
eval "$(.venv/bin/python ops/package_index.py)"
options=(--universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet)
case "${1:-}" in
    --keep) ;;
    -P) options+=(-P "$2") ;;
    *) options+=(--upgrade) ;;
esac
.venv/bin/uv pip compile pyproject.toml "${options[@]}" -o requirements.lock
.venv/bin/uv pip compile pyproject.toml --group dev -c requirements.lock "${options[@]}" -o requirements-dev.lock
# the only thing the check can do without a network: the lock belongs to these very dependencies
.venv/bin/python ops/lock_mark.py --write
if grep -nE '://' requirements.lock requirements-dev.lock; then echo "error: an address got into the lock" >&2; exit 1; fi
