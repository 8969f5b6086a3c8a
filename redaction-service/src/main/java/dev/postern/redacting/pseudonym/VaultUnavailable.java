package dev.postern.redacting.pseudonym;

/// Nobody can say now what a conversation knows, or keep what it learnt.
public final class VaultUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    VaultUnavailable() {
        super("the vault of pseudonyms is not available", null, false, false);
    }
}
