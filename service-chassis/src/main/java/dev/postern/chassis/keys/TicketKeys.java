package dev.postern.chassis.keys;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/// The class `tls-ticket`. The JDK shows nobody the keys of its session tickets: they live and die with a TLS context.
/// So a key is a generation of this process's contexts, known by its name alone.
///
/// Guarantee: once a directory that calls another generation ACTIVE, or this one COMPROMISED, is applied here, no
/// ticket of before is resumed: its holder makes a full handshake and notices nothing else. Non-guarantee: connections
/// that are open stay; what was read from recorded traffic with a stolen ticket key is read (TLS 1.3 resumes with a new
/// key exchange, so that is early data, which is never taken here). Renewing the certificate does the same, more often.
final class TicketKeys implements KeySource<String> {
    private static final int NAME_BYTES = 12;

    private final Runnable forgetSessions;
    private final SecureRandom random;

    TicketKeys(Runnable forgetSessions, SecureRandom random) {
        this.forgetSessions = forgetSessions;
        this.random = random;
    }

    @Override
    public String keyClass() {
        return "tls-ticket";
    }

    @Override
    public Retirement retirement() {
        return Retirement.FORGOTTEN;
    }

    @Override
    public String next() {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        return "tickets-" + Base64.getUrlEncoder().withoutPadding().encodeToString(name);
    }

    @Override
    public String keyId(String generation) {
        return generation;
    }

    @Override
    public Map<String, Object> publicJwk(String generation) {
        return Map.of();
    }

    @Override
    public void moved(String generation, Fate fate) {
        switch (fate) {
            case ACTIVE, COMPROMISED -> forgetSessions.run();
            case PREPARED, RETIRING, DESTROYED -> {}
        }
    }
}
