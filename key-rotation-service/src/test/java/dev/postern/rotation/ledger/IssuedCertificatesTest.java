package dev.postern.rotation.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.InMemoryAuthority.Grant;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates that another authority has issued: what is good must be in the ledger, to be denied.
@SuppressWarnings("NullAway.Init")
final class IssuedCertificatesTest {
    private static final Duration ENTRY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private LedgerFixture it;
    private IssuedCertificates certificates;

    @BeforeEach
    void open() {
        it = new LedgerFixture(directory);
        certificates = new IssuedCertificates(it.ledger);
    }

    private X509Certificate livingFor(Duration lifetime) {
        InMemoryAuthority authority =
                InMemoryAuthority.create("test", lifetime.multipliedBy(2), it.clock, new SecureRandom());
        URI id = LedgerFixture.GATEWAY.id();
        Grant grant = new Grant(id, InMemoryAuthority.LOCAL_HOSTS, lifetime);
        try (WorkloadIdentity holder =
                WorkloadIdentity.issuedBy(authority.issuerFor(grant), id, InMemoryAuthority.LOCAL_HOSTS, it.clock)) {
            return holder.current().leaf();
        }
    }

    private static String kid(X509Certificate leaf) {
        return leaf.getSerialNumber().toString(16);
    }

    @Test
    void shownWhenGoodForAsLongAsItsEntryThenEnteredAndThereUntilItsOwnEnd() throws Exception {
        X509Certificate leaf = livingFor(ENTRY);
        certificates.shown(leaf, LedgerFixture.GATEWAY.id());
        it.clock.set(leaf.getNotAfter().toInstant().minusSeconds(1));
        it.ledger.tick();
        assertThat(it.ledger.ring().find(kid(leaf)).orElseThrow().state().usable())
                .isTrue();
    }

    @Test
    void shownWhenGoodForLongerThanItsEntryThenRefusedAndNotEntered() {
        X509Certificate leaf = livingFor(ENTRY.plusMinutes(10));
        assertThatExceptionOfType(RegistrationRefused.class)
                .isThrownBy(() -> certificates.shown(leaf, LedgerFixture.GATEWAY.id()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RegistrationRefused.Reason.LIVES_TOO_LONG));
        assertThat(it.state(kid(leaf))).isEqualTo("NONE");
    }

    @Test
    void shownWhenOlderThanTheDifferenceThenTaken() throws Exception {
        X509Certificate leaf = livingFor(ENTRY.plusMinutes(10));
        it.clock.advance(Duration.ofMinutes(20));
        certificates.shown(leaf, LedgerFixture.GATEWAY.id());
        assertThat(it.state(kid(leaf))).isEqualTo("ACTIVE");
    }
}
