package dev.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.postern.token.DirectoryKey.State;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Turns the signed directory into a snapshot, or refuses it.
///
/// What is not understood is left out - another class of key, an unknown state, another owner - so that a key which
/// cannot be judged is a key that is not found. What is wrong refuses the whole directory.
final class DirectoryReader {

    static final String TYPE = "postern-directory+jwt";
    static final int MAX_LENGTH = 1024 * 1024;

    /// What clocks may differ by, and an answer take.
    private static final Duration OLDEST = Duration.ofMinutes(2);

    private static final String TOKEN_SIGNING = "token-signing";

    private final DirectorySettings settings;
    private final Supplier<? extends Collection<X509Certificate>> anchors;
    private final Clock clock;

    DirectoryReader(DirectorySettings settings, Supplier<? extends Collection<X509Certificate>> anchors, Clock clock) {
        this.settings = settings;
        this.anchors = anchors;
        this.clock = clock;
    }

    DirectorySnapshot read(String compact) throws DirectoryRefused {
        byte[] payload;
        try {
            payload = IdentityJws.verify(compact, TYPE, settings.authority(), anchors.get(), clock, MAX_LENGTH);
        } catch (TokenRejected _) {
            throw new DirectoryRefused(DirectoryRefused.Reason.FORGED);
        }
        try {
            Claims directory = Claims.parse(payload);
            DirectorySnapshot snapshot = snapshot(directory, directory.time("issued_at"));
            requireOfOurTime(snapshot.issuedAt());
            return snapshot;
        } catch (TokenRejected | ParseException | JOSEException | IllegalArgumentException _) {
            throw new DirectoryRefused(DirectoryRefused.Reason.MALFORMED);
        }
    }

    /// A directory is signed when it is asked for.
    private void requireOfOurTime(Instant issuedAt) throws DirectoryRefused {
        if (Duration.between(issuedAt, clock.instant()).abs().compareTo(OLDEST) > 0) {
            throw new DirectoryRefused(DirectoryRefused.Reason.OUT_OF_TIME);
        }
    }

    private DirectorySnapshot snapshot(Claims directory, Instant issuedAt)
            throws TokenRejected, ParseException, JOSEException {
        JsonNode entries = directory.object().path("keys");
        if (!entries.isArray()) {
            throw new IllegalArgumentException("keys is not an array");
        }
        Map<String, DirectoryEntry> listed = new LinkedHashMap<>();
        Map<String, DirectoryKey> keys = new LinkedHashMap<>();
        for (JsonNode node : entries) {
            Claims claims = new Claims(node);
            Optional<DirectoryEntry> entry = entry(claims);
            if (entry.isEmpty()) {
                continue;
            }
            if (listed.put(entry.get().keyId(), entry.get()) != null) {
                throw new IllegalArgumentException("a key id is listed twice");
            }
            signingKey(claims, entry.get()).ifPresent(key -> keys.put(key.keyId(), key));
        }
        return new DirectorySnapshot(
                directory.number("version", Long.MAX_VALUE), issuedAt, keys, List.copyOf(listed.values()));
    }

    private static Optional<DirectoryEntry> entry(Claims entry) throws TokenRejected {
        Optional<DirectoryEntry.State> state = state(DirectoryEntry.State.values(), entry.text("state"));
        if (state.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DirectoryEntry(
                entry.text("kid"),
                entry.text("class"),
                URI.create(entry.text("owner")),
                entry.text("instance"),
                state.get()));
    }

    private Optional<DirectoryKey> signingKey(Claims claims, DirectoryEntry entry)
            throws TokenRejected, ParseException, JOSEException {
        Optional<State> state = state(State.values(), entry.state().name());
        boolean ours = entry.keyClass().equals(TOKEN_SIGNING) && entry.owner().equals(settings.owner());
        if (!ours || state.isEmpty()) {
            return Optional.empty();
        }
        ECKey jwk = ECKey.parse(claims.object().path("jwk").toString());
        if (jwk.isPrivate() || !Curve.P_256.equals(jwk.getCurve())) {
            throw new IllegalArgumentException("not a public P-256 key");
        }
        return Optional.of(new DirectoryKey(
                entry.keyId(),
                entry.owner(),
                entry.instance(),
                state.get(),
                jwk.toECPublicKey(),
                claims.optionalTime("since")));
    }

    private static <S extends Enum<S>> Optional<S> state(S[] states, String name) {
        return Arrays.stream(states).filter(state -> state.name().equals(name)).findFirst();
    }
}
