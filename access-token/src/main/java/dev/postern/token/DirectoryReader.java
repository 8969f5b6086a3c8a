package dev.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.postern.token.DirectoryKey.State;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
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
            return snapshot(Claims.parse(payload));
        } catch (TokenRejected | ParseException | JOSEException | IllegalArgumentException _) {
            throw new DirectoryRefused(DirectoryRefused.Reason.MALFORMED);
        }
    }

    private DirectorySnapshot snapshot(Claims directory) throws TokenRejected, ParseException, JOSEException {
        JsonNode entries = directory.object().path("keys");
        if (!entries.isArray()) {
            throw new IllegalArgumentException("keys is not an array");
        }
        Map<String, DirectoryKey> keys = new LinkedHashMap<>();
        for (JsonNode entry : entries) {
            Optional<DirectoryKey> key = key(new Claims(entry));
            if (key.isPresent() && keys.put(key.get().keyId(), key.get()) != null) {
                throw new IllegalArgumentException("a key id is listed twice");
            }
        }
        return new DirectorySnapshot(directory.number("version", Long.MAX_VALUE), directory.time("issued_at"), keys);
    }

    private Optional<DirectoryKey> key(Claims entry) throws TokenRejected, ParseException, JOSEException {
        Optional<State> state = state(entry.text("state"));
        URI owner = URI.create(entry.text("owner"));
        if (!entry.text("class").equals(TOKEN_SIGNING) || !owner.equals(settings.owner()) || state.isEmpty()) {
            return Optional.empty();
        }
        ECKey jwk = ECKey.parse(entry.object().path("jwk").toString());
        if (jwk.isPrivate() || !Curve.P_256.equals(jwk.getCurve())) {
            throw new IllegalArgumentException("not a public P-256 key");
        }
        return Optional.of(
                new DirectoryKey(entry.text("kid"), owner, entry.text("instance"), state.get(), jwk.toECPublicKey()));
    }

    private static Optional<State> state(String name) {
        for (State state : State.values()) {
            if (state.name().equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
