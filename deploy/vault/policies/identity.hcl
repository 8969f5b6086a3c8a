# A service with postern.identity.bootstrap=vault, beside token.hcl: has its own certificates signed, under a role that
# signs its own names and no others.
path "pki/sign/postern-@SERVICE@" {
  capabilities = ["update"]
}
path "pki/cert/ca_chain" {
  capabilities = ["read"]
}
