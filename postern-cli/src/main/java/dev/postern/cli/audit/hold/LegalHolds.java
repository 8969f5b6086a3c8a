package dev.postern.cli.audit.hold;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The audit-service's legal holds: what they name is neither shredded nor deleted.
///
/// A refusal ends in a [Failure] with the service's own sentence and the code for its kind.
public final class LegalHolds {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PlatformHttp http;
    private final URI service;

    /// Of one audit-service.
    ///
    /// @param http    as the operator
    /// @param service the audit-service
    public LegalHolds(PlatformHttp http, URI service) {
        this.http = http;
        this.service = service;
    }

    /// The holds in force by name, and what each holds.
    public Map<String, List<String>> list() throws InterruptedException {
        JsonNode answer = answered(PlatformHttp.request(service.resolve("/v1/holds")));
        Map<String, List<String>> holds = new TreeMap<>();
        for (Map.Entry<String, JsonNode> hold : answer.properties()) {
            List<String> held = new ArrayList<>();
            hold.getValue().forEach(one -> held.add(one.asString("")));
            holds.put(hold.getKey(), List.copyOf(held));
        }
        return holds;
    }

    /// Places a hold; again the same is no fault.
    ///
    /// @param held   shards (`2026w48`) and days (`2026-11-26`)
    /// @param reason for the audit log, where it is sealed
    public void place(String hold, List<String> held, String reason) throws InterruptedException {
        String body = JSON.writeValueAsString(Map.of("held", held, "reason", reason));
        var _ = answered(PlatformHttp.request(address(hold, ""))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// Releases a hold: from now on retention goes on with what it named.
    public void release(String hold, String reason) throws InterruptedException {
        String query = "?reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8);
        var _ = answered(PlatformHttp.request(address(hold, query)).DELETE());
    }

    private URI address(String hold, String query) {
        if (!NAME.matcher(hold).matches()) {
            throw new Failure(
                    ExitCode.USAGE, "A hold is named by small letters, digits and dashes, 64 at most: case-7.");
        }
        return service.resolve("/v1/holds/" + hold + query);
    }

    private JsonNode answered(HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<String> answer = http.send(request);
        int status = answer.statusCode();
        if (status == 404) {
            throw new Failure(
                    ExitCode.NOT_FOUND,
                    "There is no hold of this name: ./postern audit hold list names those there are.");
        }
        if (status / 100 != 2) {
            throw PlatformHttp.refused("The audit-service", status, PlatformHttp.problem(answer.body()));
        }
        return parse(answer.body());
    }

    private static JsonNode parse(String text) {
        try {
            return text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JacksonException e) {
            throw new Failure("The audit-service's answer is not JSON.", e);
        }
    }
}
