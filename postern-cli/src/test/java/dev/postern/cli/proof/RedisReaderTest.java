package dev.postern.cli.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedisReaderTest {
    @Test
    void passwordWhenRefusedThenTheConnectionIsClosed() throws Exception {
        try (ServerSocket redis = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> rest = threads.submit(() -> refuse(redis));

            assertThatThrownBy(() -> RedisReader.open(redis.getLocalPort(), "wrong"))
                    .isInstanceOf(Failure.class);
            // All there is until the other end closes: what it sent, and nothing more.
            assertThat(new String(rest.get(20, TimeUnit.SECONDS), US_ASCII)).endsWith("wrong\r\n");
        }
    }

    private static byte[] refuse(ServerSocket redis) throws Exception {
        try (Socket connection = redis.accept()) {
            connection.setSoTimeout(10_000);
            connection.getOutputStream().write("-WRONGPASS no\r\n".getBytes(US_ASCII));
            return connection.getInputStream().readAllBytes();
        }
    }
}
