package dev.postern.cli.keys;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// key-rotation-service, asked as the operator.
public final class KeyLedger {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final JsonMapper JSON = new JsonMapper();

    private final PlatformHttp operator;
    private final URI service;

    public KeyLedger(PlatformHttp operator, URI service) {
        this.operator = operator;
        this.service = service;
    }

    /// Keys and followers.
    public JsonNode list() throws InterruptedException {
        return operator.json(service.resolve("/v1/keys"));
    }

    /// The ids of a class' keys that are in a state such as `ACTIVE`.
    public Set<String> kids(String keyClass, String state) throws InterruptedException {
        return list().path("keys")
                .valueStream()
                .filter(key -> key.path("class").stringValue("").equals(keyClass)
                        && key.path("state").stringValue("").equals(state))
                .map(key -> key.path("kid").stringValue(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What the schedule will do.
    public JsonNode plan() throws InterruptedException {
        return operator.json(service.resolve("/v1/rotations/plan"));
    }

    /// Replaces the active keys of a class.
    ///
    /// @param owner whose keys only, as a path below the trust domain
    public JsonNode rotate(String keyClass, Optional<String> owner) throws InterruptedException {
        ObjectNode wish = JSON.createObjectNode().put("class", keyClass);
        owner.ifPresent(path -> wish.put("owner", path));
        return ask("/v1/rotations", wish);
    }

    public void pause() throws InterruptedException {
        var _ = ask("/v1/rotations/pause", JSON.createObjectNode());
    }

    public void resume() throws InterruptedException {
        var _ = ask("/v1/rotations/resume", JSON.createObjectNode());
    }

    /// Calls a drill and waits for its report.
    ///
    /// @param owner whose keys only, as a path below the trust domain
    public DrillReport drill(String keyClass, Optional<String> owner, Duration patience) throws InterruptedException {
        ObjectNode call = JSON.createObjectNode().put("mode", "drill");
        owner.ifPresent(path -> call.put("owner", path));
        return drill(keyClass, call, patience);
    }

    /// The same for the certificate that a service shows now: its spare, which nobody has seen, is to take its place.
    ///
    /// @param management the service's management port
    public DrillReport drillCertificate(URI management, Duration patience) throws InterruptedException {
        String serial = operator.json(management.resolve("/actuator/identity"))
                .path("serial")
                .stringValue("");
        return drill(
                "service-cert", JSON.createObjectNode().put("mode", "drill").put("kid", serial), patience);
    }

    private DrillReport drill(String keyClass, ObjectNode call, Duration patience) throws InterruptedException {
        JsonNode begun = ask("/v1/keys/" + keyClass + "/compromise", call);
        URI report = service.resolve("/v1/compromises/" + begun.path("id").stringValue(""));
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode now = operator.json(report);
            if (now.path("finished").booleanValue(false) || System.nanoTime() - deadline > 0) {
                return new DrillReport(now);
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private JsonNode ask(String path, JsonNode document) throws InterruptedException {
        HttpResponse<String> answer = operator.send(PlatformHttp.request(service.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(document.toString())));
        if (answer.statusCode() / 100 != 2) {
            JsonNode problem = PlatformHttp.problem(answer.body());
            throw new Failure("Refused ("
                    + problem.path("code").asString(Integer.toString(answer.statusCode())) + "): "
                    + problem.path("detail").asString(problem.path("title").asString("no reason given")));
        }
        try {
            return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (JacksonException e) {
            throw new Failure("An answer is not JSON.", e);
        }
    }
}
