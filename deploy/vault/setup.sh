#!/bin/sh
# Sets a Vault 1.14 or an OpenBao up for Postern: engines, platform CA, policies, roles. Run it again after a change:
# what is there already stays.
#
#   VAULT_ADDR (or BAO_ADDR), VAULT_TOKEN (or BAO_TOKEN), VAULT_CACERT (or BAO_CACERT)   of an administrator
#   POSTERN_VAULT_CLI      bao or vault; the one on the PATH if unset
#   POSTERN_TRUST_DOMAIN   postern.local
#   POSTERN_HOSTS          host names of certificates, with commas; their subdomains too: localhost
#   POSTERN_SERVICES       those that keep keys: key-rotation-service audit-service redaction-service token-service
#   POSTERN_IDENTITIES     those with postern.identity.bootstrap=vault, with keys or without: they may have certificates
#                          signed for their own name, and for the hosts localhost, NAME, NAME.HOST and POSTERN_HOSTS:
#                          none
#   POSTERN_AUTH           any of: approle kubernetes cert. approle
#   POSTERN_KUBERNETES_HOST, POSTERN_KUBERNETES_NAMESPACE   of kubernetes: https://kubernetes.default.svc, postern
#   POSTERN_KUBERNETES_CA   its CA certificate, for a server that is not in a pod of the cluster
#   POSTERN_CLIENT_CA      of cert: PEM file of the CA of the services' client certificates. Each has the service's
#                          name as its common name; the platform's own certificates have none and do not serve
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cli=${POSTERN_VAULT_CLI:-$(command -v bao || command -v vault)}
domain=${POSTERN_TRUST_DOMAIN:-postern.local}
hosts=${POSTERN_HOSTS:-localhost}
services=${POSTERN_SERVICES:-key-rotation-service audit-service redaction-service token-service}
identities=${POSTERN_IDENTITIES:-}
auth=${POSTERN_AUTH:-approle}

engine() { # path, then the arguments of `secrets enable`
  path=$1
  shift
  "$cli" read "sys/mounts/$path/tune" >/dev/null 2>&1 || "$cli" secrets enable -path="$path" "$@" >/dev/null
}
policy() { # of a service
  cat "$here/policies/token.hcl"
  case " $services " in *" $1 "*) sed "s/@SERVICE@/$1/g" "$here/policies/service.hcl" ;; esac
  [ "$1" != key-rotation-service ] || cat "$here/policies/platform-ca.hcl"
  case " $identities " in *" $1 "*) sed "s/@SERVICE@/$1/g" "$here/policies/identity.hcl" ;; esac
}
certificates() { # a role, the URI names that it signs, its hosts, and whether of these also what is below them
  "$cli" write "pki/roles/$1" \
    allowed_uri_sans="$2" allowed_domains="$3" allow_bare_domains=true allow_subdomains="$4" \
    allow_localhost=true allow_ip_sans=true allow_any_name=false enforce_hostnames=true \
    use_csr_common_name=false use_csr_sans=false require_cn=false \
    key_type=ec key_bits=256 key_usage=DigitalSignature server_flag=true client_flag=true \
    basic_constraints_valid_for_non_ca=true not_before_duration=30s max_ttl=24h no_store=true >/dev/null
}
method() {
  "$cli" read "sys/auth/$1/tune" >/dev/null 2>&1 || "$cli" auth enable "$1" >/dev/null
}

engine transit transit
engine postern -version=2 kv
# Wrapped sets are replaced, not collected: what was taken out of one is gone. And only by who saw the last.
"$cli" write postern/config max_versions=1 cas_required=true >/dev/null
engine pki pki
"$cli" secrets tune -max-lease-ttl=87600h pki >/dev/null

# The platform CA of postern.ca.kind=vault-pki: its key is made here and stays.
"$cli" read pki/cert/ca 2>/dev/null | grep -q 'BEGIN CERTIFICATE' ||
  "$cli" write pki/root/generate/internal common_name="Postern platform CA" organization=Postern \
    key_type=ec key_bits=256 ttl=87600h max_path_length=0 >/dev/null
# Names come from key-rotation-service, never from a request; only of this trust domain and these hosts.
certificates postern-workload "spiffe://$domain/*" "$hosts" true
# And these from the service itself: its own.
for service in $identities; do
  own="$hosts,$service"
  for host in $(echo "$hosts" | tr , ' '); do own="$own,$service.$host"; done
  certificates "postern-$service" "spiffe://$domain/service/$service" "$own" false
done

for kind in $auth; do
  method "$kind"
  case $kind in
    cert)
      # A renewed certificate may renew the token of the last.
      "$cli" write auth/cert/config disable_binding=true >/dev/null
      ;;
    kubernetes)
      # A server outside the cluster has no pod's files: it is given the CA, and asks with the caller's own token.
      "$cli" write auth/kubernetes/config \
        kubernetes_host="${POSTERN_KUBERNETES_HOST:-https://kubernetes.default.svc}" \
        ${POSTERN_KUBERNETES_CA:+disable_local_ca_jwt=true "kubernetes_ca_cert=@$POSTERN_KUBERNETES_CA"} >/dev/null
      ;;
  esac
done
for service in $(printf '%s\n' $services $identities | sort -u); do
  policy "$service" | "$cli" policy write "$service" - >/dev/null
  for kind in $auth; do
    case $kind in
      approle)
        "$cli" write "auth/approle/role/$service" token_policies="$service" token_no_default_policy=true \
          token_ttl=1h token_max_ttl=24h token_type=service >/dev/null
        ;;
      kubernetes)
        "$cli" write "auth/kubernetes/role/$service" token_policies="$service" token_no_default_policy=true \
          token_ttl=1h token_max_ttl=24h bound_service_account_names="$service" \
          bound_service_account_namespaces="${POSTERN_KUBERNETES_NAMESPACE:-postern}" >/dev/null
        ;;
      cert)
        "$cli" write "auth/cert/certs/$service" certificate="@$POSTERN_CLIENT_CA" allowed_common_names="$service" \
          token_policies="$service" token_no_default_policy=true token_ttl=1h token_max_ttl=24h >/dev/null
        ;;
    esac
  done
done
echo "Postern's engines, CA, policies and roles ($auth) are in place."
