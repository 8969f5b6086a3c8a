package dev.postern.cli.bench.sealed;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/// Request documents, each with an id of its own.
final class Requests {
    private static final int ID_LENGTH = 16;
    /// With envelope, id and the octet of the type, a frame's bucket of 1,024 octets is full.
    private static final String FILLING = "x".repeat(894);
    /// About two hundred pieces in the simulator's answer.
    private static final String LONG = "on and on ".repeat(80);

    private final SecureRandom random;
    private final String before;
    private final String after;

    private Requests(SecureRandom random, String operation, String body) {
        this.random = random;
        this.before = "{\"op\":\"" + operation + "\",\"deadline_ms\":20000,\"msg_id\":\"";
        this.after = "\",\"body\":" + body + "}";
    }

    static Requests echo(SecureRandom random) {
        return new Requests(random, "/ssp1/echo", "{\"text\":\"" + FILLING + "\"}");
    }

    static Requests stream(SecureRandom random) {
        return new Requests(
                random,
                "/v1/chat/completions",
                "{\"model\":\"simulator-small\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + LONG
                        + "\"}]}");
    }

    byte[] next() {
        byte[] id = new byte[ID_LENGTH];
        random.nextBytes(id);
        String document = before + Base64.getUrlEncoder().withoutPadding().encodeToString(id) + after;
        return document.getBytes(StandardCharsets.US_ASCII);
    }
}
