package dev.postern.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RedisForTestsTest {
    @Test
    void answersOnlyThoseWhoKnowThePassword() throws Exception {
        try (RedisForTests redis = RedisForTests.start();
                Socket socket = new Socket(redis.host(), redis.port());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).startsWith("-NOAUTH");
            String auth = "AUTH " + RedisForTests.PASSWORD + "\r\nPING\r\n";
            socket.getOutputStream().write(auth.getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).isEqualTo("+OK");
            assertThat(in.readLine()).isEqualTo("+PONG");
        }
    }
}
