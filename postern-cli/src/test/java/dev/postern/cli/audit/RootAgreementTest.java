package dev.postern.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.root.RootEntry;
import dev.postern.cli.home.Directories;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.EntryBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Three shards, of which the first two have ended, and their root log.
class RootAgreementTest {
    private static final String PREFIX = "localhost/audit/";
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    Path audit;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TiledLog root;

    @BeforeEach
    void logs() throws Exception {
        root = log("root");
        for (String shard : List.of("2026w46", "2026w47", "2026w48")) {
            add(log(shard), shard);
            append(new RootEntry.ShardOpened(NOON, shard, vkey(shard)));
        }
        append(new RootEntry.ShardClosed(NOON, "2026w46", checkpoint("2026w46")));
        append(new RootEntry.ShardClosed(NOON, "2026w47", checkpoint("2026w47")));
    }

    private TiledLog log(String name) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        NoteSigner signer = new NoteSigner(NoteVerifier.of(PREFIX + name, pair.getPublic()), message -> {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(message);
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has Ed25519", e);
            }
        });
        Files.createDirectories(audit.resolve("vkeys"));
        Files.writeString(key(name), signer.verifier() + "\n");
        return TiledLog.open(new LogDirectory(directory(name)), signer);
    }

    private Path directory(String name) {
        return audit.resolve("log").resolve(PREFIX + name);
    }

    private Path key(String name) {
        return audit.resolve("vkeys").resolve(name + ".vkey");
    }

    private String vkey(String name) throws IOException {
        return Files.readString(key(name)).strip();
    }

    private String checkpoint(String name) throws IOException {
        return Files.readString(directory(name).resolve("checkpoint"));
    }

    private static void add(TiledLog log, String entry) throws IOException {
        log.append(entry.getBytes(StandardCharsets.UTF_8));
        log.publish();
    }

    private void append(RootEntry entry) throws IOException {
        root.append(entry.bytes());
        root.publish();
    }

    /// What is wrong, and of which origin; empty when nothing is.
    private Optional<String> fault() throws InterruptedException {
        return fault(PriorKnowledge.NONE);
    }

    private Optional<String> fault(PriorKnowledge prior) throws InterruptedException {
        return new AuditVerification(audit, prior, (_, _) -> {})
                .run().stream()
                        .filter(shard -> !shard.report().sound())
                        .map(shard -> shard.origin() + " "
                                + shard.report().inconsistency().orElseThrow().path() + ": "
                                + shard.report().inconsistency().orElseThrow().what())
                        .findFirst();
    }

    private void delete(String shard) throws IOException {
        Files.delete(key(shard));
        Directories.delete(directory(shard));
    }

    @Test
    void shardsWhenTheyAreAsRecordedThenSound() throws Exception {
        assertThat(fault()).isEmpty();
        assertThat(new AuditVerification(audit).run()).hasSize(4);
    }

    @Test
    void shardWhenMissingWithoutAnEntryThenNamed() throws Exception {
        delete("2026w47");
        assertThat(fault())
                .hasValue(
                        PREFIX
                                + "2026w47 2026w47.vkey: the shard is missing, and the root log does not say that it was deleted");
    }

    @Test
    void shardWhenItsDeletionIsRecordedThenSoundWhateverIsLeftOfIt() throws Exception {
        append(new RootEntry.ShardDeleted(NOON, "2026w46"));
        assertThat(fault()).as("about to be deleted").isEmpty();
        assertThat(new AuditVerification(audit).run().getFirst().deleted()).isTrue();
        Files.delete(key("2026w46"));
        assertThat(fault()).as("cut short").isEmpty();
        Files.delete(directory("2026w46").resolve("checkpoint"));
        assertThat(fault()).as("cut short later").isEmpty();
        Directories.delete(directory("2026w46"));
        assertThat(fault()).isEmpty();
        assertThat(new AuditVerification(audit).run())
                .extracting(AuditVerification.Shard::origin)
                .containsExactly(PREFIX + "2026w47", PREFIX + "2026w48", PREFIX + "root");
    }

    @Test
    void shardWhenMadeAnewUnderAnotherKeyThenNamed() throws Exception {
        delete("2026w47");
        add(log("2026w47"), "another history");
        assertThat(fault()).hasValue(PREFIX + "2026w47 2026w47.vkey: the root log has another key for this shard");
    }

    @Test
    void shardWhenItGoesOnAfterItsEndThenNamed() throws Exception {
        TiledLog other = log("2026w45");
        add(other, "first");
        append(new RootEntry.ShardOpened(NOON, "2026w45", vkey("2026w45")));
        append(new RootEntry.ShardClosed(NOON, "2026w45", checkpoint("2026w45")));
        assertThat(fault()).isEmpty();
        add(other, "later");
        assertThat(fault())
                .hasValue(PREFIX + "2026w45 checkpoint: the root log has another last checkpoint for this shard");
    }

    @Test
    void shardWhenNotRecordedThenOnlyTheNewestIsForgiven() throws Exception {
        add(log("2026w49"), "just begun");
        assertThat(fault()).isEmpty();
        add(log("2026w50"), "begun after it");
        assertThat(fault()).hasValue(PREFIX + "2026w48 checkpoint: the root log does not know how this shard ended");
        append(new RootEntry.ShardClosed(NOON, "2026w48", checkpoint("2026w48")));
        assertThat(fault()).hasValue(PREFIX + "2026w49 2026w49.vkey: the root log does not know this shard");
    }

    @Test
    void rootLogWhenAlteredThenItIsToBlame() throws Exception {
        Path bundle = directory("root").resolve("tile/entries/000.p/5");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[10] ^= 1;
        Files.write(bundle, bytes);
        assertThat(fault()).hasValueSatisfying(fault -> assertThat(fault).startsWith(PREFIX + "root tile/entries"));
    }

    private PriorKnowledge pinned(String... names) throws IOException {
        Map<String, NoteVerifier> keys = new HashMap<>();
        for (String name : names) {
            keys.put(PREFIX + name, NoteVerifier.parse(vkey(name)).orElseThrow());
        }
        return new PriorKnowledge(keys, Map.of());
    }

    /// Whoever can write takes away a shard and the key by which the root log would tell.
    @Test
    void rootLogWhenItsKeyIsPinnedThenJudgesWithoutTheOneBesideIt() throws Exception {
        PriorKnowledge root = pinned("root");
        Files.delete(key("root"));
        assertThat(fault(root)).isEmpty();
        delete("2026w47");
        assertThat(fault(root))
                .hasValueSatisfying(fault -> assertThat(fault).contains("2026w47", "the shard is missing"));
    }

    @Test
    void rootLogWhenMadeAnewToSayThatAKnownShardWasDeletedThenNotBelieved() throws Exception {
        PriorKnowledge shard = pinned("2026w46");
        PriorKnowledge since = new PriorKnowledge(
                Map.of(),
                Map.of(PREFIX + "2026w46", List.of(checkpoint("2026w46").getBytes(StandardCharsets.UTF_8))));
        PriorKnowledge both = pinned("2026w46", "root");
        List<String> others = List.of("2026w47", "2026w48");
        delete("2026w46");
        delete("root");
        root = log("root");
        append(new RootEntry.ShardOpened(NOON, "2026w46", "nobody's"));
        for (String other : others) {
            append(new RootEntry.ShardOpened(NOON, other, vkey(other)));
        }
        append(new RootEntry.ShardClosed(NOON, "2026w47", checkpoint("2026w47")));
        append(new RootEntry.ShardDeleted(NOON, "2026w46"));

        assertThat(fault()).as("nothing is known beforehand").isEmpty();
        for (PriorKnowledge known : List.of(shard, since)) {
            assertThat(fault(known))
                    .hasValueSatisfying(fault -> assertThat(fault)
                            .startsWith(PREFIX + "2026w46 checkpoint: ")
                            .contains("nothing says whose root log it is"));
        }
        assertThat(fault(both)).hasValueSatisfying(fault -> assertThat(fault).contains("not the one that was pinned"));
    }

    @Test
    void rootLogWhenItIsKnownThenItMaySayThatAKnownShardWasDeleted() throws Exception {
        PriorKnowledge both = pinned("2026w46", "root");
        append(new RootEntry.ShardDeleted(NOON, "2026w46"));
        delete("2026w46");
        assertThat(fault(both)).isEmpty();
        assertThat(new AuditVerification(audit, both, (_, _) -> {}).run())
                .filteredOn(AuditVerification.Shard::deleted)
                .extracting(AuditVerification.Shard::origin)
                .containsExactly(PREFIX + "2026w46");
    }

    /// Whoever can write alters it for the moment in which it is read.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void rootLogWhenItIsAlteredForOneReadingThenItIsToBlameAndNothingIsDeleted(int alteredReading) throws Exception {
        PriorKnowledge both = pinned("2026w46", "root");
        Path bundle = directory("root").resolve("tile/entries/000.p/5");
        List<byte[]> entries =
                new ArrayList<>(EntryBundle.decode(Files.readAllBytes(bundle)).orElseThrow());
        entries.set(4, new RootEntry.ShardDeleted(NOON, "2026w46").bytes());
        byte[] altered = EntryBundle.encode(entries);
        delete("2026w46");
        RootAgreement.Place directory = RootAgreement.Place.of(audit);
        AtomicInteger readings = new AtomicInteger();
        RootAgreement.Place place = new RootAgreement.Place() {
            @Override
            public Optional<byte[]> key(String name) throws IOException {
                return directory.key(name);
            }

            @Override
            public LogReader log(String origin) {
                LogReader log = directory.log(origin);
                return readings.incrementAndGet() == alteredReading
                        ? path -> path.startsWith("tile/entries/") ? Optional.of(altered) : log.read(path)
                        : log;
            }
        };
        RootAgreement agreement = RootAgreement.before(place, both);
        List<AuditVerification.Shard> shards =
                ShardsVerifier.verify(audit.resolve("log"), audit.resolve("vkeys"), both, (_, _) -> {}).stream()
                        .map(shard -> new AuditVerification.Shard(shard.origin(), shard.report()))
                        .toList();
        assertThat(agreement.judge(shards))
                .noneMatch(AuditVerification.Shard::deleted)
                .filteredOn(shard -> !shard.report().sound())
                .extracting(AuditVerification.Shard::origin)
                .containsExactlyInAnyOrder(PREFIX + "2026w46", PREFIX + "root");
    }

    @Test
    void directoryWhenItHasNoRootLogThenJudgedWithoutOne() throws Exception {
        delete("root");
        assertThat(fault()).isEmpty();
        assertThat(new AuditVerification(audit).run()).hasSize(3);
    }
}
