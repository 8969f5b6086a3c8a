package dev.postern.auditing.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.tree.Hash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardSignersTest {
    private static final ShardName SHARD = ShardName.at(Instant.parse("2026-11-26T00:00:00Z"));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T00:00:00Z"), ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path home;

    @SuppressWarnings("NullAway.Init") // JUnit opens it before each test.
    private LocalKeyManagement keys;

    @BeforeEach
    void open() {
        keys = LocalKeyManagement.open(
                home.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), RANDOM);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private ShardSigners signers() {
        return new ShardSigners(
                keys, new WrappedSetFiles(home), new ShardFiles(home, "localhost/audit"), CLOCK, RANDOM);
    }

    private NoteSigner signer() {
        return signers().signer(SHARD);
    }

    private Path set() {
        return home.resolve("audit-log-" + SHARD + ".json");
    }

    @Test
    void aShardKeepsItsKeyAndSignsWithoutTheKeyManagement() {
        NoteSigner first = signer();
        NoteSigner second = signer();
        keys.close();

        // Ed25519 is deterministic: the same key gives the same note.
        assertThat(second.sign("a checkpoint\n")).isEqualTo(first.sign("a checkpoint\n"));
        assertThat(second.verifier().toString()).isEqualTo(first.verifier().toString());
    }

    @Test
    void theKeyFollowsTheRotationOfWhatWrapsIt() throws Exception {
        String verifier = signer().verifier().toString();
        byte[] old = Files.readAllBytes(set());
        keys.rotate(KeyName.wrapping("audit-log"));
        assertThat(signer().verifier()).hasToString(verifier);
        keys.destroyBefore(KeyName.wrapping("audit-log"), 2);

        assertThat(signer().verifier()).hasToString(verifier);
        Files.write(set(), old);
        assertThatThrownBy(this::signer).isInstanceOf(KeyManagementException.class);
    }

    @Test
    void aRotationTakesClosedAndComingShardsAlong() throws Exception {
        ShardName closed = new ShardName("2026w01");
        ShardName coming = ShardName.at(CLOCK.instant().plus(Duration.ofDays(7)));
        Files.createDirectories(home.resolve("vkeys"));
        Files.createFile(home.resolve("vkeys").resolve(closed + ".vkey"));
        List<String> before = Stream.of(closed, SHARD, coming)
                .map(shard -> signers().signer(shard).verifier().toString())
                .toList();
        assertThat(signers().renew()).as("nothing is due").isZero();

        keys.rotate(signers().wrapping());
        assertThat(signers().renew()).isEqualTo(3);
        assertThat(signers().renew()).isZero();
        keys.destroyBefore(signers().wrapping(), 2);
        assertThat(Stream.of(closed, SHARD, coming)
                        .map(shard -> signers().signer(shard).verifier().toString())
                        .toList())
                .isEqualTo(before);
    }

    @Test
    void aSecondKeyWhenWantedThenKeptBesideTheFirstAndFollowsRotations() throws Exception {
        assertThat(signer().second()).as("unless wanted").isEmpty();
        Supplier<NoteSigner> twice = () -> new ShardSigners(
                        keys,
                        new WrappedSetFiles(home),
                        new ShardFiles(home, "localhost/audit"),
                        CLOCK,
                        RANDOM,
                        ShardSigners.SecondKey.ML_DSA_44)
                .signer(SHARD);
        NoteSigner before = twice.get();
        assertThat(before.verifier()).hasToString(signer().verifier().toString());
        String second = before.second().orElseThrow().verifier().toString();
        assertThat(twice.get().second().orElseThrow().verifier()).hasToString(second);

        keys.rotate(signers().wrapping());
        assertThat(signers().renew()).as("also while it is not wanted").isEqualTo(2);
        keys.destroyBefore(signers().wrapping(), 2);
        NoteSigner after = twice.get();
        Checkpoint checkpoint = new Checkpoint(after.verifier().name(), 0, Hash.EMPTY);
        String line = after.sign(checkpoint).lines().toList().getLast();
        assertThat(CosignatureVerifier.parse(second).orElseThrow().verify(checkpoint.text(), line))
                .isPresent();
    }

    @Test
    void anAlteredKeyIsRefusedAndNotReplaced() throws Exception {
        var _ = signer();
        String good = Files.readString(set());
        for (String altered :
                new String[] {good.replaceFirst("\"open\":\"(.{20})..", "\"open\":\"$1AA"), "{}", "null", ""}) {
            Files.writeString(set(), altered);
            assertThatThrownBy(this::signer).isInstanceOf(KeyManagementException.class);
            assertThat(Files.readString(set())).isEqualTo(altered);
        }
    }

    @Test
    void aShardOfAnEarlierReleaseGoesOnWithItsKey() {
        KeyName inside = KeyName.signingEd25519("audit-log-" + SHARD);
        var before = keys.publicKey(inside);

        assertThat(signer().verifier().toString())
                .isEqualTo(NoteVerifier.of(new ShardFiles(home, "localhost/audit").origin(SHARD), before)
                        .toString());
        assertThat(set()).doesNotExist();
    }
}
