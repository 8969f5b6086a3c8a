package dev.postern.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// An S3 server on the loopback interface: Adobe's S3Mock (Apache-2.0), in a process of its own, since it is a Spring
/// Boot program with libraries of its own.
///
/// What it is for: that a client of ours speaks what others understand as S3. What it is not for: it does not check
/// signatures, and leaves out locks that come with an object; [StrictS3] has those.
public final class S3ForTests implements AutoCloseable {
    private static final String MAIN = "com.adobe.testing.s3mock.S3MockApplication";
    private static final String STARTED = "Started S3Mock";

    private final Process process;
    private final int port;

    private S3ForTests(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts it, and waits until it serves.
    ///
    /// @param directory for what it stores
    /// @param bucket    is there from the start
    public static S3ForTests start(Path directory, String bucket) {
        Path classPath = ProjectFiles.root().resolve("test-support/target/s3mock.classpath");
        try {
            int port = freePort();
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx256m",
                            "-cp",
                            Files.readString(classPath).strip(),
                            MAIN,
                            "--server.address=127.0.0.1",
                            "--server.port=" + freePort(),
                            "--http.port=" + port,
                            "--com.adobe.testing.s3mock.store.initial-buckets=" + bucket,
                            "--com.adobe.testing.s3mock.store.root=" + directory))
                    .redirectErrorStream(true)
                    .start();
            S3ForTests server = new S3ForTests(process, port);
            server.awaitStart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart() throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.contains(STARTED)) {
                Thread.ofPlatform().daemon().name("s3-output").start(() -> drain(output));
                return;
            }
        }
        throw new IllegalStateException("the S3 server did not start:\n" + said);
    }

    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // An unread pipe would stop the server.
            }
        } catch (IOException _) {
            // It ended.
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Plain HTTP, buckets in the path.
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            var _ = process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
