#!/usr/bin/env bash
# Everything a target needs before it runs: virtual environment, locked packages, system libraries, translations, icons.
# Quick when nothing changed (a few hundredths of a second). `ops/bootstrap.sh browser` also looks for what only tests need.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '%s\n' "· $*"; }
fail() { printf '%s\n' "error: $*" >&2; exit 1; }

# ── virtual environment and packages ────────────────────────────────────────────────────────────────────────────────
want=$(cat requirements-dev.lock ops/bootstrap.sh | sha256sum; pwd)
if [ "$(cat .venv/.packages 2>/dev/null || true)" != "$want" ]; then
    python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || fail "Python 3.11 or newer is needed (PYTHON=/path/to/python3.11 names one)"
    if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        step "virtual environment .venv"
        "$python" -m venv --clear .venv >/dev/null 2>&1 || {
            rm -rf .venv
            if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
                step "python3-venv through apt"
                apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null 2>&1
                "$python" -m venv .venv
            else
                fail "Python has no venv here: apt-get install python3-venv"
            fi
        }
    fi
    if [ ! -x .venv/bin/uv ]; then
        step "uv, the package installer"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check uv 2>.venv/pip.log || { cat .venv/pip.log >&2; fail "uv cannot be installed by pip"; }
    fi
    step "locked packages (requirements-dev.lock)"
    # uv asks the index that pip is configured for (pip.conf or PIP_*), unless UV_* says otherwise; no index is written down here.
    eval "$(.venv/bin/python ops/package_index.py)"
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements-dev.lock || fail "the locked packages cannot be installed, see above"
    printf '%s' "$want" > .venv/.packages
fi

# ── system libraries ────────────────────────────────────────────────────────────────────────────────────────────────
missing=()
has_library() { [[ $libraries == *"$1 "* ]]; }
has_chinese_font() { compgen -G '/usr/share/fonts/*/noto/NotoSansCJK-Regular.ttc' >/dev/null || [ -n "$(fc-list ':family=Noto Sans CJK SC' 2>/dev/null)" ]; }
stamp=.venv/.libraries${1:+-$1}
if [ ! -e "$stamp" ] || [ ops/bootstrap.sh -nt "$stamp" ]; then
    libraries=$(/sbin/ldconfig -p 2>/dev/null || true)
    has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
    has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
    has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0) # without it a Chinese slip takes 3-7 s instead of 0.2 s
    has_chinese_font || missing+=(fonts-noto-cjk)
    command -v msgfmt >/dev/null || missing+=(gettext)
    command -v setpriv >/dev/null || missing+=(util-linux)
    if [ "${1:-}" = browser ]; then
        command -v pdftotext >/dev/null || missing+=(poppler-utils)
        command -v curl >/dev/null || missing+=(curl) # the examples of docs/api.md
        [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || missing+=(chromium)
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        root=()
        [ "$(id -u)" = 0 ] || root=(sudo -n)
        if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
            step "system libraries through apt: ${missing[*]}"
            "${root[@]}" apt-get update -qq >/dev/null 2>&1 || step "apt-get update failed, trying with the lists that are here"
            "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >.venv/apt.log 2>&1 \
                || { tail -5 .venv/apt.log >&2; fail "apt-get install ${missing[*]} failed"; }
        else
            fail "missing system libraries, install them as root: apt-get install ${missing[*]}"
        fi
    fi
    touch "$stamp"
fi

# ── translations and icons ──────────────────────────────────────────────────────────────────────────────────────────
for po in locale/*/LC_MESSAGES/*.po; do
    [ -e "$po" ] || continue
    if [ "$po" -nt "${po%.po}.mo" ]; then
        step "translations $po"
        msgfmt --check-format -o "${po%.po}.mo.new$$" "$po" && mv "${po%.po}.mo.new$$" "${po%.po}.mo"
    fi
done
# remake TARGET MAKER SOURCE…: run the maker when a source, or the maker itself, is newer than what it made
remake() {
    local target=$1 maker=$2 source
    shift 2
    for source in "$@" "$maker"; do
        if [ "$source" -nt "$target" ]; then
            step "$target"
            .venv/bin/python "$maker"
            break
        fi
    done
}
remake static/generated/icons.svg ops/icons.py ops/icons.txt
remake static/generated/field.js ops/scripts.py static/js/*.js
remake static/generated/site.css ops/styles.py static/css/*.css
