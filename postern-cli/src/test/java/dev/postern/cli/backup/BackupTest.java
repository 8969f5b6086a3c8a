package dev.postern.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.cli.home.Directories;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.RestoringDirectory;
import dev.postern.cli.platform.Checkout;
import dev.postern.cli.platform.Heaps;
import dev.postern.cli.platform.Kms;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Ports;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import dev.postern.session.SealingStream;
import dev.postern.test.MutableClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a backup holds, who can read it, and what becomes of a home when one is restored.
@SuppressWarnings("NullAway.Init")
final class BackupTest {
    private static final String CANARY = "words that only plain files hold";
    private static final InputStream NOTHING = new ByteArrayInputStream(new byte[0]);

    private final Clock clock = MutableClock.atNoon();

    @TempDir
    private Path directory;

    private PosternHome home;
    private Path privateFile;
    private Path backup;
    private RecipientPublicKey publicKey;

    @BeforeEach
    void makePlatform() throws IOException {
        home = new PosternHome(directory.resolve("home"));
        privateFile = directory.resolve("away/backup.key");
        backup = directory.resolve("backups/first.backup");
        Files.createDirectories(directory.resolve("backups"));
        publicKey = BackupKeys.generate(home, privateFile, home.backupKey(), false);
        put("ca.pem", "certificate");
        put("clients/security/private-key.jwk", CANARY);
        put("clients/operator/key.pem", "made anew by each start");
        put("data/token-service/registry.mv.db", CANARY.repeat(5_000));
        put("data/token-service/registry.trace.db", "not needed");
        put("data/token-service/kms-passphrase", CANARY);
        put("data/token-service/join-token", "used up");
        put("data/token-service/.keyset.json.new", "half-written");
        put("data/key-rotation-service/join/0a.json", "used up");
        put("data/key-rotation-service/key-ledger.json", "{}");
        put("data/key-rotation-service/key-ledger.json.lock", "");
        put("data/audit/log/localhost/audit/2026w48/checkpoint", "origin");
        put("data/audit/log/localhost/audit/2026w48/tile/0/x001/002", "tile");
        put("data/audit-service/audit-spool/state", "");
        put("data/redis/password", "made anew");
        put("logs/token-service.log", "INFO ready");
    }

    @Test
    void restoreWhenTheHomeIsGoneThenEverythingThatIsNeededIsThereForItsOwnerOnly() throws IOException {
        BackupWriter.Made made = create();
        Map<String, String> before = content();
        Directories.delete(home.root());

        Restoration.Restored restored = restore(false);

        before.keySet()
                .removeIf(name -> name.startsWith("data/redis/")
                        || name.startsWith("clients/operator/")
                        || name.startsWith("logs/")
                        || name.contains("join")
                        || name.endsWith(".lock")
                        || name.endsWith(".trace.db")
                        || name.endsWith(".new"));
        assertThat(content()).isEqualTo(before).hasSize(9);
        assertThat(restored.files()).isEqualTo(made.files()).isEqualTo(9);
        assertThat(restored.madeAt()).isEqualTo(made.madeAt()).isEqualTo(clock.instant());
        try (Stream<Path> all = Files.walk(home.root())) {
            assertThat(all)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void backupWhenReadWithoutThePrivateKeyThenNothingButWhenAndForWhom() throws IOException {
        create();
        byte[] octets = Files.readAllBytes(backup);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain(CANARY).doesNotContain("kms-passphrase").doesNotContain("registry");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-------");
        Files.writeString(backup.resolveSibling("notes.txt"), "not a backup");
        assertThat(BackupReader.list(directory.resolve("backups")))
                .singleElement()
                .satisfies(listed -> {
                    assertThat(listed.key()).isEqualTo(publicKey.name());
                    assertThat(listed.madeAt()).isEqualTo(clock.instant());
                    assertThat(listed.octets()).isEqualTo(octets.length);
                });
        // Nor does what the platform holds open it.
        assertThat(String.join("", content().values())).doesNotContain(secret());
    }

    @Test
    void listWhenThePrivateKeyIsThereThenTheFilesOfTheBackup() {
        create();
        try (RecipientKey key = privateKey()) {
            assertThat(BackupReader.entries(backup, key))
                    .contains(new BackupReader.Entry("data/token-service/registry.mv.db", 5_000L * CANARY.length()))
                    .extracting(BackupReader.Entry::name)
                    .isSorted()
                    .contains("clients/security/private-key.jwk", "backup-key.pub");
        }
    }

    @Test
    void restoreWhenThereIsAPlatformThenRefusedUnlessToldToOverwriteIt() throws IOException {
        create();
        Map<String, String> asBackedUp = content();
        put("data/token-service/registry.mv.db", "later");
        put("data/token-service/later.json", "later");
        Map<String, String> before = content();

        assertRefused(ExitCode.CONFLICT, "There is a platform in", () -> restore(false));
        assertThat(content()).isEqualTo(before);

        restore(true);
        assertThat(content())
                .containsEntry("data/token-service/registry.mv.db", asBackedUp.get("data/token-service/registry.mv.db"))
                .doesNotContainKey("data/token-service/later.json")
                .containsEntry("logs/token-service.log", "INFO ready");
        assertThat(home.restoring()).doesNotExist();
    }

    @Test
    void upWhenARestoreWasInterruptedBeforeItsMovesThenWhatItOpenedGoes() throws IOException {
        put("restoring/fresh/clients/security/private-key.jwk", "opened");
        platform().requireRestored();
        assertThat(home.restoring()).doesNotExist();
    }

    @Test
    void upWhenARestoreIsUnderWayThenRefusedAndItsFilesStay() throws IOException {
        put("restoring/fresh/clients/security/private-key.jwk", "opened");
        try (RestoringDirectory held = RestoringDirectory.hold(home)) {
            assertRefused(
                    ExitCode.CONFLICT, "is being restored", () -> platform().requireRestored());
            assertThat(held.fresh()).isNotEmptyDirectory();
        }
    }

    @Test
    void restoreWhenTheKeyWasReplacedSinceThenTheNewOneStays() throws IOException {
        create();
        put("backup-key.pub", "the team's new key");
        restore(true);
        assertThat(content()).containsEntry("backup-key.pub", "the team's new key");
        assertThat(home.restoring()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 20, 30, 33, 700, 1_500, 70_000, 150_000})
    void restoreWhenABitIsFlippedThenRefusedAndNothingChanges(int at) throws IOException {
        create();
        Map<String, String> before = content();
        byte[] octets = Files.readAllBytes(backup);
        octets[at] ^= 4;
        Files.write(backup, octets);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> restore(true)).satisfies(failure -> {
            if (at >= 33) {
                assertThat(failure.code()).isEqualTo(ExitCode.REFUSED);
                assertThat(failure).hasMessageContaining("(chunk " + (at < 66_000 ? 0 : at < 132_000 ? 1 : 2) + ")");
            }
        });
        assertThat(content()).isEqualTo(before);
        assertThat(home.restoring()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 33, 1_153, 1_153 + 65_552, 100_000})
    void restoreWhenCutThenRefused(int length) throws IOException {
        create();
        Files.write(backup, Arrays.copyOf(Files.readAllBytes(backup), length));
        Directories.delete(home.root());
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> restore(false));
        assertThat(home.root().resolve("data")).doesNotExist();
        assertThat(home.restoring()).doesNotExist();
    }

    @Test
    void restoreWhenForAnotherKeyOrAnotherBackupThenRefused() throws IOException {
        BackupWriter.Made made = create();
        Path other = directory.resolve("away/other.key");
        BackupKeys.generate(home, other, directory.resolve("away/other.pub"), false);
        try (RecipientKey key = BackupKeys.privateKey(other.toString(), NOTHING)) {
            assertRefused(
                    ExitCode.REFUSED,
                    "was made for the key " + publicKey.name(),
                    () -> new Restoration(home).restore(backup, key, Optional.empty(), true));
        }
        try (RecipientKey key = privateKey()) {
            assertRefused(
                    ExitCode.REFUSED,
                    "is another backup: its SHA-256 is " + made.sha256(),
                    () -> new Restoration(home).restore(backup, key, Optional.of("00".repeat(32)), true));
            new Restoration(home).restore(backup, key, Optional.of(made.sha256()), true);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "data/../../outside",
                "/tmp/outside",
                "data//x",
                "data/./x",
                "data",
                "clients",
                "ca.pem/x",
                "run/token-service.json",
                "data/redis/redis-server",
                "data/a\\b",
                "data/a\u0000b",
                "restoring/x",
                ""
            })
    void restoreWhenSomebodyMadeABackupWithAnotherNameThenRefused(String name) throws IOException {
        forge(name, "data/token-service/x");
        Map<String, String> before = content();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> restore(true))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.REFUSED));
        assertThat(content()).isEqualTo(before);
        assertThat(directory.resolve("outside")).doesNotExist();
    }

    @Test
    void restoreWhenANameComesTwiceThenRefused() throws IOException {
        forge("data/token-service/x", "data/token-service/x");
        assertRefused(ExitCode.REFUSED, "is not of the form of a backup", () -> restore(true));
    }

    @Test
    void restoreWhenTheSealedPartHasNoEndMarkThenRefused() throws IOException {
        BackupHeader header = new BackupHeader(publicKey.name(), clock.instant());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(header.octets());
        SealingStream sealing = publicKey.seal(out, header.octets());
        sealing.write(new byte[] {0, 4, 'd'});
        sealing.finish();
        Files.write(backup, out.toByteArray());
        assertRefused(ExitCode.REFUSED, "is not of the form of a backup", () -> restore(true));
    }

    @Test
    void createAndRestoreWhenThePlatformRunsThenRefused() throws IOException {
        create();
        ProcessHandle self = ProcessHandle.current();
        put(
                "run/redis.json",
                "{\"name\":\"redis\",\"pid\":%d,\"started_at\":\"%s\"}"
                        .formatted(self.pid(), self.info().startInstant().orElseThrow()));
        Path second = backup.resolveSibling("second.backup");
        assertRefused(
                ExitCode.REFUSED,
                "The platform runs: stop it first",
                () -> new BackupWriter(home, clock).write(publicKey, second));
        assertThat(second).doesNotExist();
        assertRefused(ExitCode.REFUSED, "The platform runs: stop it first", () -> restore(true));
    }

    @Test
    void createWhenTheFileExistsOrLiesInTheHomeOrNothingIsThereThenRefused() throws IOException {
        create();
        byte[] before = Files.readAllBytes(backup);
        assertRefused(ExitCode.CONFLICT, "exists, and is not replaced", this::create);
        assertThat(backup).hasBinaryContent(before);
        assertRefused(
                ExitCode.REFUSED,
                "does not belong into the home",
                () -> new BackupWriter(home, clock).write(publicKey, home.root().resolve("x.backup")));
        assertRefused(
                ExitCode.FAILED,
                "There is nothing to back up",
                () -> new BackupWriter(new PosternHome(directory.resolve("nowhere")), clock)
                        .write(publicKey, backup.resolveSibling("nothing.backup")));
        try (Stream<Path> files = Files.list(directory.resolve("backups"))) {
            assertThat(files).containsExactly(backup);
        }
    }

    @Test
    void createWhenALinkLiesInTheHomeThenRefusedAndNotFollowed() throws IOException {
        Files.createSymbolicLink(home.root().resolve("data/link"), directory.resolve("away"));
        assertRefused(ExitCode.REFUSED, "is no regular file with a plain name", this::create);
        assertThat(backup).doesNotExist();
    }

    @Test
    void restoreWhenACrashInterruptedTheMovesThenRepeatedItIsWhole() throws IOException {
        create();
        Map<String, String> asBackedUp = content();
        // As far as an earlier attempt came: the first of three was moved, the others were not.
        Path former = Files.createDirectories(home.restoring().resolve("former"));
        Files.move(home.caCertificate(), former.resolve("ca.pem"));
        put("ca.pem", "half of a restore");
        put("restoring/fresh/data/token-service/registry.mv.db", "half of a restore");

        assertRefused(ExitCode.REFUSED, "is another backup", () -> {
            try (RecipientKey key = privateKey()) {
                new Restoration(home).restore(backup, key, Optional.of("00"), false);
            }
        });
        assertThat(former.resolve("ca.pem")).hasContent("certificate");
        assertRefused(
                ExitCode.FAILED, "A restore was not finished", () -> platform().up());
        assertThat(home.restoring().resolve("fresh")).doesNotExist();

        restore(false);
        assertThat(content()).containsEntry("ca.pem", "certificate").hasSizeLessThan(asBackedUp.size());
        assertThat(home.restoring()).doesNotExist();
    }

    @Test
    void keygenWhenAHalfExistsOrThePrivateOneWouldStayWithThePlatformThenRefused() throws IOException {
        String before = Files.readString(privateFile);
        assertRefused(
                ExitCode.CONFLICT,
                "exists, and is not replaced",
                () -> BackupKeys.generate(home, privateFile, directory.resolve("away/new.pub"), true));
        assertThat(privateFile).hasContent(before);
        Path second = directory.resolve("away/second.key");
        assertRefused(
                ExitCode.CONFLICT,
                "--replace-public-key",
                () -> BackupKeys.generate(home, second, home.backupKey(), false));
        assertThat(second).doesNotExist();
        assertRefused(
                ExitCode.REFUSED,
                "does not belong into the platform's home",
                () -> BackupKeys.generate(home, home.root().resolve("x.key"), home.backupKey(), true));
        RecipientPublicKey next = BackupKeys.generate(home, second, home.backupKey(), true);
        assertThat(BackupKeys.publicKey(home.backupKey())).isEqualTo(next).isNotEqualTo(publicKey);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(second)))
                .isEqualTo("rw-------");
    }

    @Test
    void keysWhenNotOfTheirFormThenOneSentence() throws IOException {
        Path wrong = directory.resolve("wrong");
        assertRefused(ExitCode.FAILED, "There is no public key in", () -> BackupKeys.publicKey(wrong));
        Files.writeString(wrong, Files.readString(privateFile));
        assertRefused(ExitCode.FAILED, "does not hold the public key", () -> BackupKeys.publicKey(wrong));
        Files.writeString(wrong, Files.readString(home.backupKey()));
        assertRefused(
                ExitCode.FAILED, "does not hold a private key", () -> BackupKeys.privateKey(wrong.toString(), NOTHING));
        try (RecipientKey key = BackupKeys.privateKey("-", Files.newInputStream(privateFile))) {
            assertThat(key.publicKey()).isEqualTo(publicKey);
        }
    }

    private Platform platform() {
        return new Platform(
                new PlatformSettings(
                        new Checkout(directory),
                        home,
                        new Ports(0),
                        Heaps.usual(),
                        Upstream.SIMULATOR,
                        Kms.LOCAL,
                        Map.of(),
                        Duration.ofSeconds(1)),
                new SecureRandom(),
                clock,
                new Progress(System.err));
    }

    private BackupWriter.Made create() {
        return new BackupWriter(home, clock).write(publicKey, backup);
    }

    private Restoration.Restored restore(boolean overwriting) {
        try (RecipientKey key = privateKey()) {
            return new Restoration(home).restore(backup, key, Optional.empty(), overwriting);
        }
    }

    private RecipientKey privateKey() {
        return BackupKeys.privateKey(privateFile.toString(), NOTHING);
    }

    private String secret() throws IOException {
        return Files.readString(privateFile).strip().split(" ", -1)[2];
    }

    /// What anybody who has the public key can make.
    private void forge(String... names) throws IOException {
        BackupHeader header = new BackupHeader(publicKey.name(), clock.instant());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(header.octets());
        SealingStream sealing = publicKey.seal(out, header.octets());
        DataOutputStream archive = new DataOutputStream(sealing);
        for (String name : names) {
            archive.writeUTF(name);
            archive.writeLong(3);
            archive.writeBytes("new");
        }
        archive.writeShort(0);
        sealing.finish();
        Files.write(backup, out.toByteArray());
    }

    private void put(String name, String content) throws IOException {
        Path file = home.root().resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, content);
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(home.root())) {
            all.filter(Files::isRegularFile).forEach(file -> {
                try {
                    content.put(home.root().relativize(file).toString(), Files.readString(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return content;
    }

    private static void assertRefused(
            ExitCode code, String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
