#!/bin/sh
# Builds a Vault 1.14.8 for tests and trials, from its Go module, where Go is present.
#
#   deploy/vault/build-server.sh [DIRECTORY]     leaves DIRECTORY/vault; .postern/tools, where tests look, if unset
#
# 1.14.8 is the last Vault under the Mozilla Public License: 1.14.9 and everything later is not, and this script
# refuses it. OpenBao's server is no Go module that a proxy serves; where its release is at hand, put `bao` on the
# PATH instead. Needs about 6 GB of disk and, on two cores, five minutes.
set -eu
directory=${1:-$(dirname -- "$0")/../../.postern/tools}
target=$(mkdir -p "$directory" && CDPATH='' cd -- "$directory" && pwd)
go=$(command -v go || echo /usr/local/go/bin/go)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
module=github.com/hashicorp/vault

fetch() { # module version directory
  (cd "$work" && "$go" mod download -json "$1@$2") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' | {
    read -r source
    mkdir -p "$3" && cp -R "$source/." "$3" && chmod -R u+w "$3"
    grep -q 'Mozilla Public License' "$3/LICENSE" || {
      echo "$1@$2 is not under the Mozilla Public License." >&2
      exit 1
    }
  }
}

(cd "$work" && "$go" mod init build.local >/dev/null 2>&1)
fetch $module v1.14.8 "$work/vault"
# The repository's nested modules are modules of their own to a proxy: the tagged ones that come closest.
fetch $module/sdk v0.10.2 "$work/vault/sdk"
fetch $module/api v1.10.0 "$work/vault/api"
fetch $module/api/auth/approle v0.1.0 "$work/vault/api/auth/approle"
fetch $module/api/auth/userpass v0.1.0 "$work/vault/api/auth/userpass"
fetch $module/api/auth/kubernetes v0.4.1 "$work/vault/api/auth/kubernetes"
# A name that the SDK changed between them, and what 1.14.8 has beyond v0.10.2 (as in v0.11.0).
sed -i 's/^func (bus \*pluginEventBus) Send(/func (bus *pluginEventBus) SendEvent(/' "$work/vault/vault/eventbus/bus.go"
# And a check of v0.10.2 that the server's own paths of 1.14.8 do not pass.
sed -i '/^func (b \*Backend) init() {/,/^}/ s/if p.ExistenceCheck == nil {/if false {/' \
  "$work/vault/sdk/framework/backend.go"
cat >"$work/vault/sdk/logical/original_body.go" <<'GO'
package logical

import (
	"context"
	"io"
)

type ctxKeyOriginalBody struct{}

func ContextOriginalBodyValue(ctx context.Context) (io.ReadCloser, bool) {
	value, ok := ctx.Value(ctxKeyOriginalBody{}).(io.ReadCloser)
	return value, ok
}

func CreateContextOriginalBody(parent context.Context, body io.ReadCloser) context.Context {
	return context.WithValue(parent, ctxKeyOriginalBody{}, body)
}
GO
cd "$work/vault"
CGO_ENABLED=0 GOFLAGS="-mod=mod -buildvcs=false" nice "$go" build -p 2 -trimpath -ldflags "-s -w" -o "$target/vault" .
"$target/vault" version
