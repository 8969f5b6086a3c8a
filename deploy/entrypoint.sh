#!/bin/sh
# Starts one service in a container: prepares what `./postern up` prepares on one machine, then becomes the service.
#
# With join tokens (the default; docker-compose.yml) the services share one home volume, so whoever can write it can
# become any service. With POSTERN_IDENTITY_BOOTSTRAP=kubernetes or vault (k8s/) each has a home of its own, and proves
# itself by its service account or its credentials at the Vault.
set -eu
umask 077

: "${POSTERN_SERVICE:?}" "${POSTERN_HOME:?}"
[ "$POSTERN_SERVICE" != model-simulator ] || exec java -Xmx128m -jar /opt/postern/service.jar

data=$POSTERN_HOME/data/$POSTERN_SERVICE
mkdir -p "$data"

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

write() { # write FILE: standard input into FILE, whole or not at all
  cat > "$1.$$" && mv "$1.$$" "$1"
}

[ -s "$data/kms-passphrase" ] || random | write "$data/kms-passphrase"

if [ "${POSTERN_IDENTITY_BOOTSTRAP:-join-token}" = join-token ] && [ "$POSTERN_SERVICE" != key-rotation-service ]; then
  join=$POSTERN_HOME/data/key-rotation-service/join
  mkdir -p "$join"
  token=$(random)
  digest=$(printf %s "$token" | sha256sum | cut -d' ' -f1)
  expires=$(date -u -d '+10 minutes' +%Y-%m-%dT%H:%M:%SZ)
  printf '{"service":"%s","expires_at":"%s"}' "$POSTERN_SERVICE" "$expires" | write "$join/$digest.json"
  printf %s "$token" | write "$data/join-token"
fi

# The certificate carries the name under which the others find this service.
export POSTERN_IDENTITY_DNSNAMES="localhost,127.0.0.1,$POSTERN_SERVICE"

exec java -XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -jar /opt/postern/service.jar
