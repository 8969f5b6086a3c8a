package dev.postern.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.ProofKey;
import dev.postern.test.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenClientTest {
    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path directory;

    private FakeTokenService service;
    private TokenClient tokens;
    private ClientKeys client;

    @BeforeEach
    void start() throws Exception {
        service = new FakeTokenService(directory);
        client = service.client("security");
        tokens = new TokenClient(service.issuer(), service.tls(), MutableClock.atNoon());
    }

    @AfterEach
    void stop() {
        tokens.close();
        service.close();
    }

    @Test
    void fetchWhenANonceIsWantedThenAsksAgainWithItAndWithAnotherAssertion() throws Exception {
        ProofKey key = client.proofKey(random);

        String token = tokens.fetch(
                TokenRequest.of(client, "llm:invoke", TokenRequest.GATEWAY).boundTo(key));

        List<FakeTokenService.Call> calls = service.calls("POST", "/oauth2/token");
        assertThat(token).isEqualTo("token-2");
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).proofClaim("htu")).isEqualTo(service.issuer() + "/oauth2/token");
        assertThat(assertionId(calls.get(0))).isNotEqualTo(assertionId(calls.get(1)));
    }

    @Test
    void fetchWhenTheNonceIsKnownThenAsksOnce() throws Exception {
        TokenRequest request =
                TokenRequest.of(client, "llm:invoke", TokenRequest.GATEWAY).boundTo(client.proofKey(random));
        tokens.fetch(request);

        tokens.fetch(request);

        assertThat(service.calls("POST", "/oauth2/token")).hasSize(3);
    }

    @Test
    void fetchWhenExchangingThenTheFormIsThatOfRfc8693() throws Exception {
        tokens.fetch(TokenRequest.of(client, "llm:invoke", TokenRequest.GATEWAY)
                .exchanging(new SubjectToken("subject", SubjectToken.ACCESS_TOKEN))
                .use("capability")
                .details("[{\"type\":\"postern_models\",\"models\":[\"a\"]}]"));

        assertThat(service.calls("POST", "/oauth2/token").getFirst().form())
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("subject_token", "subject")
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
                .containsEntry("resource", TokenRequest.GATEWAY)
                .containsEntry("token_use", "capability")
                .containsEntry("authorization_details", "[{\"type\":\"postern_models\",\"models\":[\"a\"]}]");
    }

    @Test
    void fetchWhenNotPermittedThenSaysTheCode() {
        assertThatThrownBy(() -> tokens.fetch(TokenRequest.of(client, "refused", TokenRequest.GATEWAY)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ExitCode.NOT_PERMITTED))
                .hasMessage("The token-service refused: 400 invalid_scope");
    }

    @Test
    void fetchWhenTheRequestIsAtFaultThenNotSaidToBeForbidden() {
        assertThatThrownBy(() -> tokens.fetch(TokenRequest.of(client, "malformed", TokenRequest.GATEWAY)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ExitCode.REFUSED))
                .hasMessage("The token-service refused: 400 invalid_request");
    }

    @Test
    void keysWhenAskedForAgainThenTheSame() {
        assertThat(client.proofKey(random).thumbprint())
                .isEqualTo(service.client("security").proofKey(random).thumbprint());
        assertThat(client.tls(MutableClock.atNoon(), random))
                .isEqualTo(client.tls(MutableClock.atNoon(), random))
                .satisfies(files -> assertThat(files.key()).exists());
    }

    private static String assertionId(FakeTokenService.Call call) throws Exception {
        return SignedJWT.parse(call.form().get("client_assertion"))
                .getJWTClaimsSet()
                .getJWTID();
    }
}
