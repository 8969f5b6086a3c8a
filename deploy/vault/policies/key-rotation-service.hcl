# key-rotation-service: wraps the platform CA's key or has certificates signed, keeps its wrapped sets. Its own keys only.
path "transit/keys/key-rotation-service.*" {
  capabilities = ["create", "read", "update"]
  # No way out for a key, and no rotation behind the service's back.
  denied_parameters = {
    "exportable"             = []
    "allow_plaintext_backup" = []
    "deletion_allowed"       = []
    "auto_rotate_period"     = []
  }
}
path "transit/encrypt/key-rotation-service.*" {
  capabilities = ["update"]
}
path "transit/decrypt/key-rotation-service.*" {
  capabilities = ["update"]
}
path "transit/rewrap/key-rotation-service.*" {
  capabilities = ["update"]
}
path "postern/data/key-rotation-service/*" {
  capabilities = ["create", "read", "update"]
}

# postern.ca.kind=vault-pki: signs requests under one role. It can neither make a CA nor change the role.
path "pki/sign/postern-workload" {
  capabilities = ["update"]
}
path "pki/cert/ca_chain" {
  capabilities = ["read"]
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
