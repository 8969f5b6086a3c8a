package dev.postern.redacting.rest;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.redacting.answer.RestoredText;
import dev.postern.redacting.engine.EngineSettings;
import dev.postern.redacting.engine.TextEngine;
import dev.postern.redacting.engine.TextEngine.RedactedText;
import dev.postern.redacting.prompt.PromptRefused;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// `POST /v1/analyze`, `/v1/redact`, `/v1/restore`. mTLS is the connector's duty; each endpoint asks for a token with a
/// scope of its own. A caller sees only conversations of its own tenant and client.
@RestController
final class TextEndpoints {
    private final TextEngine engine;
    private final CallerGate gate;
    private final JsonMapper json;
    private final int largest;

    TextEndpoints(TextEngine engine, CallerGate gate, JsonMapper json, EngineSettings settings) {
        this.engine = engine;
        this.gate = gate;
        this.json = json;
        this.largest = settings.largestPrompt();
    }

    /// @param unit of the offsets: UTF-16 code units, as Java and JavaScript count
    record Analysis(List<FoundSpan> spans, String unit) {}

    record FoundSpan(int start, int end, String entity, double score) {}

    record Redaction(String text, Map<String, Integer> found) {
        @Override
        public String toString() {
            return "Redaction[" + text.length() + " characters, " + found + "]";
        }
    }

    record Restoration(String text, int unresolved) {
        @Override
        public String toString() {
            return "Restoration[" + text.length() + " characters, " + unresolved + " unresolved]";
        }
    }

    @PostMapping("/v1/analyze")
    Analysis analyze(HttpServletRequest request) {
        return gate.serve(request, "redaction:analyze", _ -> {
            TextRequest body = TextRequest.read(request, json, largest);
            List<FoundSpan> spans = engine.analyze(body.text()).stream()
                    .map(span -> new FoundSpan(
                            span.start(), span.end(), span.entity().name(), span.score()))
                    .toList();
            return new Analysis(spans, "utf-16");
        });
    }

    @PostMapping("/v1/redact")
    Redaction redact(HttpServletRequest request) {
        return gate.serve(request, "redaction:redact", token -> {
            TextRequest body = TextRequest.read(request, json, largest).inConversation();
            return redacted(token, body);
        });
    }

    private Redaction redacted(AccessToken token, TextRequest body) {
        try {
            RedactedText redacted = engine.redact(token.tenant(), token.clientId(), body.conversation(), body.text());
            return new Redaction(redacted.text(), redacted.found());
        } catch (PromptRefused _) {
            throw new ProblemException(Problem.TOO_LARGE);
        }
    }

    /// Nothing is given back before the audit event that says so is on disk.
    @PostMapping("/v1/restore")
    Restoration restore(HttpServletRequest request) {
        return gate.serve(request, "redaction:restore", token -> {
            TextRequest body = TextRequest.read(request, json, largest).inConversation();
            RestoredText restored = engine.restore(token.tenant(), token.clientId(), body.conversation(), body.text());
            return new Restoration(restored.text(), restored.unresolved());
        });
    }
}
