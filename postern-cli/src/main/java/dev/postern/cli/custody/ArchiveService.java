package dev.postern.cli.custody;

import dev.postern.archive.CaptureName;
import dev.postern.archive.CustodianRegister;
import dev.postern.cli.connect.ListenAddress;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The audit-service, as a person with a token sees it. The token is read from its file for each call: whoever waits
/// longer than a token lives writes a new one there.
public final class ArchiveService implements AutoCloseable {
    private static final String CAPTURED = "dev.postern.archive.body-captured";
    private static final String DECIDED = "dev.postern.approval.decided";
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 10_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PlatformHttp http;
    private final URI base;
    private final Path tokenFile;

    /// @throws Failure when tokens would be sent in the clear to another machine
    public ArchiveService(PlatformHttp http, URI base, Path tokenFile) {
        boolean confidential = "https".equals(base.getScheme())
                || ("http".equals(base.getScheme())
                        && base.getHost() != null
                        && ListenAddress.isLoopback(base.getHost()));
        if (!confidential) {
            throw new Failure(
                    ExitCode.USAGE, "Tokens go over https:// only: name the audit-service as https://host:port.");
        }
        this.http = http;
        this.base = base;
        this.tokenFile = tokenFile;
    }

    /// What came back.
    record Answer(int status, JsonNode body) {
        private static final int UNAUTHORIZED = 401;
        private static final int FORBIDDEN = 403;
        private static final int FAILED = 500;

        /// Whether the same call may be answered otherwise in a while: with another token in the file, or a service
        /// that is well again.
        boolean mayPass() {
            return wantsAnotherToken() || status >= FAILED;
        }

        private boolean wantsAnotherToken() {
            return status == UNAUTHORIZED || status == FORBIDDEN;
        }

        /// Why not now, in a sentence.
        String hindrance() {
            return wantsAnotherToken()
                    ? "The token is not good for it: write another into its file."
                    : "The audit-service answered " + status + ".";
        }

        /// The document.
        ///
        /// @throws Failure with the service's sentence, unless it is 2xx
        JsonNode orFail() {
            if (status / 100 == 2) {
                return body;
            }
            throw PlatformHttp.refused("The audit-service", status, body);
        }
    }

    Answer get(String path) throws InterruptedException {
        return send(PlatformHttp.request(address(path)));
    }

    Answer post(String path, JsonNode document) throws InterruptedException {
        return send(PlatformHttp.request(address(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(document.toString())));
    }

    private URI address(String path) {
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }

    private Answer send(HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<String> answer = http.send(request.header("Authorization", "Bearer " + token()));
        if (answer.statusCode() / 100 != 2) {
            return new Answer(answer.statusCode(), PlatformHttp.problem(answer.body()));
        }
        try {
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (JacksonException e) {
            throw new Failure("The audit-service's answer is not JSON.", e);
        }
    }

    private String token() {
        try {
            String token = Files.readString(tokenFile).strip();
            // It goes into a header.
            if (!token.matches("[A-Za-z0-9._~+/=-]+")) {
                throw new Failure(tokenFile + " does not hold an access token.");
            }
            return token;
        } catch (IOException e) {
            throw new Failure(tokenFile + " cannot be read.", e);
        }
    }

    /// The newest captures, newest first.
    ///
    /// @param enough asked after each page, of all that was seen by then
    public List<LoggedCapture> captures(Predicate<List<LoggedCapture>> enough) throws InterruptedException {
        Map<List<String>, LoggedCapture> seen = new LinkedHashMap<>();
        page(CAPTURED, event -> add(seen, event), () -> enough.test(List.copyOf(seen.values())));
        return List.copyOf(seen.values());
    }

    /// The newest custodians' decisions in the log, newest first.
    ///
    /// @param enough how many
    public List<LoggedDecision> decisions(CustodianRegister custodians, int enough) throws InterruptedException {
        List<LoggedDecision> seen = new ArrayList<>();
        page(DECIDED, event -> LoggedDecision.of(event, custodians).ifPresent(seen::add), () -> seen.size() >= enough);
        return seen.stream().limit(enough).toList();
    }

    /// Events of a type, newest first.
    ///
    /// @param enough asked after each page
    private void page(String type, Consumer<JsonNode> each, BooleanSupplier enough) throws InterruptedException {
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode answer =
                    get("/v1/events?type=" + type + "&limit=" + PAGE + after).orFail();
            answer.path("events").forEach(each);
            String next = answer.path("next").asString("");
            if (next.isEmpty() || enough.getAsBoolean()) {
                break;
            }
            after = "&after=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        }
    }

    private static void add(Map<List<String>, LoggedCapture> seen, JsonNode event) {
        String source = event.path("source").asString("");
        CaptureName name;
        try {
            name = name(event.path("data"));
        } catch (IllegalArgumentException _) {
            // No capture that anyone could open.
            return;
        }
        LoggedCapture.EventName part =
                new LoggedCapture.EventName(source, event.path("id").asString(""));
        seen.merge(
                List.of(source, name.captureId()),
                new LoggedCapture(
                        name,
                        event.path("time").asString(""),
                        event.path("data").path("parts").asInt(0),
                        List.of(part)),
                (known, more) -> {
                    List<LoggedCapture.EventName> events = new ArrayList<>(known.events());
                    events.addAll(more.events());
                    return new LoggedCapture(known.name(), known.time(), known.parts(), events);
                });
    }

    static CaptureName name(JsonNode capture) {
        return new CaptureName(
                capture.path("capture_id").asString(""),
                capture.path("request_id").asString(""),
                capture.path("client_id").asString(""),
                capture.path("tenant").asString(""),
                capture.path("kind").asString(""));
    }

    /// What waits, and what was decided of it.
    public JsonNode openings() throws InterruptedException {
        return get("/v1/openings").orFail();
    }

    /// One opening with what a custodian needs to decide, as the service says it.
    public JsonNode opening(String id) throws InterruptedException {
        return get(path(id)).orFail();
    }

    /// As [#opening], checked.
    ///
    /// @throws Failure also when it is not what its digest is of
    public ShownOpening shown(String id) throws InterruptedException {
        return ShownOpening.read(opening(id), id);
    }

    /// Tells what a custodian decided.
    public JsonNode decide(String id, JsonNode decision) throws InterruptedException {
        return post(path(id) + "/decisions", decision).orFail();
    }

    static String path(String id) {
        return "/v1/openings/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
