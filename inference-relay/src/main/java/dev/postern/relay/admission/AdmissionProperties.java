package dev.postern.relay.admission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How sessions are admitted.
///
/// @param audience of the tokens this relay takes
/// @param keyPeriod the longest that one HPKE key is published, 5 to 10 minutes; the key directory turns them over
/// sooner
/// @param sessionLife the longest a session lasts; its token may end it earlier
/// @param maxSessions at once
/// @param maxStreams at once, per session
/// @param opensPerSecond sustained, per peer
/// @param openBurst at once, per peer
/// @param openThreads for HPKE and signatures, off the event loops
/// @param openQueue OPENs waiting for a thread
@ConfigurationProperties("postern.relay.admission")
public record AdmissionProperties(
        @DefaultValue("urn:postern:relay") String audience,
        @DefaultValue("8m") Duration keyPeriod,
        @DefaultValue("15m") Duration sessionLife,
        @DefaultValue("20000") int maxSessions,
        @DefaultValue("256") int maxStreams,
        @DefaultValue("100") int opensPerSecond,
        @DefaultValue("200") int openBurst,
        @DefaultValue("2") int openThreads,
        @DefaultValue("256") int openQueue) {
    public AdmissionProperties {
        if (audience.isBlank()) {
            throw new IllegalArgumentException("postern.relay.admission.audience must not be blank");
        }
        between("key-period", keyPeriod, Duration.ofMinutes(5), Duration.ofMinutes(10));
        between("session-life", sessionLife, Duration.ofSeconds(1), Duration.ofMinutes(15));
        if (maxSessions < 1
                || maxStreams < 1
                || opensPerSecond < 1
                || openBurst < 1
                || openThreads < 1
                || openQueue < 1) {
            throw new IllegalArgumentException("postern.relay.admission limits must be positive");
        }
    }

    private static void between(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "postern.relay.admission." + name + " must be between " + least + " and " + most);
        }
    }
}
