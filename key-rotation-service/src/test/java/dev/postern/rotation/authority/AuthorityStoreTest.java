package dev.postern.rotation.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthorityStoreTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration TEN_YEARS = Duration.ofDays(3650);

    @TempDir
    Path home;

    private Path state() {
        return home.resolve("data/platform-ca.json");
    }

    private Path published() {
        return home.resolve("ca.pem");
    }

    private InMemoryAuthority open(String keyset) {
        Passphrase passphrase = Passphrase.of("correct horse battery staple".toCharArray());
        try (LocalKeyManagement kms =
                LocalKeyManagement.open(home.resolve("data").resolve(keyset), passphrase, RANDOM)) {
            return store(home.resolve("data"), kms).open(TEN_YEARS);
        }
    }

    private AuthorityStore store(Path data, LocalKeyManagement kms) {
        PublishedAnchor published = new PublishedAnchor(data.resolveSibling("ca.pem"));
        return new AuthorityStore(new WrappedSetFiles(data), published, kms, Clock.systemUTC(), RANDOM);
    }

    @Test
    void firstStartMakesACaThatLaterStartsKeep() throws Exception {
        InMemoryAuthority first = open("keyset.json");
        InMemoryAuthority second = open("keyset.json");

        assertThat(second.certificate()).isEqualTo(first.certificate());
        assertThat(CertificatePem.certificates(Files.readString(published()))).containsExactly(first.certificate());
        assertThat(Files.getPosixFilePermissions(published())).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(Files.getPosixFilePermissions(state())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (WorkloadIdentity identity = second.identityOf(new TrustDomain("postern.local").idOf("token-service"))) {
            identity.current().leaf().verify(first.certificate().getPublicKey());
        }
        assertThat(Files.readString(state())).doesNotContain("PRIVATE");
    }

    @Test
    void deletedCertificateIsPublishedAgain() throws Exception {
        InMemoryAuthority first = open("keyset.json");
        Files.delete(published());

        assertThat(open("keyset.json").certificate()).isEqualTo(first.certificate());
        assertThat(published()).exists();
    }

    @Test
    void lostStateIsNeverReplacedByANewCa() throws Exception {
        var _ = open("keyset.json");
        String certificate = Files.readString(published());
        Files.delete(state());

        assertThatThrownBy(() -> open("keyset.json"))
                .isInstanceOf(AuthorityUnusable.class)
                .hasMessageContaining("restore the state");
        assertThat(state()).doesNotExist();
        assertThat(Files.readString(published())).isEqualTo(certificate);
    }

    @Test
    void lostKeysetIsSaid() {
        var _ = open("keyset.json");

        assertThatThrownBy(() -> open("another-keyset.json"))
                .isInstanceOf(AuthorityUnusable.class)
                .hasMessageContaining("restore both");
    }

    @Test
    void alteredStateIsRefused() throws Exception {
        var _ = open("keyset.json");
        String good = Files.readString(state());
        String other;
        try (LocalKeyManagement kms = LocalKeyManagement.open(
                home.resolve("other/data/keyset.json"),
                Passphrase.of("correct horse battery staple".toCharArray()),
                RANDOM)) {
            var _ = store(home.resolve("other/data"), kms).open(TEN_YEARS);
            other = Files.readString(home.resolve("other/data/platform-ca.json"));
        }
        // Another CA's certificate in front of our key; half a file; nothing.
        String swapped = other.substring(0, other.indexOf("\"key\"")) + good.substring(good.indexOf("\"key\""));
        for (String altered : new String[] {swapped, good.substring(0, good.length() / 2), "{}", "null", ""}) {
            Files.writeString(state(), altered);
            assertThatThrownBy(() -> open("keyset.json")).isInstanceOf(AuthorityUnusable.class);
        }
    }

    @Test
    void aRotatedWrappingKeyTakesTheCaAlongAtTheNextStart() throws Exception {
        InMemoryAuthority first = open("keyset.json");
        String old = Files.readString(state());
        KeyName wrapping = KeyName.wrapping("platform-ca");
        try (LocalKeyManagement kms = LocalKeyManagement.open(
                home.resolve("data/keyset.json"),
                Passphrase.of("correct horse battery staple".toCharArray()),
                RANDOM)) {
            kms.rotate(wrapping);
            assertThat(store(home.resolve("data"), kms).open(TEN_YEARS).certificate())
                    .isEqualTo(first.certificate());
            kms.destroyBefore(wrapping, 2);
        }
        assertThat(Files.readString(state())).isNotEqualTo(old);
        assertThat(open("keyset.json").certificate()).isEqualTo(first.certificate());

        Files.writeString(state(), old);
        assertThatThrownBy(() -> open("keyset.json")).isInstanceOf(AuthorityUnusable.class);
    }

    @Test
    void aRotatedWrappingKeyTakesTheCaAlongWithoutAStart() throws Exception {
        InMemoryAuthority first = open("keyset.json");
        try (LocalKeyManagement kms = LocalKeyManagement.open(
                home.resolve("data/keyset.json"),
                Passphrase.of("correct horse battery staple".toCharArray()),
                RANDOM)) {
            AuthorityStore store = store(home.resolve("data"), kms);
            assertThat(store.renew()).as("nothing is due").isZero();
            kms.rotate(store.wrapping());
            assertThat(store.renew()).isEqualTo(1);
            assertThat(store.renew()).isZero();
            kms.destroyBefore(store.wrapping(), 2);
        }
        assertThat(open("keyset.json").certificate()).isEqualTo(first.certificate());
    }

    @Test
    void aCaThatIsKeptElsewhereNeverReplacesAnother() throws Exception {
        PublishedAnchor anchor = new PublishedAnchor(published());
        InMemoryAuthority ours = InMemoryAuthority.create("ours", TEN_YEARS, Clock.systemUTC(), RANDOM);
        InMemoryAuthority other = InMemoryAuthority.create("other", TEN_YEARS, Clock.systemUTC(), RANDOM);
        anchor.adopt(ours.certificate());
        anchor.adopt(ours.certificate());

        assertThatThrownBy(() -> anchor.adopt(other.certificate())).isInstanceOf(AuthorityUnusable.class);
        assertThat(CertificatePem.certificates(Files.readString(published()))).containsExactly(ours.certificate());
    }
}
