package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.FrameRejected;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.relay.rig.RedisSwitch;
import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.test.RedisForTests;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A replica of Redis takes over between two frames: it has the session's fence, and not its last mark.
@SuppressWarnings("NullAway.Init")
class FailoverTest {
    @TempDir
    private Path directory;

    private RedisForTests primary;
    private RedisForTests replica;
    private RedisSwitch address;
    private RelayRig rig;
    private RedisLink toReplica;

    @BeforeEach
    void replicate() throws Exception {
        primary = RedisForTests.start();
        replica = RedisForTests.start();
        address = new RedisSwitch(primary);
        rig = new RelayRig(address, directory);
        Path password = Files.writeString(directory.resolve("password-of-the-replica"), RedisForTests.PASSWORD);
        toReplica = RedisLink.open(new RedisSettings(replica.host(), replica.port(), password, Duration.ofSeconds(5)));
        Awaitility.await()
                .until(() -> toReplica.isReachable().toCompletableFuture().join());
        atReplica().configSet("masterauth", RedisForTests.PASSWORD);
        atReplica().replicaof(primary.host(), primary.port());
    }

    @AfterEach
    void close() throws Exception {
        toReplica.close();
        rig.close();
        address.close();
        replica.close();
        primary.close();
    }

    @Test
    void whatTheNewRedisDoesNotKnowWasSealedUnderKeysThatAreGone() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            String fence = "postern:ssp1:{" + client.session().id() + "}:fence";
            String highest = "postern:ssp1:{" + client.session().id() + "}:highest:0";
            Awaitility.await().until(() -> Objects.equals("0", atReplica().get(highest)));
            String owner = atReplica().get(fence);
            assertThat(owner).isNotNull();
            atReplica().replicaofNoOne();

            int stream = client.session().openStream();
            byte[] request = Requests.chat(rig.clock, "echo").getBytes(StandardCharsets.UTF_8);
            byte[] lost = client.session()
                    .seal(stream, request, ContentType.JSON, Chunk.LAST)
                    .getFirst();
            client.send(lost);
            client.answer(stream);
            assertThat(atReplica().get(highest)).as("its mark is lost").isEqualTo("0");
            turnTo(replica);

            client.send(lost);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(rig.audited(FrameRejected.class))
                            .as("the own window knows it")
                            .singleElement()
                            .satisfies(event -> assertThat(event.reason()).isEqualTo("duplicate")));
            assertThat(client.session().epoch()).isZero();
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.session().epoch()).as("new keys at once").isEqualTo(1);
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.session().epoch()).as("and once").isEqualTo(1);
            assertThat(atReplica().get(fence)).as("a new fence").isNotEqualTo(owner);
        }
        assertThat(rig.upstream.seen()).hasSize(4);
    }

    @Test
    void aRedisThatKnowsAnEarlierFenceOfTheSessionEndsItNot() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            atReplica().replicaofNoOne();
            turnTo(replica);
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            assertThat(client.session().epoch()).isEqualTo(1);

            // It has the first fence yet, as a replica would that lagged.
            turnTo(primary);
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.session().epoch()).isEqualTo(2);
            assertThat(client.isOpen()).isTrue();
        }
    }

    private void turnTo(RedisForTests redis) throws IOException {
        long before = rig.store().generation();
        address.lead(redis);
        Awaitility.await()
                .until(() -> rig.store().generation() > before
                        && rig.store().isReachable().toCompletableFuture().join());
    }

    private RedisCommands<String, String> atReplica() {
        return toReplica.connection().orElseThrow().sync();
    }
}
