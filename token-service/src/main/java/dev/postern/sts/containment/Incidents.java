package dev.postern.sts.containment;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which incidents were contained in the last minute, on whatever replica. After that the same one is a new one: what
/// was contained has come back.
final class Incidents {

    private static final Duration SAME = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    Incidents(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// Whether this is the first of it.
    boolean begin(String incident) {
        jdbc.sql("delete from containment where expires_at <= ?")
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        try {
            jdbc.sql("insert into containment (incident, expires_at) values (?, ?)")
                    .param(incident)
                    .param(clock.instant().plus(SAME).atOffset(ZoneOffset.UTC))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    /// It was not contained after all.
    void forget(String incident) {
        jdbc.sql("delete from containment where incident = ?").param(incident).update();
    }
}
