package dev.postern.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.token.FakeTokenService;
import dev.postern.test.MutableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedRequestsTest {
    @TempDir
    Path directory;

    @Test
    void runWhenRequestsAreUsedUpThenEndsEarlyAndNoneWasSentTwice() throws Exception {
        try (FakeTokenService service = new FakeTokenService(directory)) {
            SignedRequests requests =
                    SignedRequests.sign(service.issuer(), service.client("security"), 6, MutableClock.atNoon());
            Target target = new Target("token", service.issuer(), Optional.of(service.tls()), requests);

            LoadRun.Result result = LoadRun.run(target, 2, Duration.ofSeconds(30));

            assertThat(result.latencies().count()).isEqualTo(6);
            assertThat(result.failed()).isZero();
            assertThat(service.calls("POST", "/oauth2/token"))
                    .extracting(call -> call.form().get("client_assertion"))
                    .doesNotHaveDuplicates()
                    .hasSize(6);
        }
    }

    @Test
    void documentWhenAskedForThenAPlainGet() throws Exception {
        try (FakeTokenService service = new FakeTokenService(directory)) {
            Target target = Target.document(service.issuer().resolve("/oauth2/jwks"), service.tls());

            assertThat(new String(target.requests().next(), StandardCharsets.US_ASCII))
                    .startsWith("GET /oauth2/jwks HTTP/1.1\r\nHost: localhost:")
                    .endsWith("\r\n\r\n");
        }
    }
}
