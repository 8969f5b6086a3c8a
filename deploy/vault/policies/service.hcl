# A service with keys, beside token.hcl: wraps keys, keeps its wrapped sets. Its own only; setup.sh puts its name in the
# place of @SERVICE@.
path "transit/keys/@SERVICE@.*" {
  capabilities = ["create", "read", "update"]
  # No way out for a key, none in for a key that somebody else knows (import, import_version), and no rotation behind
  # the service's back.
  denied_parameters = {
    "exportable"             = []
    "allow_plaintext_backup" = []
    "deletion_allowed"       = []
    "auto_rotate_period"     = []
    "ciphertext"             = []
    "public_key"             = []
  }
}
path "transit/encrypt/@SERVICE@.*" {
  capabilities = ["update"]
}
path "transit/decrypt/@SERVICE@.*" {
  capabilities = ["update"]
}
path "transit/rewrap/@SERVICE@.*" {
  capabilities = ["update"]
}
path "postern/data/@SERVICE@/*" {
  capabilities = ["create", "read", "update"]
}
