package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustFeed;
import java.net.http.HttpResponse;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/// A replica that has not heard of any policy yet.
@Import(NoPolicyTest.Silence.class)
class NoPolicyTest extends GatewayFixture {

    @TestConfiguration(proxyBeanMethods = false)
    static class Silence {
        @Bean
        @Primary
        TrustFeed feedWithoutPolicy(Clock clock) {
            return new OwnTrustFeed(clock);
        }
    }

    @Test
    void requestWhenNoPolicyIsInForceThen503() throws Exception {
        model(stream -> stream.document("{}"));

        HttpResponse<String> response = send(chat(CHAT));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("policy_unavailable");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }
}
