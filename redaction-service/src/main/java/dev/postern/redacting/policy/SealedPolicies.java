package dev.postern.redacting.policy;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The policies as a set that key management wraps: lists of values that must be hidden are such values themselves.
///
/// Guarantee: a set that was altered, or that another key management wrapped, is an error and is left alone. A set that
/// was there and is gone is an error, too: policies are changed and never taken back. Not guaranteed: that a set of
/// before a restart is missed when an older one, or none, lies in its place after it.
final class SealedPolicies implements PolicyStore, Wrapped {
    static final String SET = "redaction-policies";
    private static final KeyName WRAPPING = KeyName.wrapping("redaction-policies");
    private static final byte[] CONTEXT = "postern redaction policies 1".getBytes(StandardCharsets.US_ASCII);
    private static final int TRIES = 5;

    private final KeyManagement kms;
    private final WrappedSets sets;

    SealedPolicies(KeyManagement kms, WrappedSets sets) {
        this.kms = kms;
        this.sets = sets;
    }

    @Override
    public Optional<Reading> changedSince(Optional<Reading> known) {
        Optional<byte[]> kept = sets.read(SET);
        if (known.isPresent()
                && Arrays.equals(kept.orElse(null), known.get().seen().orElse(null))) {
            return Optional.empty();
        }
        if (kept.isEmpty() && known.flatMap(Reading::seen).isPresent()) {
            throw new IllegalStateException("the policies in " + sets.placeOf(SET) + " are gone");
        }
        return Optional.of(new Reading(kept.map(this::open).orElse(PolicySet.EMPTY), kept));
    }

    @Override
    public boolean replace(Reading before, PolicySet set) {
        byte[] json = set.toJson();
        try {
            return sets.replace(SET, before.seen().orElse(null), kms.wrap(WRAPPING, json, CONTEXT));
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    private PolicySet open(byte[] wrapped) {
        byte[] json = kms.unwrap(WRAPPING, wrapped, CONTEXT);
        try {
            return PolicySet.of(json);
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    @Override
    public KeyName wrapping() {
        return WRAPPING;
    }

    /// Others may write meanwhile: then what they wrote is moved.
    @Override
    public int renew() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<byte[]> kept = sets.read(SET);
            Optional<byte[]> renewed = kept.flatMap(wrapped -> kms.renewed(WRAPPING, wrapped, CONTEXT));
            if (renewed.isEmpty()) {
                return 0;
            }
            if (sets.replace(SET, kept.get(), renewed.get())) {
                return 1;
            }
        }
        throw new IllegalStateException("others change the policies without end");
    }
}
