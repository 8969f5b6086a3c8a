package dev.postern.redacting.rest;

import dev.postern.redact.entity.Span;
import dev.postern.redact.entity.Taxonomy;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.TextEngine;
import dev.postern.redacting.engine.TextEngine.RedactedText;
import dev.postern.redacting.engine.TextEngine.Whose;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `POST /v1/analyze`, `/v1/redact`, `/v1/restore`, `/v1/forget`. mTLS is the connector's duty; each endpoint asks for
/// a token with a scope of its own. A caller sees only conversations of its own tenant and client.
@RestController
final class TextEndpoints {
    private final TextEngine engine;
    private final CallerGate gate;
    private final RestProperties limits;

    TextEndpoints(TextEngine engine, CallerGate gate, RestProperties limits) {
        this.engine = engine;
        this.gate = gate;
        this.limits = limits;
    }

    /// @param unit of the offsets
    record Analysis(List<FoundSpan> spans, String unit) {}

    record FoundSpan(int start, int end, String entity, double score) {}

    record Redaction(String text, Map<String, Integer> found) {
        @Override
        public String toString() {
            return "Redaction[" + text.length() + " characters, " + found + "]";
        }
    }

    /// @param unresolved pseudonyms that were not put back, misspelt ones among them
    /// @param mangled    the misspelt ones of these
    /// @param vault      `answered`, or `unavailable`: then nothing was put back, and asking again may help
    record Restoration(String text, int unresolved, int mangled, String vault) {
        static List<Restoration> of(TextEngine.Restoration restored) {
            String vault = restored.vaultAnswered() ? "answered" : "unavailable";
            return restored.texts().stream()
                    .map(text -> new Restoration(text.text(), text.unknown() + text.mangled(), text.mangled(), vault))
                    .toList();
        }

        @Override
        public String toString() {
            return "Restoration[" + text.length() + " characters, " + unresolved + " unresolved]";
        }
    }

    /// One answer for each text of a list.
    record Batch(List<?> results) {
        @Override
        public String toString() {
            return "Batch[" + results.size() + "]";
        }
    }

    @PostMapping("/v1/analyze")
    Object analyze(HttpServletRequest request) {
        return serve(request, "redaction:analyze", (body, token) -> analyses(token, body));
    }

    private List<Analysis> analyses(AccessToken token, TextRequest body) {
        try {
            List<List<Span>> found = engine.analyze(token.tenant(), body.language(), body.texts());
            List<Analysis> analyses = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                analyses.add(new Analysis(
                        spans(body.texts().get(i), found.get(i), body.offsets(), body.taxonomy()),
                        body.offsets().wireName()));
            }
            return analyses;
        } catch (ExchangeRefused refused) {
            throw Refusals.of(refused);
        }
    }

    private static List<FoundSpan> spans(String text, List<Span> spans, Offsets offsets, Taxonomy taxonomy) {
        Offsets.Counter counter = offsets.new Counter(text);
        return spans.stream()
                .map(span -> new FoundSpan(
                        counter.at(span.start()),
                        counter.at(span.end()),
                        span.entity().name(taxonomy),
                        span.score()))
                .toList();
    }

    @PostMapping("/v1/redact")
    Object redact(HttpServletRequest request) {
        return serve(
                request,
                "redaction:redact",
                (body, token) -> redacted(whose(token, body), body).stream()
                        .map(redacted -> new Redaction(redacted.text(), redacted.found()))
                        .toList());
    }

    private List<RedactedText> redacted(Whose whose, TextRequest body) {
        try {
            return engine.redact(whose, body.language(), body.texts());
        } catch (ExchangeRefused refused) {
            throw Refusals.of(refused);
        }
    }

    /// Nothing is given back before the audit event that says so is on disk.
    @PostMapping("/v1/restore")
    Object restore(HttpServletRequest request) {
        return serve(
                request,
                "redaction:restore",
                (body, token) -> Restoration.of(engine.restore(whose(token, body), body.texts())));
    }

    record Forgotten(boolean forgotten) {}

    /// Shreds a conversation. Who may have values replaced may have them forgotten.
    @PostMapping("/v1/forget")
    Forgotten forget(HttpServletRequest request) {
        return gate.serve(request, "redaction:redact", token -> {
            JsonNode body = Bodies.object(request, limits.largestBody().toBytes());
            Bodies.only(body, Set.of("conversation"));
            String conversation = TextRequest.name(body, "conversation");
            if (conversation.isEmpty()) {
                throw Bodies.malformed("/conversation", "Name the conversation to forget.");
            }
            try {
                return new Forgotten(engine.forget(new Whose(token.tenant(), token.clientId(), conversation, "")));
            } catch (ExchangeRefused refused) {
                throw Refusals.of(refused);
            }
        });
    }

    private static Whose whose(AccessToken token, TextRequest body) {
        return new Whose(token.tenant(), token.clientId(), body.inConversation().conversation(), body.label());
    }

    private interface Call {
        List<?> answer(TextRequest body, AccessToken token);
    }

    private Object serve(HttpServletRequest request, String scope, Call call) {
        return gate.serve(request, scope, token -> {
            TextRequest body = TextRequest.read(request, limits);
            List<?> results = call.answer(body, token);
            return body.batch() ? new Batch(results) : results.getFirst();
        });
    }
}
