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
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private TokenForm() {}

    public static String of(TokenRequest request, String assertion) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", request.subjectToken().isPresent() ? EXCHANGE : "client_credentials");
        form.put("client_id", request.clientId());
        form.put("client_assertion_type", ClientAssertion.TYPE);
        form.put("client_assertion", assertion);
        request.subjectToken().ifPresent(subject -> {
            form.put("subject_token", subject);
            form.put("subject_token_type", ACCESS_TOKEN);
        });
        form.put("scope", request.scope());
        form.put("resource", request.audience());
        request.use().ifPresent(use -> form.put("token_use", use));
        request.details().ifPresent(details -> form.put("authorization_details", details));
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
