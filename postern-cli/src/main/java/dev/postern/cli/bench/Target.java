package dev.postern.cli.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Where requests go, and which.
public record Target(String name, URI address, Optional<SSLContext> tls, RequestSource requests) {
    private static final String BODY = """
            {"model":"simulator-small","messages":[{"role":"user","content":"Please confirm to jane.miller@acme-mail.com \
            that the parcel for order 20417 left the warehouse this morning and will arrive before noon on Friday."}]}""";

    static Target direct(URI simulator) {
        return new Target("direct", simulator, Optional.empty(), RequestSource.always(chat(simulator, "")));
    }

    static Target platform(URI gateway, SSLContext tls, String token) {
        return new Target(
                "platform",
                gateway,
                Optional.of(tls),
                RequestSource.always(chat(gateway, "Authorization: Bearer " + token + "\r\n")));
    }

    /// The least that a TLS server can be asked for.
    static Target document(URI address, SSLContext tls) {
        byte[] request = ("GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return new Target("jwks", address, Optional.of(tls), RequestSource.always(request));
    }

    private static byte[] chat(URI address, String extraHeader) {
        return post(address.resolve("/v1/chat/completions"), "application/json", extraHeader, BODY);
    }

    /// The bytes of a POST request.
    public static byte[] post(URI address, String contentType, String extraHeader, String body) {
        return ("POST " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\nContent-Type: "
                        + contentType + "\r\n" + extraHeader + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
