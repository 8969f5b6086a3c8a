package dev.postern.sts.introspection;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.postern.sts.signing.SigningKeys;
import java.time.Clock;
import java.util.Date;
import java.util.Map;
import java.util.Optional;

/// Signs answers about tokens (RFC 9701 section 5): for one caller, of a type that passes for no token.
final class IntrospectionSigner {

    private static final JOSEObjectType TYPE = new JOSEObjectType("token-introspection+jwt");

    private final String issuer;
    private final SigningKeys keys;
    private final Clock clock;

    IntrospectionSigner(String issuer, SigningKeys keys, Clock clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    String issuer() {
        return issuer;
    }

    /// Nothing while there is no key to sign with.
    Optional<String> sign(Map<String, Object> answer, String caller) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(caller)
                .issueTime(Date.from(clock.instant()))
                .claim("token_introspection", answer)
                .build();
        return keys.active().map(key -> key.sign(TYPE, claims));
    }
}
