# audit-service: wraps the keys of its checkpoints and archives, keeps its wrapped sets. Its own keys only.
path "transit/keys/audit-service.*" {
  capabilities = ["create", "read", "update"]
  # No way out for a key, and no rotation behind the service's back.
  denied_parameters = {
    "exportable"             = []
    "allow_plaintext_backup" = []
    "deletion_allowed"       = []
    "auto_rotate_period"     = []
  }
}
path "transit/encrypt/audit-service.*" {
  capabilities = ["update"]
}
path "transit/decrypt/audit-service.*" {
  capabilities = ["update"]
}
path "transit/rewrap/audit-service.*" {
  capabilities = ["update"]
}
path "postern/data/audit-service/*" {
  capabilities = ["create", "read", "update"]
}

# Its own token, instead of the default policy.
path "auth/token/lookup-self" {
  capabilities = ["read"]
}
path "auth/token/renew-self" {
  capabilities = ["update"]
}
path "auth/token/revoke-self" {
  capabilities = ["update"]
}
