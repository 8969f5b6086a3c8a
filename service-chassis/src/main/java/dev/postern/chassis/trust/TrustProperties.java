package dev.postern.chassis.trust;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How this service follows the trust feed.
///
/// @param enabled whether it does; the token-service, which decides, does not
/// @param publisher where the token-service answers, for when Redis does not
/// @param silence after which every token is refused, because nobody can say whether it was revoked
/// @param clockSkew how far the publisher's clock and ours may differ
@ConfigurationProperties("postern.trust")
public record TrustProperties(
        @DefaultValue("true") boolean enabled,
        URI publisher,
        @DefaultValue("900ms") Duration silence,
        @DefaultValue("2s") Duration clockSkew) {}
