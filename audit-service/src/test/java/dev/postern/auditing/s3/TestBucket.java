package dev.postern.auditing.s3;

import dev.postern.test.StrictS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A bucket at a server of the test, and what its owner sees of it.
public final class TestBucket implements AutoCloseable {
    public final String name = "audit-copy";
    public final Path credentials;
    private final StrictS3 server = StrictS3.start();

    public TestBucket(Path home) throws IOException {
        server.create(name, true);
        this.credentials = home.resolve("s3-credentials");
        Files.writeString(credentials, StrictS3.KEY_ID + "\n" + StrictS3.SECRET + "\n");
    }

    StrictS3 server() {
        return server;
    }

    /// As the service opens it.
    public S3Bucket open(String prefix) throws IOException {
        return open(name, prefix);
    }

    S3Bucket open(String bucket, String prefix) throws IOException {
        return S3Bucket.open(
                new S3Bucket.Place(bucket, StrictS3.REGION, server.endpoint(), prefix), S3Credentials.in(credentials));
    }

    public String endpoint() {
        return server.endpoint().toString();
    }

    /// From now on.
    public void refuse(Predicate<String> requests) {
        server.refuse(requests);
    }

    public List<String> names() {
        return server.names(name);
    }

    public void await(String key) throws InterruptedException {
        server.await(name, key);
    }

    public byte[] content(String key) {
        return server.content(name, key);
    }

    public void put(String key, byte[] content) {
        server.put(name, key, content);
    }

    public long versions(String key) {
        return server.versions(name, key);
    }

    public Optional<Instant> lockedUntil(String key) {
        return server.lockedUntil(name, key);
    }

    public boolean held(String key) {
        return server.held(name, key);
    }

    /// What `aws s3 sync` leaves.
    public Path download(Path directory) throws IOException {
        for (String key : names()) {
            Path file = directory.resolve(key);
            Files.createDirectories(file.resolveSibling("."));
            Files.write(file, content(key));
        }
        return directory;
    }

    @Override
    public void close() {
        server.close();
    }
}
