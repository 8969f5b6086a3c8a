package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.home.TlsFiles;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.system.SystemPlatform.Running;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// A FAPI-grade OAuth client that nobody here wrote (npm `oauth4webapi`) gets tokens in every way the platform has, and
/// uses them at the gateway.
@Order(15)
@ExtendWith(SystemPlatform.class)
class OAuthClientTest {
    private static final String TLS_CLIENT = "node-by-certificate";

    @Test
    void clientWhenForeignThenGetsAndUsesEveryKindOfToken(Running platform) throws Exception {
        NodeProgram program = NodeProgram.installed();
        TlsFiles tls = platform.demo().tls(Clock.systemUTC(), new SecureRandom());
        NodeProgram.Outcome outcome;
        try (AdminClient admin = platform.admin()) {
            admin.put("/clients/" + TLS_CLIENT, byCertificate(platform, tls));
            try {
                outcome = program.run(environment(platform, tls), "main.js", "oauth");
            } finally {
                admin.delete("/clients/" + TLS_CLIENT);
            }
        }

        assertThat(outcome.code()).as(String.join("\n", outcome.lines())).isZero();
        assertThat(outcome.lines())
                .containsExactlyElementsOf(List.of(
                        "ok metadata",
                        "ok dpop-bound",
                        "ok mtls-bound",
                        "ok mtls-authenticated",
                        "ok exchanged",
                        "ok acting-for-another",
                        "ok exchange-never-wider",
                        "ok introspected",
                        "ok revoked"));
    }

    private static Map<String, String> environment(Running platform, TlsFiles tls) {
        return Map.of(
                "POSTERN_ISSUER", platform.endpoint(PlatformService.TOKEN, "").toString(),
                "POSTERN_GATEWAY", platform.gateway("").toString(),
                "POSTERN_CLIENT", "demo",
                "POSTERN_CLIENT_KEY",
                        platform.home()
                                .client("demo")
                                .resolve("private-key.jwk")
                                .toString(),
                "POSTERN_TLS_CLIENT", TLS_CLIENT,
                "POSTERN_TLS_CERT", tls.certificate().toString(),
                "POSTERN_TLS_KEY", tls.key().toString(),
                "NODE_EXTRA_CA_CERTS", platform.home().caCertificate().toString());
    }

    /// A client that proves itself with a certificate that nobody signed (RFC 8705 section 2.2).
    private static ObjectNode byCertificate(Running platform, TlsFiles tls) throws Exception {
        byte[] certificate =
                PemIdentity.certificates(tls.certificate()).getFirst().getEncoded();
        String thumbprint = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate));
        ObjectNode client = ClientDocument.application(TLS_CLIENT, "demo")
                .with(platform.demo().signingKey());
        client.remove("jwks");
        client.put("auth", "self_signed_tls_client_auth");
        client.putObject("certificate").putArray("x5t#S256").add(thumbprint);
        client.putArray("bindings").add("mtls");
        client.putObject("exchange").put("allowed", true).putArray("subjects").add("demo");
        return client;
    }
}
