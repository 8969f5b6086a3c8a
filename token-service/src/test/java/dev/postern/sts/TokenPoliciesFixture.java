package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.sts.client.RegisteredAuthority;
import dev.postern.sts.clientauth.CertificatePaths;
import dev.postern.sts.policy.PoliciesInForce;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// The token-service with registrations of every kind: how clients prove themselves, what their tokens are bound to,
/// and whose tokens they exchange.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TokenPoliciesFixture extends TokenServiceFixture {
    static final String GATEWAY = "urn:postern:gateway";

    final TestCertificates corporate = TestCertificates.authority("corp", clock.instant());
    final TestCertificates device = corporate.issue("CN=device", clock.instant(), new GeneralName(6, "urn:device:7"));
    final TestCertificates selfMade = TestCertificates.selfSigned("edge", clock.instant());
    final TestClientKey issuerKey = TestClientKey.generate("corp-1");

    TokenPoliciesFixture() throws IOException {}

    @Override
    String clients() {
        String ca = new RegisteredAuthority(corporate.certificate()).toPem().replace("\n", "\\n");
        return """
                [{"client_id":"demo","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke","audit:read"],"audiences":["urn:postern:gateway","urn:postern:audit"],
                  "bindings":["dpop","mtls","bearer"],"exchange":{"allowed":true}},
                 {"client_id":"strict","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke","topic:publish","topic:subscribe","admin:read"],
                  "audiences":["urn:postern:gateway","urn:postern:relay","urn:postern:admin"],
                  "roles":["analyst"],"token_lifetime_s":120,"exchange":{"allowed":true},
                  "authorization_details":[{"type":"postern_models","models":["simulator-*"]}]},
                 {"client_id":"agent","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["dpop","bearer"],
                  "sensitivity_clearance":"restricted",
                  "exchange":{"allowed":true,"subjects":["demo"],"issuers":["corp"]}},
                 {"client_id":"stranger","tenant":"other","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"],
                  "exchange":{"allowed":true,"subjects":["demo"],"issuers":["corp"]}},
                 {"client_id":"boxed","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"],
                  "networks":["10.0.0.0/8"]},
                 {"client_id":"local","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"],
                  "networks":["127.0.0.0/8","::1"]},
                 {"client_id":"device","tenant":"acme","auth":"tls_client_auth",
                  "certificate":{"ca":"%2$s","san_uri":"urn:device:7"},
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"]},
                 {"client_id":"edge","tenant":"acme","auth":"self_signed_tls_client_auth",
                  "certificate":{"x5t#S256":["%3$s"]},
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"]},
                 {"client_id":"secret","tenant":"acme","auth":"client_secret_basic",
                  "secret_hash":"$2a$04$abcdefghijklmnopqrstuuZmHJIIBTWnEfoXiKUjGAmVhTJKvZJmy",
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"]}]
                """.formatted(demoKey.jwks(), ca, CertificatePaths.thumbprint(selfMade.certificate()));
    }

    @Override
    Map<String, Object> more() {
        String issuer = "postern.sts.exchange.issuers[0].";
        return Map.of(
                // Where Boot would believe a proxy about the caller's address, were it not told otherwise.
                "spring.main.cloud-platform",
                "kubernetes",
                issuer + "name",
                "corp",
                issuer + "issuer",
                "https://login.corp.example",
                issuer + "type",
                "oidc",
                issuer + "jwks",
                issuerKey.jwks(),
                issuer + "audience",
                ISSUER,
                issuer + "scopes",
                "llm:invoke",
                issuer + "audiences",
                GATEWAY,
                issuer + "tenant",
                "acme");
    }

    /// A role that the policy set does not know grants nothing.
    @BeforeAll
    void publishRole() throws PolicyRejected {
        PolicySet set = PolicySet.parse("""
                {"roles":{"analyst":{"scopes":["llm:invoke","topic:publish","topic:subscribe","admin:read"],
                                     "models":["simulator-*"],"topics":["*"]}},
                 "rules":[{"id":"allow-all","effect":"allow","when":"true"}]}
                """);
        assertThat(service.getBean(PoliciesInForce.class).publish(1, set, false, "test"))
                .isPresent();
    }

    Map<String, String> as(String clientId, Map<String, String> more) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("demo-1")
                .type(JOSEObjectType.JWT)
                .build();
        Map<String, String> form = new LinkedHashMap<>(
                authenticated(demoKey.sign(header, TestClientKey.claims(clientId, ISSUER, clock.instant()))));
        form.remove("client_id");
        form.putAll(more);
        return form;
    }

    HttpResponse<String> send(HttpClient http, Map<String, String> form, Map<String, String> headers)
            throws IOException, InterruptedException {
        return post(http, form, headers);
    }

    HttpClient over(TestCertificates certificate) {
        return client(certificate.tls(own.trustManager()));
    }
}
