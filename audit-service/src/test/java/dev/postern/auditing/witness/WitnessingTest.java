package dev.postern.auditing.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.auditing.LogLines;
import dev.postern.auditing.TestSigner;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.Cosignature;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.witness.WitnessAnswer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A published log and a real witness over loopback.
@Timeout(60)
final class WitnessingTest {
    private static final String ORIGIN = "localhost/audit/2026w48";
    private static final Duration BOUND = Duration.ofMinutes(5);

    @TempDir
    Path home;

    private final Time time = new Time();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Cosignatures cosignatures = new Cosignatures();
    private TiledLog log;
    private PublishedShard shard;
    private volatile List<PublishedShard> shards = List.of();
    private TestWitness witness;
    private Witnessing witnessing;

    private static final class Time extends Clock {
        private volatile Instant now = Instant.parse("2026-11-26T09:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration duration) {
            now = now.plus(duration);
        }
    }

    @BeforeEach
    void start() throws Exception {
        NoteSigner signer = new TestSigner().of(ORIGIN);
        Files.createDirectories(home.resolve("vkeys"));
        Files.writeString(home.resolve("vkeys/2026w48.vkey"), signer.verifier() + "\n");
        LogDirectory storage = new LogDirectory(home.resolve("log"));
        log = TiledLog.open(storage, signer);
        shard = new PublishedShard(new ShardName("2026w48"), ORIGIN, storage);
        shards = List.of(shard);
        witness = TestWitness.start(home.resolve("witness"), home.resolve("vkeys"), time);
        witnessing = witnessing();
    }

    private Witnessing witnessing() {
        WitnessProperties settings = new WitnessProperties(
                List.of(new WitnessProperties.Endpoint(
                        witness.url(), witness.key().toString())),
                Duration.ofMillis(20),
                BOUND);
        return new Witnessing(List.of(client()), () -> shards, cosignatures, settings, time);
    }

    private WitnessClient client() {
        return new WitnessClient(http, witness.url(), witness.key(), time);
    }

    @AfterEach
    void stop() {
        witnessing.close();
        witness.close();
        http.shutdownNow();
    }

    private void grow(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            log.append(("entry " + log.size()).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
    }

    private boolean isCosigned() {
        try {
            String note = shard.checkpoint().note();
            String served = cosignatures.onto(ORIGIN, note);
            String text = SignedNote.text(note.getBytes(StandardCharsets.UTF_8)).orElseThrow();
            return served.startsWith(note)
                    && served.substring(note.length())
                            .lines()
                            .anyMatch(line -> witness.key().verify(text, line).isPresent());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsPublishedIsCosignedAndServedWithIt() throws Exception {
        grow(10);
        witnessing.start();
        await(this::isCosigned);
        grow(300);
        await(this::isCosigned);
        assertThat(witnessing.isStale("witness.example.com/w1")).isFalse();
    }

    @Test
    void aClientThatStartsAnewLearnsTheSizeFromTheWitness() throws Exception {
        grow(10);
        assertThat(client().ask(shard, shard.checkpoint()).time()).isEqualTo(time.instant());
        grow(5);
        assertThat(client().ask(shard, shard.checkpoint()).witness()).isEqualTo("witness.example.com/w1");
        assertThat(witness.asked()).isEqualTo(3);
    }

    @Test
    void aCosignatureIsRenewedBeforeItIsTooOldAlthoughNothingHappens() throws Exception {
        grow(3);
        witnessing.start();
        await(this::isCosigned);
        time.pass(BOUND.dividedBy(2).plusSeconds(1));
        await(() -> witnessing.age("witness.example.com/w1").isZero());
    }

    @Test
    void aClosedShardKeepsItsCosignatureOnTheDisk() throws Exception {
        grow(10);
        PublishedShard next = new PublishedShard(
                new ShardName("2026w49"), ORIGIN, new LogDirectory(Files.createDirectory(home.resolve("next"))));
        Files.copy(home.resolve("log/checkpoint"), home.resolve("next/checkpoint"));
        shards = List.of(next, shard);
        witnessing.start();
        String text = SignedNote.text(shard.checkpoint().note().getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        await(() -> onDisk().lines()
                .anyMatch(line -> witness.key().verify(text, line).isPresent()));
        assertThat(Checkpoint.parse(onDisk()).orElseThrow().size()).isEqualTo(10);
        assertThat(cosignatures.onto(ORIGIN, onDisk())).isEqualTo(onDisk());
    }

    private String onDisk() {
        try {
            return Files.readString(home.resolve("log/checkpoint"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The week has turned, and nobody has given the witness the new shard's key yet.
    @Test
    void aWitnessThatDoesNotKnowTheNewShardCosignsTheEndOfTheLastOne() throws Exception {
        grow(3);
        PublishedShard unknown = new PublishedShard(
                new ShardName("2026w49"), "localhost/elsewhere/2026w49", new LogDirectory(home.resolve("unknown")));
        TiledLog next = TiledLog.open(unknown.storage(), new TestSigner().of(unknown.origin()));
        next.append("first".getBytes(StandardCharsets.UTF_8));
        next.publish();
        shards = List.of(unknown, shard);
        witnessing = witnessing();
        witnessing.start();
        await(this::isKept);
    }

    /// Whether the file itself has the witness' cosignature.
    private boolean isKept() {
        try {
            PublishedShard.Signed signed = shard.checkpoint();
            String text = SignedNote.text(signed.note().getBytes(StandardCharsets.UTF_8))
                    .orElseThrow();
            return client().in(signed, text).isPresent();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWitnessThatIsAwayLetsTheAgeRiseAndNothingElseHappens() throws Exception {
        grow(3);
        witnessing.start();
        await(this::isCosigned);
        witness.close();
        grow(3);
        time.pass(BOUND.plusSeconds(1));
        assertThat(witnessing.isStale("witness.example.com/w1")).isTrue();
        assertThat(isCosigned()).isFalse();
        assertThat(cosignatures.onto(ORIGIN, shard.checkpoint().note()))
                .isEqualTo(shard.checkpoint().note());
        assertThat(new WitnessHealth(witnessing).health().getDetails().get("witness.example.com/w1"))
                .asString()
                .startsWith("stale");
    }

    @Test
    void aWitnessThatSawAnotherHistoryIsToldOf() throws Exception {
        grow(3);
        witness.answerInstead(new WitnessAnswer.Inconsistent());
        witnessing.start();
        await(() -> witnessing.contradictions("witness.example.com/w1") > 0);
        assertThat(isCosigned()).isFalse();
        witness.answerItself();
        await(this::isCosigned);
    }

    @Test
    void aWitnessWithMoreEntriesThanTheLogContradictsIt() throws Exception {
        grow(3);
        witness.answerInstead(new WitnessAnswer.Conflict(50));
        WitnessClient client = client();
        assertRefused(WitnessRefused.Kind.AWAY, client, shard.checkpoint());
        assertRefused(WitnessRefused.Kind.CONTRADICTS, client, shard.checkpoint());
    }

    /// Anybody may show the witness what is published, before this service does.
    @Test
    void aWitnessThatWasShownALaterCheckpointByOthersDoesNotContradict() throws Exception {
        grow(3);
        PublishedShard.Signed read = shard.checkpoint();
        grow(3);
        Cosignature others = client().ask(shard, shard.checkpoint());
        assertThat(others.time()).isEqualTo(time.instant());
        WitnessClient client = client();
        assertRefused(WitnessRefused.Kind.AWAY, client, read);
        assertThat(client.ask(shard, shard.checkpoint()).time()).isEqualTo(time.instant());
    }

    /// Others showed it a later checkpoint between two of this service's questions.
    @Test
    void aWitnessThatIsShownMoreBetweenTwoQuestionsDoesNotContradict() throws Exception {
        grow(3);
        for (long meanwhile : List.of(5L, 2L)) {
            witness.answerFirst(new WitnessAnswer.Conflict(1), new WitnessAnswer.Conflict(meanwhile));
            assertRefused(WitnessRefused.Kind.AWAY, client(), shard.checkpoint());
        }
        witness.answerFirst(new WitnessAnswer.Conflict(1), new WitnessAnswer.Conflict(1));
        assertRefused(WitnessRefused.Kind.CONTRADICTS, client(), shard.checkpoint());
    }

    @Test
    void refusalsWhenOfTwoLogsThenEachIsSaidOnce() throws Exception {
        grow(3);
        witness.answerInstead(new WitnessAnswer.UnknownLog());
        PublishedShard next = new PublishedShard(new ShardName("2026w49"), "localhost/elsewhere", shard.storage());
        shards = List.of(next, shard);
        try (LogLines said = LogLines.of(Witnessing.class)) {
            witnessing.start();
            await(() -> witness.asked() >= 8);
            assertThat(said.with("does not know this log")).hasSize(2);
        }
    }

    private void assertRefused(WitnessRefused.Kind kind, WitnessClient client, PublishedShard.Signed checkpoint) {
        assertThatThrownBy(() -> client.ask(shard, checkpoint))
                .isInstanceOfSatisfying(
                        WitnessRefused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(kind))
                .hasMessageContaining(" entries");
    }

    @Test
    void whatIsNoCosignatureIsNotTaken() throws Exception {
        grow(3);
        for (WitnessAnswer answer : List.of(
                new WitnessAnswer.Cosigned("nonsense\n"),
                new WitnessAnswer.Cosigned(""),
                new WitnessAnswer.NotSigned(),
                new WitnessAnswer.UnknownLog(),
                new WitnessAnswer.Malformed())) {
            witness.answerInstead(answer);
            assertThatThrownBy(() -> client().ask(shard, shard.checkpoint()))
                    .isInstanceOfSatisfying(
                            WitnessRefused.class,
                            refused -> assertThat(refused.kind()).isEqualTo(WitnessRefused.Kind.AWAY));
        }
    }
}
