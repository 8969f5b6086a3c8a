package dev.postern.cli.custody;

import dev.postern.archive.CustodianRegister;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.archive.Share;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Printable;
import dev.postern.cli.terminal.Progress;
import dev.postern.session.RecipientKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks for captured bodies, waits for two custodians, and opens what is released, in this process: the key that shares
/// are sealed to is born and dies here.
public final class OpeningRun {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int APPROVALS = 2;

    private final ArchiveService service;
    private final Duration pause;
    private final Progress progress;
    private final LongSupplier nanoTime;
    private final Optional<CustodianRegister> custodians;

    /// @param pause between two looks whether it was decided
    /// @param custodians who must have signed what is released, when that is to be checked here
    public OpeningRun(
            ArchiveService service,
            Duration pause,
            Progress progress,
            LongSupplier nanoTime,
            Optional<CustodianRegister> custodians) {
        this.service = service;
        this.pause = pause;
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.custodians = custodians;
    }

    /// The bodies, a JSON document each. Once it was asked for, neither a token that ended nor a service that does not
    /// answer ends it before the request's own time does.
    ///
    /// @throws Failure when it was refused, nobody decided in time, or it does not open
    public List<String> open(List<LoggedCapture> captures, String reason) throws InterruptedException {
        try (RecipientKey key = RecipientKey.generate()) {
            JsonNode asked =
                    service.post("/v1/openings", ask(captures, reason, key)).orFail();
            Patience patience = new Patience(lifetime(asked), pause, nanoTime, progress);
            String id = asked.path("id").asString("");
            String path = ArchiveService.path(id);
            ShownOpening shown = ShownOpening.read(patience.answer(() -> service.get(path)), id);
            requireAsked(shown, captures, reason, key);
            progress.say("Asked, as " + Printable.of(shown.request().requester()) + ", until "
                    + Printable.of(asked, "expires_at")
                    + ". Tell two custodians, by another way, that the key is yours:");
            progress.detail("./postern audit approve " + id + " --recipient "
                    + key.publicKey().name() + " --key KEY_FILE --token-file TOKEN_FILE");
            await(id, patience);
            JsonNode released = patience.answer(() -> service.post(path + "/release", JSON.createObjectNode()));
            custodians.ifPresent(register -> requireSigned(released, shown, register));
            byte[] context = OpeningRequest.context(shown.digest());
            List<String> lines = new ArrayList<>();
            for (LoggedCapture capture : captures) {
                lines.add(line(capture, opened(capture, released, key, context)));
            }
            return lines;
        }
    }

    /// As the service says it; a day, its longest, when it does not.
    private static Duration lifetime(JsonNode asked) {
        try {
            Duration said = Duration.between(
                    Instant.parse(asked.path("asked_at").asString("")),
                    Instant.parse(asked.path("expires_at").asString("")));
            return said.compareTo(LONGEST) < 0 ? said : LONGEST;
        } catch (DateTimeException _) {
            return LONGEST;
        }
    }

    /// That custodians are shown what was asked here.
    private static void requireAsked(
            ShownOpening shown, List<LoggedCapture> captures, String reason, RecipientKey key) {
        Set<String> asked =
                captures.stream().map(capture -> capture.name().label()).collect(Collectors.toUnmodifiableSet());
        Set<String> bodies =
                shown.bodies().stream().map(body -> body.name().label()).collect(Collectors.toUnmodifiableSet());
        if (!shown.recipient().equals(key.publicKey())
                || !shown.request().reason().equals(reason)
                || !bodies.equals(asked)) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "Nothing is opened: custodians are shown something else than was asked for."
                            + " Tell whoever keeps the audit-service.");
        }
    }

    /// That two custodians signed this very request, by their public keys and not by the service's word.
    private static void requireSigned(JsonNode released, ShownOpening shown, CustodianRegister register) {
        OpeningDecision approval = new OpeningDecision(shown.id(), OpeningDecision.Kind.APPROVED, shown.digest());
        long approvers = released.path("decisions")
                .valueStream()
                .filter(decision -> made(decision, approval, register))
                .map(decision -> decision.path("custodian").asString(""))
                .distinct()
                .count();
        if (approvers < APPROVALS) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "Nothing is opened: what was released is not signed by two of the custodians in --custodians."
                            + " Tell whoever keeps the audit-service, or name the file that it reads.");
        }
    }

    private static boolean made(JsonNode decision, OpeningDecision approval, CustodianRegister register) {
        try {
            byte[] signature =
                    Base64.getUrlDecoder().decode(decision.path("signature").asString(""));
            return register.made(decision.path("custodian").asString(""), approval, signature);
        } catch (IllegalArgumentException _) {
            return false;
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

    private void await(String id, Patience patience) throws InterruptedException {
        int decided = 0;
        while (true) {
            JsonNode opening = find(id, patience.answer(() -> service.get("/v1/openings")));
            JsonNode decisions = opening.path("decisions");
            for (; decided < decisions.size(); decided++) {
                JsonNode decision = decisions.path(decided);
                progress.detail(Printable.of(decision, "custodian") + ": " + Printable.of(decision, "kind"));
            }
            switch (opening.path("state").asString("")) {
                case "approved" -> {
                    return;
                }
                case "refused" -> throw new Failure(ExitCode.NOT_PERMITTED, "A custodian refused: nothing is opened.");
                default -> patience.pause();
            }
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
                            + Printable.of(shares.path(0), "custodian") + " and "
                            + Printable.of(shares.path(1), "custodian") + ": " + e.getMessage() + ".",
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
