package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Workloads that join with a one-time token, and renew.
final class IdentitiesOverTlsTest extends RotationFixture {
    @Test
    void joinTokenAdmitsOnceUnderConcurrency() throws Exception {
        String token = HOME.get().admit("redaction-service", Duration.ofMinutes(1));
        String csr = request("redaction-service");
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ServiceClient stranger = anonymous();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                threads.execute(() -> {
                    try {
                        int status = stranger.post("/v1/identities/join", joining("redaction-service", token, csr))
                                .statusCode();
                        (status == 200 ? admitted : refused).incrementAndGet();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        }
        assertThat(admitted).hasValue(1);
        assertThat(refused).hasValue(11);
    }

    @Test
    void expiredForeignAndInventedJoinTokensGetOneAnswer() throws Exception {
        String expired = HOME.get().admit("audit-service", Duration.ofSeconds(-1));
        String foreign = HOME.get().admit("inference-relay", Duration.ofMinutes(1));
        String csr = request("audit-service");
        try (ServiceClient stranger = anonymous()) {
            for (String token : List.of(expired, foreign, "invented")) {
                HttpResponse<String> answer =
                        stranger.post("/v1/identities/join", joining("audit-service", token, csr));
                assertProblem(answer, 403, "join-refused");
                assertThat(answer.body()).doesNotContain(token);
            }
        }
    }

    @Test
    void requestForMoreThanTheTokenGrantsIsRefusedAndTheTokenStays() throws Exception {
        String token = HOME.get().admit("inference-relay", Duration.ofMinutes(1));
        try (ServiceClient stranger = anonymous()) {
            assertProblem(
                    stranger.post("/v1/identities/join", joining("inference-relay", token, request("gateway-service"))),
                    400,
                    "certificate-request-refused");
            assertThat(stranger.post(
                                    "/v1/identities/join",
                                    joining("inference-relay", token, request("inference-relay")))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"service\":\"token-service\"}",
                "{\"service\":1,\"join_token\":[],\"csr\":{}}",
                "{\"service\":\"token-service\",\"join_token\":null,\"csr\":\"x\"}"
            })
    void badJoinBodiesAreProblems(String body) throws Exception {
        try (ServiceClient stranger = anonymous()) {
            assertProblem(stranger.post("/v1/identities/join", body), 400, "malformed");
        }
    }

    @Test
    void renewalIsForThePeersOwnNameOnly() throws Exception {
        try (ServiceClient its = as(gateway)) {
            AtomicReference<X509Certificate> renewed = new AtomicReference<>();
            IdentityIssuer renewing = renewing(its, renewed);
            try (WorkloadIdentity again = WorkloadIdentity.issuedBy(
                    renewing, DOMAIN.idOf("gateway-service"), InMemoryAuthority.LOCAL_HOSTS, Clock.systemUTC())) {
                assertThat(PeerIdentity.of(again.current().leaf())).contains(DOMAIN.idOf("gateway-service"));
                assertThat(again.current().leaf().getSerialNumber())
                        .isNotEqualTo(gateway.current().leaf().getSerialNumber());
            }
            assertThat(csrAnswer(its, DOMAIN.idOf("token-service"), List.of())).isEqualTo(400);
            assertThat(csrAnswer(its, DOMAIN.idOf("gateway-service"), List.of("localhost", "example.org")))
                    .isEqualTo(400);
        }
    }

    private static String joining(String service, String token, String csr) {
        return JSON.writeValueAsString(Map.of("service", service, "join_token", token, "csr", csr));
    }

    private static String request(String workload) {
        AtomicReference<byte[]> csr = new AtomicReference<>();
        try (WorkloadIdentity _ = WorkloadIdentity.issuedBy(
                der -> {
                    csr.set(der);
                    throw new StatusOnly(0);
                },
                DOMAIN.idOf(workload),
                InMemoryAuthority.LOCAL_HOSTS,
                Clock.systemUTC())) {
            throw new AssertionError("never issued");
        } catch (StatusOnly _) {
            return CertificatePem.encodeRequest(csr.get());
        }
    }

    private static IdentityIssuer renewing(ServiceClient client, AtomicReference<X509Certificate> leaf) {
        return csr -> {
            try {
                HttpResponse<String> answer = client.post(
                        "/v1/identities/renew",
                        JSON.writeValueAsString(Map.of("csr", CertificatePem.encodeRequest(csr))));
                if (answer.statusCode() != 200) {
                    throw new StatusOnly(answer.statusCode());
                }
                JsonNode issued = JSON.readTree(answer.body());
                List<X509Certificate> chain =
                        CertificatePem.certificates(issued.path("chain").get(0).asString());
                leaf.set(chain.getFirst());
                return new IssuedChain(
                        chain,
                        CertificatePem.certificates(
                                issued.path("anchors").get(0).asString()));
            } catch (IOException | CertificateException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static int csrAnswer(ServiceClient client, URI name, List<String> hosts) {
        try (WorkloadIdentity _ =
                WorkloadIdentity.issuedBy(renewing(client, new AtomicReference<>()), name, hosts, Clock.systemUTC())) {
            return 200;
        } catch (StatusOnly refused) {
            return refused.status;
        }
    }

    private static final class StatusOnly extends RuntimeException {
        private final int status;

        StatusOnly(int status) {
            super("status " + status);
            this.status = status;
        }
    }
}
