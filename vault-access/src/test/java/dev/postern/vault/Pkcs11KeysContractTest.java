package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.kms.KeyKind;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.Pkcs11KeyManagement;
import dev.postern.kms.Pkcs11Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/// The contract on a real PKCS#11 token: SoftHSM. SunPKCS11 speaks no Ed25519, so the contract's tests of it are
/// narrowed to P-256, and that Ed25519 is refused is tested.
///
/// The module reads where its tokens are from the environment of the process, `SOFTHSM2_CONF`; surefire sets it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Pkcs11KeysContractTest extends KeyManagementContract {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));
    private static final String PIN = "4711-0815";

    @TempDir
    static Path directory = Path.of("");

    private final SecureRandom random = new SecureRandom();
    private Pkcs11Settings settings = new Pkcs11Settings(Path.of("/none"), 0, Path.of("pin"));
    private Pkcs11KeyManagement kms = unopened();

    @SuppressWarnings("NullAway") // Opened before each test.
    private static Pkcs11KeyManagement unopened() {
        return null;
    }

    @BeforeAll
    void makeToken() throws IOException, InterruptedException {
        Optional<Path> library = LIBRARIES.stream().filter(Files::isReadable).findFirst();
        String configuration = System.getenv("SOFTHSM2_CONF");
        assumeTrue(
                library.isPresent() && configuration != null,
                "SKIPPED: no SoftHSM here (apt-get install softhsm2); the PKCS#11 tests did not run");
        Path tokens = Files.createDirectory(directory.resolve("tokens"));
        Files.createDirectories(Path.of(configuration).resolveSibling("."));
        Files.writeString(Path.of(configuration), "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        Process init = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--slot",
                        "0",
                        "--label",
                        "test",
                        "--so-pin",
                        PIN,
                        "--pin",
                        PIN)
                .redirectErrorStream(true)
                .start();
        String said = new String(init.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(init.waitFor()).as(said).isZero();
        settings =
                new Pkcs11Settings(library.orElseThrow(), 0, Files.writeString(directory.resolve("pin"), PIN + "\n"));
    }

    @BeforeEach
    void openEmpty() throws Exception {
        KeyStore token = token();
        for (String label : Collections.list(token.aliases())) {
            token.deleteEntry(label);
        }
        kms = Pkcs11KeyManagement.open(settings, random);
    }

    @AfterAll
    void forget() {
        Stream.of(Security.getProviders())
                .map(Provider::getName)
                .filter(name -> name.startsWith("SunPKCS11-"))
                .forEach(Security::removeProvider);
    }

    @Override
    protected KeyManagement kms() {
        return kms;
    }

    @Override
    protected KeyManagement restarted() {
        kms = Pkcs11KeyManagement.open(settings, random);
        return kms;
    }

    @Override
    @Test
    protected void keysSurviveARestart() {
        byte[] wrapped = kms.wrap(KeyName.wrapping("w"), new byte[32], new byte[1]);
        PublicKey p256 = kms.publicKey(KeyName.signingP256("log"));
        KeyManagement again = restarted();
        assertThat(again.unwrap(KeyName.wrapping("w"), wrapped, new byte[1])).isEqualTo(new byte[32]);
        assertThat(again.publicKey(KeyName.signingP256("log"))).isEqualTo(p256);
    }

    @Override
    @ParameterizedTest
    @EnumSource(names = "SIGNING_P256")
    protected void signaturesVerifyUnderThePublicKey(KeyKind kind) throws Exception {
        super.signaturesVerifyUnderThePublicKey(kind);
    }

    @Override
    @ParameterizedTest
    @EnumSource(names = "SIGNING_P256")
    protected void signaturesOfAnOldVersionVerifyUnderItsPublicKey(KeyKind kind) throws Exception {
        super.signaturesOfAnOldVersionVerifyUnderItsPublicKey(kind);
    }

    @Test
    void ed25519IsRefusedAndNotMadeInSoftware() throws Exception {
        KeyName key = KeyName.signingEd25519("log");
        assertRefused(Reason.WRONG_KIND, () -> kms.sign(key, new byte[1]));
        assertRefused(Reason.WRONG_KIND, () -> kms.publicKey(key));
        assertThat(Collections.list(token().aliases())).isEmpty();
    }

    @Test
    void keysDoNotLeaveTheToken() throws Exception {
        kms.wrap(KeyName.wrapping("w"), new byte[32], new byte[0]);
        kms.publicKey(KeyName.signingP256("s"));
        KeyStore token = token();
        List<String> labels = Collections.list(token.aliases());
        assertThat(labels).containsExactlyInAnyOrder("w.wrapping.1", "s.signing_p256.1");
        for (String label : labels) {
            Key key = token.getKey(label, null);
            assertThat(key.getEncoded()).as(label).isNull();
            assertThat(key.toString().toLowerCase(Locale.ROOT)).contains("sensitive", "unextractable");
        }
    }

    @Test
    void aServiceThatChoosesItHasItAndNoOther() {
        KeyName key = KeyName.wrapping("w");
        byte[] wrapped = kms.wrap(key, new byte[] {7}, new byte[0]);
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KmsAutoConfiguration.class))
                .withBean(SecureRandom.class)
                .withPropertyValues(
                        "postern.data-directory=" + directory.resolve("data"),
                        "postern.kms.kind=pkcs11",
                        "postern.kms.pkcs11.library=" + settings.library(),
                        "postern.kms.pkcs11.slot-index=" + settings.slotIndex(),
                        "postern.kms.pkcs11.pin-file=" + settings.pinFile())
                .run(context -> {
                    assertThat(context).getBean(KeyManagement.class).isInstanceOf(Pkcs11KeyManagement.class);
                    KeyManagement chosen = context.getBean(KeyManagement.class);
                    assertThat(chosen.unwrap(key, wrapped, new byte[0])).containsExactly(7);
                });
    }

    @Test
    void aLostTokenIsNotAnAlteredValue() throws Exception {
        KeyName key = KeyName.wrapping("w");
        byte[] wrapped = kms.wrap(key, new byte[32], new byte[1]);
        byte[] altered = wrapped.clone();
        altered[altered.length - 1] ^= 1;
        assertThatThrownBy(() -> kms.unwrap(key, altered, new byte[1]))
                .isInstanceOfSatisfying(
                        KeyManagementException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NOT_AUTHENTIC))
                .hasCauseInstanceOf(Exception.class);

        ((AuthProvider) token().getProvider()).logout();
        assertRefused(Reason.UNAVAILABLE, () -> kms.unwrap(key, wrapped, new byte[1]));
    }

    @Test
    void wrongPinLibraryAndSlotAreOneSentenceEach() throws Exception {
        // The token counts the whole process as logged in.
        ((AuthProvider) token().getProvider()).logout();
        Path wrong = Files.writeString(directory.resolve("wrong"), "0000-0000");
        assertRefused(
                Reason.DENIED,
                () -> Pkcs11KeyManagement.open(
                        new Pkcs11Settings(settings.library(), settings.slotIndex(), wrong), random));
        assertRefused(
                Reason.UNAVAILABLE,
                () -> Pkcs11KeyManagement.open(new Pkcs11Settings(settings.library(), 7, settings.pinFile()), random));
        assertRefused(
                Reason.UNAVAILABLE,
                () -> Pkcs11KeyManagement.open(
                        new Pkcs11Settings(directory.resolve("none.so"), 0, settings.pinFile()), random));
        assertRefused(
                Reason.UNAVAILABLE,
                () -> Pkcs11KeyManagement.open(
                        new Pkcs11Settings(settings.library(), 0, directory.resolve("none")), random));
        assertThatThrownBy(() -> new Pkcs11Settings(Path.of("relative.so"), 0, wrong))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pkcs11Settings(settings.library(), -1, wrong))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// The token as any Java program with the PIN sees it.
    private KeyStore token() throws Exception {
        KeyStore token = KeyStore.getInstance(
                "PKCS11",
                Security.getProvider("SunPKCS11")
                        .configure("--name = inspector\nlibrary = " + settings.library() + "\nslotListIndex = 0"));
        token.load(null, PIN.toCharArray());
        return token;
    }
}
