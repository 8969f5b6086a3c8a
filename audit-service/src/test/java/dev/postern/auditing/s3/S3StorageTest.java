package dev.postern.auditing.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postern.test.StrictS3;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract at an S3 server, and what S3 adds to it.
class S3StorageTest extends LogStorageContract {
    private final Instant until =
            Clock.systemUTC().instant().plus(Duration.ofDays(97)).truncatedTo(ChronoUnit.SECONDS);
    private final ObjectLock lock = new ObjectLock(ObjectLock.Mode.COMPLIANCE, until, false);

    @TempDir
    Path home;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestBucket owner;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private S3Bucket bucket;

    @BeforeEach
    void open() throws Exception {
        owner = new TestBucket(home);
        bucket = owner.open("postern/");
    }

    @AfterEach
    void close() {
        bucket.close();
        owner.close();
    }

    @Override
    LogStorage storage() {
        return new S3LogStorage(
                bucket,
                "log/example.com/log/",
                lock,
                path -> Tile.parse(path).filter(Tile::isFull).isPresent());
    }

    @Test
    void fullTilesAreLockedAndPartialOnesAndTheCheckpointAreNot() throws Exception {
        LogStorage storage = storage();
        storage.create("tile/0/000", new byte[32]);
        storage.create("tile/0/001.p/3", new byte[3]);
        storage.replace(LogStorage.CHECKPOINT, new byte[1]);
        assertThat(owner.lockedUntil("postern/log/example.com/log/tile/0/000")).contains(until);
        assertThat(owner.lockedUntil("postern/log/example.com/log/tile/0/001.p/3"))
                .isEmpty();
        assertThat(owner.lockedUntil("postern/log/example.com/log/checkpoint")).isEmpty();
        assertThat(owner.held("postern/log/example.com/log/tile/0/000")).isFalse();

        bucket.lock("log/example.com/log/tile/0/001.p/3", ObjectLock.Mode.COMPLIANCE, until);
        assertThat(owner.lockedUntil("postern/log/example.com/log/tile/0/001.p/3"))
                .contains(until);
    }

    @Test
    void objectsThatAreLockedHaveOneVersionHoweverOftenTheyAreMade() throws Exception {
        LogStorage storage = storage();
        storage.create("tile/0/000", new byte[32]);
        storage.create("tile/0/000", new byte[32]);
        assertThatExceptionOfType(AlteredCopy.class).isThrownBy(() -> storage.create("tile/0/000", new byte[31]));
        assertThat(owner.versions("postern/log/example.com/log/tile/0/000")).isEqualTo(1);
    }

    @Test
    void legalHoldWhenAskedForThenOnTheObjectUntilTakenOff() throws Exception {
        assertThat(bucket.make("a", new byte[1], Optional.of(new ObjectLock(lock.mode(), until, true))))
                .isTrue();
        assertThat(owner.held("postern/a")).isTrue();
        bucket.hold("a", false);
        assertThat(owner.held("postern/a")).isFalse();
        bucket.hold("a", true);
        assertThat(owner.held("postern/a")).isTrue();
    }

    @Test
    void bucketWhenItCannotLockThenSaysWhatToDo() throws Exception {
        bucket.requireObjectLock();
        owner.server().create("plain", false);
        for (String other : new String[] {"plain", "none"}) {
            try (S3Bucket opened = owner.open(other, "")) {
                assertThatIOException()
                        .isThrownBy(opened::requireObjectLock)
                        .withMessageContaining("--object-lock-enabled-for-bucket")
                        .withMessageContaining("postern.audit.copy.bucket");
            }
        }
    }

    @Test
    void bucketWhenTheKeyIsNotTheServersThenRefusedWithItsCode() throws Exception {
        Files.writeString(owner.credentials, "AKIAOTHER\nsecret\n");
        assertThatIOException().isThrownBy(() -> bucket.read("a")).withMessage("S3 answers 403 AccessDenied");
        assertThatIOException().isThrownBy(bucket::requireObjectLock).withMessage("S3 answers 403 AccessDenied");
    }

    @Test
    void listsWhenLongerThanAPageThenWhole() throws Exception {
        for (int i = 0; i < 45; i++) {
            bucket.replace("many/%02d".formatted(i), new byte[1]);
        }
        assertThat(bucket.list("many/")).hasSize(45).startsWith("many/00").endsWith("many/44");
        assertThat(bucket.list("none/")).isEmpty();
    }

    @Test
    void lockWhenShorterThenTheLongerOneStaysAndWhenLongerThenProlonged() throws Exception {
        LogStorage storage = storage();
        storage.create("tile/0/000", new byte[32]);
        String name = "log/example.com/log/tile/0/000";
        bucket.lock(name, lock.mode(), until.minus(Duration.ofDays(1)));
        assertThat(owner.lockedUntil("postern/" + name)).contains(until);
        bucket.lock(name, lock.mode(), until.plus(Duration.ofDays(1)));
        assertThat(owner.lockedUntil("postern/" + name)).contains(until.plus(Duration.ofDays(1)));
        assertThatIOException().isThrownBy(() -> bucket.lock("none", lock.mode(), until));
    }

    @Test
    void serverWhenItIsAwayThenEverythingFailsAndNothingOfTheCredentialsIsSaid() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        S3Bucket.Place place =
                new S3Bucket.Place(owner.name, StrictS3.REGION, URI.create("http://127.0.0.1:" + port), "");
        try (S3Bucket away = S3Bucket.open(place, S3Credentials.in(owner.credentials))) {
            assertThatIOException()
                    .isThrownBy(() -> away.read("checkpoint"))
                    .withMessageContaining("S3 cannot be reached")
                    .satisfies(failure -> assertThat(failure).message().doesNotContain(StrictS3.SECRET));
        }
    }

    @Test
    void credentialsPrintNothingAndAreReadAnew() throws Exception {
        S3Credentials credentials = S3Credentials.in(owner.credentials);
        assertThat(credentials).asString().doesNotContain(StrictS3.KEY_ID).doesNotContain(StrictS3.SECRET);
        Files.writeString(owner.credentials, "AKIANEXT\nanother\ntoken\n");
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("AKIANEXT");
        for (String wrong : new String[] {"", "AKIATEST", "a\nb\nc\nd", "a\n\nb"}) {
            Files.writeString(owner.credentials, wrong);
            assertThatIOException()
                    .isThrownBy(() -> S3Credentials.in(owner.credentials))
                    .withMessageContaining("access key id on its first line");
        }
        assertThatIOException().isThrownBy(() -> S3Credentials.in(home.resolve("none")));
    }

    @Test
    @Timeout(60)
    void answerWhenItTricklesThenCutOffInTime() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> trickle(exchange, done));
        slow.start();
        URI endpoint = URI.create("http://127.0.0.1:" + slow.getAddress().getPort());
        S3Bucket.Place place = new S3Bucket.Place(owner.name, StrictS3.REGION, endpoint, "");
        try (S3Bucket patient = S3Bucket.open(place, S3Credentials.in(owner.credentials), Duration.ofSeconds(2))) {
            assertThatIOException()
                    .isThrownBy(() -> patient.read("log/example.com/log/checkpoint"))
                    .withMessageContaining("takes longer than 2 s");
        } finally {
            done.countDown();
            slow.stop(0);
        }
    }

    /// An octet every 50 ms, for longer than any test.
    private static void trickle(HttpExchange exchange, CountDownLatch done) throws IOException {
        exchange.sendResponseHeaders(200, 100_000);
        try {
            while (!done.await(50, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
