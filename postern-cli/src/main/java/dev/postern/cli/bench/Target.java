package dev.postern.cli.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Where requests go, and the exact bytes of one.
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Target(String name, URI address, Optional<SSLContext> tls, byte[] request) {
    private static final String BODY = """
            {"model":"simulator-small","messages":[{"role":"user","content":"Please confirm to jane.miller@acme-mail.com \
            that the parcel for order 20417 left the warehouse this morning and will arrive before noon on Friday."}]}""";

    static Target direct(URI simulator) {
        return new Target("direct", simulator, Optional.empty(), request(simulator, ""));
    }

    static Target platform(URI gateway, SSLContext tls, String token) {
        return new Target(
                "platform", gateway, Optional.of(tls), request(gateway, "Authorization: Bearer " + token + "\r\n"));
    }

    private static byte[] request(URI address, String extraHeader) {
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nContent-Type: application/json\r\n" + extraHeader + "Content-Length: " + BODY.length()
                        + "\r\n\r\n" + BODY)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
