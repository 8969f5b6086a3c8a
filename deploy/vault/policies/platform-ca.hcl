
# key-rotation-service, beside service.hcl.
# postern.ca.kind=vault-pki: signs requests under one role. It can neither make a CA nor change the role.
path "pki/sign/postern-workload" {
  capabilities = ["update"]
}
path "pki/cert/ca_chain" {
  capabilities = ["read"]
}
