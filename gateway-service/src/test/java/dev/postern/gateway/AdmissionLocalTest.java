package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/// The failure direction of admission, degraded: each of two replicas counts its half.
@TestPropertySource(
        properties = {
            "postern.gateway.relay.session-wait=20s",
            "postern.audit.spool-directory=${postern.home}/spool-of-local",
            "postern.gateway.admission.when-redis-is-away=local",
            "postern.gateway.admission.replicas=2"
        })
@Import(NoRedis.class)
class AdmissionLocalTest extends LimitedFixture {
    @Test
    void requestsWhenRedisIsAwayThenThisReplicasShareIsServed() throws Exception {
        limits(limit("small").requestsPerMinute(1, 4).build());
        model(stream -> stream.document(ANSWER));

        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        HttpResponse<String> third = send(chat(CHAT));
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("RateLimit-Limit")).contains("2");
    }
}
