package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext
class ShutdownTest extends GatewayFixture {
    @Autowired
    ConfigurableApplicationContext gateway;

    @Test
    void sessionWhenGatewayStopsThenItIsClosedInGoodOrder() throws Exception {
        model(stream -> stream.document("{}"));
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        relay().farewells().clear();

        gateway.stop();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(relay().farewells()).contains("shut-down"));
    }
}
