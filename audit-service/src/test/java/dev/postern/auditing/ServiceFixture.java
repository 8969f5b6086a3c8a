package dev.postern.auditing;

import dev.postern.audit.envelope.EventEnvelope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// One running service for the tests of a class, and who calls it.
abstract class ServiceFixture {
    @TempDir
    static Path home;

    static RunningService service;
    static Caller producer;
    static Caller operator;
    static Caller stranger;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(home);
        producer = service.caller(service.identity("token-service"));
        operator = service.caller(service.operator());
        stranger = service.withoutCertificate();
    }

    @AfterAll
    static void stop() {
        producer.close();
        operator.close();
        stranger.close();
        service.close();
    }

    /// As a producer sends them.
    static String batch(List<EventEnvelope> events) throws Exception {
        List<String> json = new ArrayList<>();
        for (EventEnvelope event : events) {
            json.add(new String(event.bytes(), StandardCharsets.UTF_8));
        }
        return "[" + String.join(",", json) + "]";
    }
}
