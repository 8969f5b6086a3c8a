package dev.postern.sts.sealing;

import dev.postern.kms.envelope.Place;

/// The columns of the registry that hold sealed values only: what is secret, what may name a person, what people wrote
/// in their own words, and what makes a client who it is.
public enum SealedColumn {
    CLIENT_JWKS("client", "jwks", "client_id"),
    CLIENT_CERTIFICATE("client", "certificate", "client_id"),
    CLIENT_SECRET_HASH("client", "secret_hash", "client_id"),
    CLIENT_POLICY("client", "policy", "client_id"),
    SCOPE_DESCRIPTION("scope", "description", "name"),
    POLICY_DOCUMENT("policy_version", "document", "epoch"),
    POLICY_AUTHOR("policy_version", "author", "epoch"),
    ISSUER_DOCUMENT("foreign_issuer", "document", "name"),
    REVOCATION_TARGET("revocation", "target", "id"),
    REVOCATION_ACTOR("revocation", "actor", "id"),
    APPROVAL_DOCUMENT("approval", "document", "id"),
    APPROVAL_SUBJECT("approval", "subject", "id"),
    APPROVAL_DECIDER("approval", "decided_by", "id"),
    IDEMPOTENT_ANSWER("idempotency", "answer", "digest");

    /// The store's name in every [Place] and in the names of its keys.
    static final String STORE = "registry";

    private final String table;
    private final String column;
    private final String key;

    SealedColumn(String table, String column, String key) {
        this.table = table;
        this.column = column;
        this.key = key;
    }

    public String table() {
        return table;
    }

    public String column() {
        return column;
    }

    /// The column that names the row.
    String key() {
        return key;
    }

    String field() {
        return table + "." + column;
    }

    Place place(String row) {
        return new Place(STORE, field(), row);
    }
}
