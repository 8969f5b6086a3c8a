package dev.postern.gateway.api;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/// The name under which a client keeps pseudonyms consistent across requests.
public record Conversation(String name) {
    /// Header that carries it.
    public static final String HEADER = "Postern-Conversation";

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    public Conversation {
        if (!ALLOWED.matcher(name).matches()) {
            throw new Refused(Failure.CONVERSATION_INVALID);
        }
    }

    /// The conversation that a request names, if any.
    ///
    /// @throws Refused when there are several, or one of another form
    public static Optional<Conversation> of(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HEADER);
        if (values.size() > 1) {
            throw new Refused(Failure.CONVERSATION_INVALID);
        }
        return values.stream().findFirst().map(Conversation::new);
    }
}
