package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import dev.postern.token.TokenRejected.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IdentityVerifierTest {
    private static final String TYPE = "some+jwt";
    private static final byte[] PAYLOAD = {'{', '}'};

    private final MutableClock clock = MutableClock.atNoon();
    private final TestIdentity authority = TestIdentity.authority("CN=authority", clock.instant());
    private final TestIdentity signer = authority.issue(
            clock.instant(), TestIdentity.service("token-service").toString());
    private List<X509Certificate> anchors = List.of(authority.certificate());
    private final Set<X509Certificate> denied = new HashSet<>();
    private final IdentityVerifier verifier = new IdentityVerifier(
            TYPE,
            TestIdentity.service("token-service"),
            new IdentityTrust() {
                @Override
                public Collection<X509Certificate> anchors() {
                    return anchors;
                }

                @Override
                public boolean denies(X509Certificate leaf) {
                    return denied.contains(leaf);
                }
            },
            clock,
            10_000);

    @Test
    void verifyWhenSignedByTheSignerThenItsPayloadEachTime() throws TokenRejected {
        assertThat(verifier.verify(signer.sign(TYPE, PAYLOAD))).isEqualTo(PAYLOAD);
        assertThat(verifier.verify(signer.sign(TYPE, PAYLOAD))).isEqualTo(PAYLOAD);
    }

    @Test
    void verifyWhenTheChainIsKnownThenTheSignatureIsCheckedAllTheSame() throws TokenRejected {
        String good = signer.sign(TYPE, PAYLOAD);
        verifier.verify(good);
        String otherPayload = signer.sign(TYPE, new byte[] {'[', ']'});
        String spliced = good.substring(0, good.indexOf('.'))
                + otherPayload.substring(otherPayload.indexOf('.'), otherPayload.lastIndexOf('.'))
                + good.substring(good.lastIndexOf('.'));
        assertThat(refusal(spliced)).contains(Reason.BAD_SIGNATURE);
    }

    @Test
    void verifyWhenTheKnownChainHasExpiredThenRefused() throws TokenRejected {
        String signed = signer.sign(TYPE, PAYLOAD);
        verifier.verify(signed);
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(refusal(signed)).contains(Reason.UNKNOWN_KEY);
    }

    @Test
    void verifyWhenTheAnchorsHaveChangedThenAKnownChainIsValidatedAgain() throws TokenRejected {
        String signed = signer.sign(TYPE, PAYLOAD);
        verifier.verify(signed);
        anchors = List.of(TestIdentity.authority("CN=another", clock.instant()).certificate());
        assertThat(refusal(signed)).contains(Reason.UNKNOWN_KEY);
    }

    @Test
    void verifyWhenTheCertificateIsDeniedThenRefusedAlsoWhereItsChainIsKnown() throws TokenRejected {
        String signed = signer.sign(TYPE, PAYLOAD);
        verifier.verify(signed);
        denied.add(signer.certificate());
        assertThat(refusal(signed)).contains(Reason.UNKNOWN_KEY);
        TestIdentity spare = authority.issue(
                clock.instant(), TestIdentity.service("token-service").toString());
        assertThat(verifier.verify(spare.sign(TYPE, PAYLOAD))).isEqualTo(PAYLOAD);
    }

    @Test
    void verifyWhenAnotherServiceOrTypeThenRefused() {
        TestIdentity other = authority.issue(
                clock.instant(), TestIdentity.service("gateway-service").toString());
        assertThat(refusal(other.sign(TYPE, PAYLOAD))).contains(Reason.UNKNOWN_KEY);
        assertThat(refusal(signer.sign("other+jwt", PAYLOAD))).contains(Reason.WRONG_TYPE);
    }

    private Optional<Reason> refusal(String signed) {
        try {
            verifier.verify(signed);
            return Optional.empty();
        } catch (TokenRejected rejected) {
            return Optional.of(rejected.reason());
        }
    }
}
