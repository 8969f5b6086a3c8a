package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.Failure;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.envelope.FieldSeal;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.Place;
import dev.postern.kms.envelope.RecordKey;
import dev.postern.kms.envelope.SetKeyShelf;
import dev.postern.test.ProjectFiles;
import dev.postern.test.RedisForTests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A home as a platform leaves it, made with the real keys and formats, and everything that may be wrong with it.
final class EncryptionProofTest {
    private static final String CANARY = "ines.0a1b2c3d@mail.example";

    @TempDir
    static Path directory = Path.of("");

    private final SecureRandom random = new SecureRandom();
    private Path home = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory(directory, "home");
        write("ca.pem", "-----BEGIN CERTIFICATE-----");
        write("logs/token-service.log", "INFO ready");
        write("run/token-service", "4711");
        write("clients/demo/private-key.jwk", "{}");
        write("data/token-service/kms-passphrase", "only for this test run");
        write(
                "data/token-service/bootstrap-clients.json",
                "[{\"client_id\":\"demo\",\"jwks\":{\"keys\":[{\"kty\":1}]}}]");
        write("data/gateway-service/audit-spool/0000.spool", "{\"type\":\"x\"}");
        write("data/audit/log/checkpoint", "origin");
        write("data/audit/index/2026-11-23.db", "SQLite format 3");
        write("data/key-rotation-service/key-ledger.json", "{}");
        try (LocalKeyManagement kms = LocalKeyManagement.open(
                home.resolve("data/token-service/keyset.json"),
                Passphrase.of("only for this test run".toCharArray()),
                random)) {
            byte[] roots = new byte[120];
            Files.createDirectories(home.resolve("data/redaction-service"));
            write("data/redaction-service/pseudonym-roots.json", kms.wrap(KeyName.wrapping("pseudonym"), roots, roots));
            write(
                    "data/redaction-service/redaction-policies.json",
                    kms.wrap(KeyName.wrapping("redaction-policies"), roots, roots));
            write(
                    "data/key-rotation-service/platform-ca.json",
                    "{\"certificate\":\"x\",\"key\":\""
                            + Base64.getEncoder()
                                    .encodeToString(kms.wrap(KeyName.wrapping("platform-ca"), roots, roots))
                            + "\"}");
            KeyRing ring = KeyRing.open(
                    kms,
                    KeyName.wrapping("registry"),
                    new SetKeyShelf(
                            new WrappedSetFiles(home.resolve("data/redaction-service")), "pseudonym-vault-keys"),
                    random,
                    Clock.systemUTC());
            FieldSeal seal = new FieldSeal(ring, random);
            ByteArrayOutputStream pages = new ByteArrayOutputStream();
            for (int i = 0; i < 40; i++) {
                pages.writeBytes(("row-" + i + '\u0001').getBytes(StandardCharsets.ISO_8859_1));
                String sealed = seal.sealText(new Place("registry", "client.policy", "row-" + i), CANARY.repeat(3));
                pages.writeBytes(sealed.getBytes(StandardCharsets.ISO_8859_1));
                // What follows a value in a page may look like more of it.
                pages.writeBytes("AB pe1.short".getBytes(StandardCharsets.ISO_8859_1));
            }
            write("data/token-service/registry.mv.db", pages.toByteArray());
        }
    }

    @Test
    void homeAsItShouldBeThenOkWithEvidenceForEachStore() {
        EncryptionProof.Result result = proof();
        assertThat(result.stores()).flatExtracting(StoreEvidence::findings).isEmpty();
        assertThat(result.ok()).isTrue();
        assertThat(result.stores()).extracting(StoreEvidence::store).containsExactly(Store.values());
        assertThat(evidence(Store.REGISTRY)).contains("40 sealed records, data keys [1]", "nothing planted");
        assertThat(evidence(Store.PSEUDONYM_ROOTS)).contains("version 1 of its key");
        assertThat(evidence(Store.VAULT_KEYS)).contains("2 wrapped data keys");
        assertThat(evidence(Store.KEYSETS)).contains("bits of entropy per octet");
    }

    static Stream<byte[]> forms() {
        byte[] plain = CANARY.getBytes(StandardCharsets.UTF_8);
        StringBuilder escaped = new StringBuilder();
        CANARY.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
        return Stream.of(
                plain,
                CANARY.getBytes(StandardCharsets.UTF_16LE),
                CANARY.getBytes(StandardCharsets.UTF_16BE),
                HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().withUpperCase().formatHex(plain).getBytes(StandardCharsets.US_ASCII),
                escaped.toString().getBytes(StandardCharsets.US_ASCII),
                Base64.getEncoder().encode(("x" + CANARY).getBytes(StandardCharsets.UTF_8)),
                Base64.getUrlEncoder().encode(("xy" + CANARY + "?>?>").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void plantedValueInAnyFormThenFileAndOffsetAreNamed(byte[] form) throws IOException {
        append("logs/token-service.log", form);
        assertThat(proof().ok()).isFalse();
        Finding found = findings(Store.LOGS).getFirst();
        assertThat(found.place()).isEqualTo("logs/token-service.log");
        // Base64 may begin some digits before what looks the same at each alignment.
        assertThat(found.offset()).isBetween("INFO ready".length(), "INFO ready".length() + 4);
        assertThat(found.toString()).doesNotContain("ines");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data/token-service/registry.mv.db",
                "data/gateway-service/audit-spool/0000.spool",
                "data/audit/log/checkpoint",
                "data/audit/index/2026-11-23.db",
                "run/token-service"
            })
    void plantedValueInAnyStoreThenFailed(String file) throws IOException {
        append(file, CANARY.getBytes(StandardCharsets.UTF_8));
        assertThat(proof().stores())
                .flatExtracting(StoreEvidence::findings)
                .extracting(Finding::place)
                .containsExactly(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"kty\":\"EC\"}", "$2a$10$abcdefghijklmnopqrstuv", "{\"sensitivity_clearance\":\"public\"}"})
    void documentInTheClearInTheRegistryThenFailedWithoutAnythingPlanted(String document) throws IOException {
        int length = Files.readAllBytes(home.resolve("data/token-service/registry.mv.db")).length;
        append("data/token-service/registry.mv.db", document.getBytes(StandardCharsets.UTF_8));
        EncryptionProof.Result result = EncryptionProof.of(new PosternHome(home), List.of(), Optional.empty());
        assertThat(result.ok()).isFalse();
        assertThat(result.stores().getFirst().findings().getFirst().offset()).isBetween(length, length + 2);
    }

    @Test
    void registryWithoutSealedRecordsOrWithFalseOnesThenFailed() throws IOException {
        write("data/token-service/registry.mv.db", "nothing here");
        assertThat(findings(Store.REGISTRY)).hasSize(1);
        // The right form around text.
        byte[] record = new byte[1 + 4 + 24 + 200];
        record[0] = 1;
        record[4] = 1;
        write(
                "data/token-service/registry.mv.db",
                "pe1." + Base64.getUrlEncoder().withoutPadding().encodeToString(record));
        assertThat(findings(Store.REGISTRY))
                .extracting(Finding::what)
                .containsExactly("what the sealed records hold does not look like ciphertext");
        // Of a version that nobody has.
        record[0] = 9;
        write(
                "data/token-service/registry.mv.db",
                "pe1." + Base64.getUrlEncoder().withoutPadding().encodeToString(record));
        assertThat(findings(Store.REGISTRY)).hasSize(2);
    }

    @Test
    void keysInTheClearThenFailed() throws IOException {
        write("data/redaction-service/pseudonym-roots.json", new byte[120]);
        write("data/redaction-service/redaction-policies.json", "{\"revision\":1,\"tenants\":{}}");
        write("data/redaction-service/pseudonym-vault-keys.json", "postern-keys-1\nkey");
        write("data/token-service/keyset.json", "{\"keys\":[]}");
        write(
                "data/key-rotation-service/platform-ca.json",
                "{\"key\":\"" + Base64.getEncoder().encodeToString(new byte[140]) + "\"}");
        write(
                "data/audit-service/audit-log-2026w48.json",
                "{\"open\":\"\",\"key\":\"" + Base64.getEncoder().encodeToString(new byte[80]) + "\"}");
        for (Store store : List.of(
                Store.PSEUDONYM_ROOTS,
                Store.REDACTION_POLICIES,
                Store.VAULT_KEYS,
                Store.KEYSETS,
                Store.AUTHORITY,
                Store.CHECKPOINT_KEYS)) {
            assertThat(findings(store)).as(store.title()).hasSize(1);
        }
    }

    @Test
    void secretThatOthersMayReadOrUnknownFileThenFailed() throws IOException {
        Files.setPosixFilePermissions(
                home.resolve("data/token-service/kms-passphrase"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(findings(Store.PASSPHRASES)).hasSize(1);
        Files.setPosixFilePermissions(
                home.resolve("data/token-service/kms-passphrase"), PosixFilePermissions.fromString("rw-------"));
        write("data/token-service/dump.sql", "insert");
        assertThat(proof().ok()).isFalse();
        assertThat(proof().unknown()).extracting(Finding::place).containsExactly("data/token-service/dump.sql");
    }

    @Test
    void redisWhenReadThenEveryTypeIsSearchedAndAnswersMustBeCiphertext() throws IOException {
        try (RedisForTests redis = RedisForTests.start()) {
            assertThatExceptionOfType(Failure.class).isThrownBy(() -> RedisReader.open(redis.port(), "wrong"));
            byte[] sealed = new byte[200];
            random.nextBytes(sealed);
            try (Socket raw = new Socket(redis.host(), redis.port())) {
                run(raw, "AUTH", RedisForTests.PASSWORD);
                run(raw, "SET", "postern:effect:1", Base64.getEncoder().encodeToString(sealed));
                String record = new RecordKey(new byte[32]).seal(new Place("s", "f", "r"), sealed, random);
                run(
                        raw,
                        "HSET",
                        "postern:pseudonyms:{1.a}:1.b",
                        "k",
                        record,
                        "i",
                        "A".repeat(22),
                        "u",
                        "1",
                        "B".repeat(22),
                        record);
                for (int i = 0; i < 1_200; i++) {
                    run(raw, "SET", "postern:adm:{" + i + "}", "1");
                }
                try (RedisReader reader = RedisReader.open(redis.port(), RedisForTests.PASSWORD)) {
                    StoreEvidence good = redis(reader.everything());
                    assertThat(good.ok()).isTrue();
                    assertThat(good.evidence()).contains("1202 keys", "1 sealed answers", "2 sealed records");
                }
                run(raw, "HSET", "postern:h:1", "field", CANARY);
                run(raw, "RPUSH", "postern:l:1", "x", CANARY);
                run(raw, "SADD", "postern:s:1", CANARY);
                run(raw, "ZADD", "postern:z:1", "1", CANARY);
                run(raw, "XADD", "postern:x:1", "*", "field", CANARY);
                run(raw, "SET", "postern:k:" + CANARY, "1");
                run(raw, "HSET", "postern:pseudonyms:{1.a}:1.c", "k", "in the clear");
                run(raw, "SET", "postern:effect:2", "{\"answer\":\"" + "Hello ".repeat(20) + "\"}");
            }
            try (RedisReader reader = RedisReader.open(redis.port(), RedisForTests.PASSWORD)) {
                List<Finding> findings = redis(reader.everything()).findings();
                assertThat(findings)
                        .extracting(Finding::place)
                        .containsExactlyInAnyOrder(
                                "postern:h:…",
                                "postern:l:…",
                                "postern:s:…",
                                "postern:z:…",
                                "postern:x:…",
                                "postern:k:…",
                                "postern:pseudonyms:…",
                                "postern:effect:…");
                assertThat(findings.toString()).doesNotContain("ines");
            }
        }
    }

    @Test
    void inventoryWhenDocumentedThenTheSameHere() throws IOException {
        List<String> rows = Files.readAllLines(ProjectFiles.root().resolve("docs/encryption-at-rest.md")).stream()
                .filter(line -> line.startsWith("| ") && line.endsWith(" |"))
                .toList();
        for (Store store : Store.values()) {
            assertThat(rows)
                    .as(store.title())
                    .anyMatch(row -> row.startsWith("| " + store.title() + " | ")
                            && row.contains(" | " + store.protection().words() + " | ")
                            && row.contains(" | " + store.holds() + " | "));
        }
        long documented =
                rows.stream().filter(row -> row.split(" \\| ").length == 5).count();
        assertThat(documented).as("rows of the inventory, without its head").isEqualTo(Store.values().length + 1);
    }

    private StoreEvidence redis(Map<String, byte[]> content) {
        return EncryptionProof.of(new PosternHome(home), List.of(CANARY), Optional.of(content))
                .stores()
                .getLast();
    }

    private EncryptionProof.Result proof() {
        return EncryptionProof.of(new PosternHome(home), List.of(CANARY), Optional.empty());
    }

    private String evidence(Store store) {
        return of(store).evidence();
    }

    private List<Finding> findings(Store store) {
        return of(store).findings();
    }

    private StoreEvidence of(Store store) {
        return proof().stores().stream()
                .filter(seen -> seen.store() == store)
                .findFirst()
                .orElseThrow();
    }

    private void write(String file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String file, byte[] content) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.write(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private void append(String file, byte[] content) throws IOException {
        Files.write(home.resolve(file), content, StandardOpenOption.APPEND);
    }

    private static void run(Socket raw, String... words) throws IOException {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        Charset utf8 = StandardCharsets.UTF_8;
        for (String word : words) {
            request.append('$')
                    .append(word.getBytes(utf8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        raw.getOutputStream().write(request.toString().getBytes(utf8));
        byte[] answer = new byte[64];
        assertThat(raw.getInputStream().read(answer)).isPositive();
        assertThat((char) answer[0]).isNotEqualTo('-');
    }
}
