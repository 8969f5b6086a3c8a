package dev.postern.vault;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.WrappedSets;
import dev.postern.vault.VaultMetrics.Operation;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Wrapped sets in a KV v2 engine, one secret each, written with check-and-set: of two replicas that write at once, one
/// is told that it came second. `deploy/vault/setup.sh` has the engine keep one version: what a set no longer holds
/// cannot be read any more, but from a backup of the server's storage.
final class VaultWrappedSets implements WrappedSets {
    private static final String MEMBER = "wrapped";

    /// @param number as the engine counts
    private record Kept(int number, String base64) {
        byte[] content() {
            return Base64.getDecoder().decode(base64);
        }
    }

    private final VaultLink link;
    private final String mount;
    private final String prefix;

    /// @param prefix the service's own part of the engine
    VaultWrappedSets(VaultLink link, String mount, String prefix) {
        this.link = link;
        this.mount = mount;
        this.prefix = prefix;
    }

    @Override
    public Optional<byte[]> read(String name) {
        return kept(name).map(Kept::content);
    }

    @Override
    public boolean replace(String name, byte @Nullable [] expected, byte[] content) {
        Optional<Kept> present = kept(name);
        if (!Arrays.equals(present.map(Kept::content).orElse(null), expected)) {
            return false;
        }
        int number = present.map(Kept::number).orElse(0);
        try {
            var _ = link.write(
                    Operation.WRITE_SET,
                    path(name),
                    Map.of(
                            "options", Map.of("cas", number),
                            "data", Map.of(MEMBER, Base64.getEncoder().encodeToString(content))));
            return true;
        } catch (VaultRejected rejected) {
            // The engine's word for a lost race, or for one that was there and was deleted.
            Optional<Kept> now = kept(name);
            if (now.map(Kept::number).orElse(0) != number || now.isEmpty()) {
                return false;
            }
            throw VaultLink.unexpected(rejected);
        }
    }

    @Override
    public String placeOf(String name) {
        return "the Vault's " + path(name);
    }

    private Optional<Kept> kept(String name) {
        return link.read(Operation.READ_SET, path(name)).map(answer -> {
            if (answer.get("data") instanceof Map<?, ?> data
                    && data.get(MEMBER) instanceof String base64
                    && answer.get("metadata") instanceof Map<?, ?> metadata
                    && metadata.get("version") instanceof Number number) {
                return new Kept(number.intValue(), base64);
            }
            throw new KeyManagementException(Reason.UNAVAILABLE, placeOf(name) + " holds something else.");
        });
    }

    /// Names are bounded as those of keys are.
    private String path(String name) {
        return mount + "/data/" + prefix + "/" + KeyName.wrapping(name).value();
    }
}
