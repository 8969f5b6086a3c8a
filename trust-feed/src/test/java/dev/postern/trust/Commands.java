package dev.postern.trust;

import dev.postern.test.RedisForTests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Commands for the Redis of a test, one connection each: what only an operator, an attacker or a failover does.
final class Commands {
    private Commands() {}

    static void run(RedisForTests redis, String... words) throws IOException {
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            send(socket.getOutputStream(), answers, "AUTH", RedisForTests.PASSWORD);
            send(socket.getOutputStream(), answers, words);
        }
    }

    private static void send(OutputStream out, BufferedReader answers, String... words) throws IOException {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        out.write(command.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        String answer = answers.readLine();
        if (answer == null || answer.startsWith("-")) {
            throw new IOException("Redis refused: " + answer);
        }
    }
}
