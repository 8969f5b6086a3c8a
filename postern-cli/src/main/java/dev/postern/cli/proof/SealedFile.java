package dev.postern.cli.proof;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.WrappedValue;
import dev.postern.kms.envelope.SetKeyShelf;
import dev.postern.kms.envelope.WrappedKey;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files that are ciphertext as a whole, or but for parameters: their form is read and their ciphertext looked at.
final class SealedFile {
    /// What was seen of one.
    record Seen(String evidence, Optional<String> problem) {}

    private static final JsonMapper JSON = new JsonMapper();

    private SealedFile() {}

    /// The keyset of a local key management.
    static Seen keyset(byte[] content) {
        return json(content, "sealed", false);
    }

    /// A key that is wrapped beside its public half or certificate.
    static Seen wrappedKey(byte[] content) {
        return json(content, "key", true);
    }

    /// The keys of a day's audit events, or that they were destroyed.
    static Seen auditEpoch(byte[] content) {
        try {
            return JSON.readTree(content).has("destroyed") ? new Seen("", Optional.empty()) : wrappedKey(content);
        } catch (JacksonException _) {
            return new Seen("", Optional.of("not of the form of a sealed file"));
        }
    }

    /// A value that key management wrapped.
    static Seen wrapped(byte[] content) {
        try {
            int version = WrappedValue.versionOf(content);
            Seen seen = ciphertext(content);
            return new Seen("version " + version + " of its key, " + seen.evidence(), seen.problem());
        } catch (KeyManagementException _) {
            return new Seen("", Optional.of("not a value that key management wrapped"));
        }
    }

    /// Data keys on their shelf, each wrapped by key management.
    static Seen keyShelf(byte[] content) {
        Optional<List<WrappedKey>> keys = SetKeyShelf.parse(content).filter(all -> !all.isEmpty());
        if (keys.isEmpty()) {
            return new Seen("", Optional.of("not of the form of a key shelf"));
        }
        Optional<String> problem = keys.get().stream()
                .flatMap(key -> wrapped(key.wrapped()).problem().stream())
                .findFirst();
        return new Seen(keys.get().size() + " wrapped data keys", problem);
    }

    private static Seen json(byte[] content, String member, boolean wrapped) {
        try {
            JsonNode value = JSON.readTree(content).path(member);
            byte[] octets = Base64.getDecoder().decode(value.asString(""));
            return wrapped ? wrapped(octets) : ciphertext(octets);
        } catch (JacksonException | IllegalArgumentException _) {
            return new Seen("", Optional.of("not of the form of a sealed file"));
        }
    }

    private static Seen ciphertext(byte[] octets) {
        return new Seen(
                String.format(
                        Locale.ROOT,
                        "%d octets of ciphertext, %.2f bits of entropy per octet",
                        octets.length,
                        Entropy.bitsPerOctet(octets)),
                Entropy.mayBeRandom(octets) ? Optional.empty() : Optional.of("it does not look like ciphertext"));
    }
}
