package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/// The failure direction of admission, closed: the default.
@TestPropertySource(
        properties = {
            "postern.redis.port=1",
            "postern.gateway.relay.session-wait=20s",
            "postern.audit.spool-directory=${postern.home}/spool-of-refusing"
        })
@Import(NoRedis.class)
class AdmissionRefuseTest extends LimitedFixture {
    @Test
    void requestWhenRedisIsAwayThen503BeforeAnythingIsSent() throws Exception {
        limits(limit("small").requestsPerMinute(600, 100).build());
        model(stream -> {
            throw new IllegalStateException("nothing may reach the relay");
        });

        HttpResponse<String> response = send(chat(CHAT));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("admission_unavailable");
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(meters.get("postern.admission")
                        .tags("outcome", "unavailable", "limit", "none")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void requestWhenNothingLimitsItThenRedisIsNotAsked() throws Exception {
        limits();
        model(stream -> stream.document(ANSWER));

        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
    }
}
