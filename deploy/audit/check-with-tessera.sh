#!/bin/sh
# Checks an audit log with a checker that others wrote: fsck of Tessera (transparency-dev, Apache-2.0), a tlog-tiles
# implementation in Go. It reads a log from entry 0, makes every tile anew and compares it, and verifies the checkpoint.
#
#   deploy/audit/check-with-tessera.sh [DIRECTORY]     with log/ and vkeys/ in it; .postern/data/audit if unset
#
# Ends 0 when every log is sound, 1 when one is not, or takes longer than POSTERN_CHECKER_SECONDS (3600). The first run builds the checker from its Go module into
# .postern/tools (half a minute); where Go is not, one line says that nothing was checked, and it ends 0.
set -eu
version=v1.0.4
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
directory=${1:-$root/.postern/data/audit}
longest=${POSTERN_CHECKER_SECONDS:-3600}
checker=$root/.postern/tools/tessera-fsck
if [ ! -x "$checker" ]; then
  go=$(command -v go || echo /usr/local/go/bin/go)
  if [ ! -x "$go" ]; then
    echo "skipped: there is no Go to build the checker with, and no $checker"
    exit 0
  fi
  work=$(mktemp -d)
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  mkdir -p "$(dirname "$checker")"
  GOPATH=$work GOBIN=$work/bin GOFLAGS=-buildvcs=false "$go" install "github.com/transparency-dev/tessera/cmd/fsck@$version"
  mv "$work/bin/fsck" "$checker"
  chmod -R u+w "$work"
  rm -rf "$work"
fi
directory=$(CDPATH='' cd -- "$directory" && pwd)
sound=0 checked=0
said=$(mktemp)
checking=
trap 'rm -f "$said"; [ -z "$checking" ] || kill "$checking" 2>/dev/null || true' EXIT
for key in "$directory"/vkeys/*.vkey; do
  [ -f "$key" ] || continue
  origin=$(sed 's/+.*//' "$key")
  "$checker" --ui=false -v=1 --storage_url="file://$directory/log/$origin/" --public_key="$key" --origin="$origin" \
    >"$said" 2>&1 &
  checking=$!
  end=$(($(date +%s) + longest)) late=
  # It says each second how far it is. Where something is wrong it says so, and then may wait for ever; and it ends 0
  # whatever it finds: what it says counts.
  while kill -0 "$checking" 2>/dev/null; do
    if grep -q ':Invalid' "$said"; then kill "$checking" 2>/dev/null || true; fi
    if [ "$(date +%s)" -ge "$end" ]; then
      late=yes
      kill -9 "$checking" 2>/dev/null || true
    fi
    sleep 0.2
  done
  wait "$checking" 2>/dev/null || true
  checking=
  checked=$((checked + 1))
  if [ -n "$late" ] || ! grep -q "Successfully fsck'd" "$said"; then
    echo "BROKEN $origin"
    sed 's/^/       /' "$said"
    [ -z "$late" ] || echo "       ended after $longest s: give a longer POSTERN_CHECKER_SECONDS if it is large"
    sound=1
  else
    echo "ok     $origin"
  fi
done
if [ "$checked" = 0 ]; then
  echo "There is no log with its key below $directory." >&2
  exit 1
fi
exit $sound
