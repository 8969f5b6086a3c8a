package dev.postern.auditing.s3;

import dev.postern.test.S3ForTests;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract at an S3 server that others wrote: S3Mock.
class S3MockStorageTest extends LogStorageContract {
    private static final String BUCKET = "audit-copy";

    @TempDir
    static Path home;

    @SuppressWarnings("NullAway.Init") // Started before all tests.
    private static S3ForTests server;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static S3Bucket bucket;

    private static int logs;

    @BeforeAll
    static void start() throws Exception {
        server = S3ForTests.start(Files.createDirectories(home.resolve("s3")), BUCKET);
        Path credentials = home.resolve("credentials");
        Files.writeString(credentials, "AKIATEST\nsecret\n");
        URI endpoint = server.endpoint();
        bucket = S3Bucket.open(
                new S3Bucket.Place(BUCKET, "us-east-1", endpoint, "postern/"), S3Credentials.in(credentials));
    }

    @AfterAll
    static void stop() {
        bucket.close();
        server.close();
    }

    @Override
    LogStorage storage() {
        ObjectLock lock = new ObjectLock(
                ObjectLock.Mode.COMPLIANCE, Clock.systemUTC().instant().plus(Duration.ofDays(97)), false);
        return new S3LogStorage(
                bucket,
                "log/example.com/log" + logs++ + "/",
                lock,
                path -> Tile.parse(path).filter(Tile::isFull).isPresent());
    }
}
