package dev.postern.cli.token;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The body of a token request: `client_credentials` (RFC 6749), or token exchange (RFC 8693) when there is a token to
/// trade.
public final class TokenForm {
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

    private TokenForm() {}

    public static String of(TokenRequest request, String assertion) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", request.subject().isPresent() ? EXCHANGE : "client_credentials");
        form.put("client_id", request.clientId());
        form.put("client_assertion_type", ClientAssertion.TYPE);
        form.put("client_assertion", assertion);
        request.subject().ifPresent(subject -> {
            form.put("subject_token", subject.token());
            form.put("subject_token_type", subject.type());
        });
        form.put("scope", request.scope());
        form.put("resource", request.audience());
        form.putAll(request.more());
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
