package dev.postern.kms.envelope;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Finds sealed values by equality: the first 128 bits of HMAC-SHA256 of a value under a key that does nothing else.
///
/// Guarantee: without the key nobody can tell a value from its index, nor test a guess; the same value has unlike
/// indexes in different fields. Not guaranteed: which rows of one field hold equal values is visible to whoever reads
/// the column, and how often; so it is for fields where that says little.
///
/// Form: generation, `.`, 22 characters. Safe for any thread.
public final class BlindIndex {
    private static final int BYTES = 16;

    private final KeyRing ring;
    private final String store;
    private final String field;

    public BlindIndex(KeyRing ring, String store, String field) {
        this.ring = ring;
        this.store = store;
        this.field = field;
    }

    /// To be stored beside the sealed value.
    public String of(String value) {
        return of(ring.sealing(KeyUse.INDEX), value);
    }

    /// All that the value may be stored under: one per generation that is still held, so a look-up finds rows that
    /// were written before the last rotation.
    public List<String> candidates(String value) {
        return ring.held(KeyUse.INDEX).values().stream()
                .map(key -> of(key, value))
                .toList();
    }

    private String of(DataKey key, String value) {
        byte[] mac = key.mac(Place.joined(store, field, value));
        return key.generation() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac, BYTES));
    }
}
