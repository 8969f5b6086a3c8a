package dev.postern.cli.custody;

import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.archive.Share;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.session.RecipientKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks for captured bodies, waits for two custodians, and opens what is released, in this process: the key that shares
/// are sealed to is born and dies here.
public final class BodyOpening {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ArchiveService service;
    private final Duration pause;
    private final Progress progress;

    /// @param pause between two looks whether it was decided
    public BodyOpening(ArchiveService service, Duration pause, Progress progress) {
        this.service = service;
        this.pause = pause;
        this.progress = progress;
    }

    /// The bodies, a JSON document each.
    ///
    /// @throws Failure when it was refused, nobody decided in time, or it does not open
    public List<String> open(List<LoggedCapture> captures, String reason) throws InterruptedException {
        try (RecipientKey key = RecipientKey.generate()) {
            JsonNode asked =
                    service.post("/v1/openings", ask(captures, reason, key)).orFail();
            String id = asked.path("id").asString("");
            progress.say("Asked, as " + asked.path("requester").asString("") + ", until "
                    + asked.path("expires_at").asString("") + ". Two custodians decide:");
            progress.detail("./postern audit approve " + id + " --key KEY_FILE --token-file TOKEN_FILE");
            progress.detail("who must see this key in openings " + id + ": "
                    + key.publicKey().name() + "; tell them by another way");
            await(id);
            JsonNode released = service.post(ArchiveService.path(id) + "/release", JSON.createObjectNode())
                    .orFail();
            byte[] context = OpeningRequest.context(asked.path("digest").asString(""));
            List<String> lines = new ArrayList<>();
            for (LoggedCapture capture : captures) {
                lines.add(line(capture, opened(capture, released, key, context)));
            }
            return lines;
        }
    }

    private static ObjectNode ask(List<LoggedCapture> captures, String reason, RecipientKey key) {
        ObjectNode document = JSON.createObjectNode()
                .put("reason", reason)
                .put("recipient", key.publicKey().encoded());
        ArrayNode events = document.putArray("events");
        for (LoggedCapture capture : captures) {
            capture.events()
                    .forEach(event ->
                            events.addObject().put("source", event.source()).put("id", event.id()));
        }
        return document;
    }

    private void await(String id) throws InterruptedException {
        int decided = 0;
        boolean told = false;
        while (true) {
            ArchiveService.Answer answer = service.get("/v1/openings");
            if (answer.wantsAnotherToken()) {
                if (!told) {
                    progress.detail("the token is not good any more: write another into its file, and I go on");
                }
                told = true;
            } else {
                told = false;
                JsonNode opening = find(id, answer.orFail());
                JsonNode decisions = opening.path("decisions");
                for (; decided < decisions.size(); decided++) {
                    progress.detail(decisions.path(decided).path("custodian").asString("") + ": "
                            + decisions.path(decided).path("kind").asString(""));
                }
                switch (opening.path("state").asString("")) {
                    case "approved" -> {
                        return;
                    }
                    case "refused" ->
                        throw new Failure(ExitCode.NOT_PERMITTED, "A custodian refused: nothing is opened.");
                    default -> {
                        // Waits.
                    }
                }
            }
            Thread.sleep(pause);
        }
    }

    private static JsonNode find(String id, JsonNode openings) {
        for (JsonNode opening : openings) {
            if (opening.path("id").asString("").equals(id)) {
                return opening;
            }
        }
        throw new Failure(
                ExitCode.NOT_FOUND,
                "Nothing is opened: two custodians did not decide in time, or the audit-service was restarted. Ask again.");
    }

    private static byte[] opened(LoggedCapture capture, JsonNode released, RecipientKey key, byte[] context) {
        String id = capture.name().captureId();
        for (JsonNode body : released.path("captures")) {
            if (body.path("capture_id").asString("").equals(id)) {
                return opened(capture, body, key, context, id);
            }
        }
        throw new Failure("The audit-service did not release capture " + id + ".");
    }

    private static byte[] opened(LoggedCapture capture, JsonNode body, RecipientKey key, byte[] context, String id) {
        JsonNode shares = body.path("shares");
        try (Share one = share(shares.path(0), key, context);
                Share other = share(shares.path(1), key, context)) {
            return SealedBody.parse(octets(body))
                    .orElseThrow(() -> new IOException("it is no sealed body"))
                    .open(one, other, capture.name().label());
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(
                    "Capture " + id + " does not open with the shares of "
                            + shares.path(0).path("custodian").asString("?") + " and "
                            + shares.path(1).path("custodian").asString("?") + ": " + e.getMessage() + ".",
                    e);
        }
    }

    private static Share share(JsonNode share, RecipientKey key, byte[] context) throws IOException {
        return Share.open(key, share.path("x").asInt(0), octets(share), context);
    }

    private static byte[] octets(JsonNode document) {
        return Base64.getUrlDecoder().decode(document.path("sealed").asString(""));
    }

    private static String line(LoggedCapture capture, byte[] body) {
        ObjectNode document = JSON.createObjectNode()
                .put("capture_id", capture.name().captureId())
                .put("request_id", capture.name().requestId())
                .put("client_id", capture.name().clientId())
                .put("tenant", capture.name().tenant())
                .put("kind", capture.name().kind())
                .put("time", capture.time());
        try {
            document.put(
                    "body",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body))
                            .toString());
        } catch (CharacterCodingException _) {
            document.put("body_base64", Base64.getEncoder().encodeToString(body));
        }
        return document.toString();
    }
}
