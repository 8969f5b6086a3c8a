package dev.postern.redact.check;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// RFC 7519: the first part is a JSON object that names an algorithm or a type.
final class JsonWebTokens {
    private JsonWebTokens() {}

    static int accept(String text, int start, int end) {
        int dot = text.indexOf('.', start);
        if (dot < 0 || dot > end) {
            return Check.REJECTED;
        }
        try {
            String header =
                    new String(Base64.getUrlDecoder().decode(text.substring(start, dot)), StandardCharsets.UTF_8);
            boolean named = header.startsWith("{") && (header.contains("\"alg\"") || header.contains("\"typ\""));
            return named ? end : Check.REJECTED;
        } catch (IllegalArgumentException _) {
            return Check.REJECTED;
        }
    }
}
