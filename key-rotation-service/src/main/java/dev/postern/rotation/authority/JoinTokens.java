package dev.postern.rotation.authority;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One-time join tokens as files named by the token's SHA-256, written by whoever may admit workloads.
///
/// Guarantee: of any number of simultaneous uses one succeeds, the one that deletes the file; the file system
/// decides, so this holds across processes and restarts too. The token itself is never on this service's disk.
final class JoinTokens {
    enum Refusal {
        UNKNOWN,
        EXPIRED,
        OTHER_SERVICE,
        USED
    }

    static final class Refused extends Exception {
        private final Refusal refusal;

        Refused(Refusal refusal) {
            super(refusal.name(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }

    /// A token that is good for a service, not used yet.
    static final class Ticket {
        private final Path file;

        private Ticket(Path file) {
            this.file = file;
        }

        /// Uses the token up: on return its end is on disk, so a crash does not bring it back.
        ///
        /// @throws Refused if somebody else was first
        void use() throws Refused {
            try {
                Files.delete(file);
                try (FileChannel directory = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
                    directory.force(true);
                }
            } catch (NoSuchFileException _) {
                throw new Refused(Refusal.USED);
            } catch (IOException _) {
                // Not deleted for certain means not used for certain: then it admits nobody.
                throw new Refused(Refusal.UNKNOWN);
            }
        }
    }

    private record Grant(
            @Nullable String service,
            @JsonProperty("expires_at") @Nullable Instant expiresAt) {}

    private static final int LONGEST_TOKEN = 512;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path directory;
    private final Clock clock;

    JoinTokens(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /// Checks a token for a service without using it.
    Ticket check(String token, String service) throws Refused {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            throw new Refused(Refusal.UNKNOWN);
        }
        Path file = directory.resolve(hash(token) + ".json");
        Grant grant = read(file);
        if (grant.service() == null || grant.expiresAt() == null) {
            throw new Refused(Refusal.UNKNOWN);
        }
        if (!clock.instant().isBefore(grant.expiresAt())) {
            new Ticket(file).use();
            throw new Refused(Refusal.EXPIRED);
        }
        if (!grant.service().equals(service)) {
            throw new Refused(Refusal.OTHER_SERVICE);
        }
        return new Ticket(file);
    }

    private static Grant read(Path file) throws Refused {
        try {
            return JSON.readValue(Files.readAllBytes(file), Grant.class);
        } catch (IOException | JacksonException _) {
            throw new Refused(Refusal.UNKNOWN);
        }
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
