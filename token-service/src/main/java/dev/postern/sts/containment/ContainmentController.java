package dev.postern.sts.containment;

import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.Workload;
import dev.postern.policy.Containment.Action;
import dev.postern.sts.document.Documents;
import dev.postern.sts.document.Members;
import dev.postern.sts.peer.Peers;
import dev.postern.sts.revocation.IssuedRevocation;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `POST /v1/containments`: the gateway and the relays hand over what the policy ordered.
@RestController
final class ContainmentController {

    private static final Set<String> PEERS =
            Door.CONTAINMENT.callers().stream().map(Workload::workloadName).collect(Collectors.toUnmodifiableSet());
    private static final Map<String, Action> ACTIONS =
            Arrays.stream(Action.values()).collect(Collectors.toUnmodifiableMap(Action::wireName, Function.identity()));
    private static final Pattern NAME = Pattern.compile("[!-~]{1,128}");
    private static final Pattern INCIDENT = Pattern.compile("[!-~]{1,64}");

    private final Peers peers;
    private final Containments containments;

    ContainmentController(Peers peers, Containments containments) {
        this.peers = peers;
        this.containments = containments;
    }

    @PostMapping("/v1/containments")
    ResponseEntity<Map<String, Object>> contain(HttpServletRequest request) {
        String orderedBy = peers.require(request, PEERS).toString();
        ContainmentOrder order = order(Documents.read(request));
        Optional<IssuedRevocation> issued = containments.contain(order, orderedBy);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("incident", order.incident());
        answer.put("repeated", issued.isEmpty());
        answer.put(
                "revocations", issued.stream().map(ContainmentController::view).toList());
        return ResponseEntity.ok(answer);
    }

    private static ContainmentOrder order(JsonNode document) {
        Members members = Members.of(document)
                .only("incident", "action", "session_id", "client_id", "tenant", "token_id", "rule", "score");
        Action action = members.choice("action", ACTIONS).orElse(Action.REISSUE);
        String sentence = "Give 1 to 128 printable characters, no space.";
        String client = members.text("client_id", NAME, sentence);
        Optional<String> session = members.optionalText("session_id", NAME, sentence);
        Optional<String> token = members.optionalText("token_id", NAME, sentence);
        var _ = members.optionalText("tenant", NAME, sentence);
        String rule = members.text("rule", NAME, sentence);
        int score = score(members.get("score"));
        if (score < 0) {
            members.invalid("score", "Give a number from 0 to 1.");
        }
        if (action == Action.REVOKE_SESSION && session.isEmpty()) {
            members.invalid("session_id", "Name the session that is to be revoked.");
        }
        Optional<String> incident =
                members.optionalText("incident", INCIDENT, "Give 1 to 64 printable characters, no space.");
        members.refuseIfInvalid();
        return new ContainmentOrder(
                incident.orElseGet(() -> digest(action.wireName(), rule, client, session.orElse(""), token.orElse(""))),
                action,
                client,
                session,
                rule,
                score);
    }

    /// Permille; negative when it is not a score.
    private static int score(@org.jspecify.annotations.Nullable JsonNode value) {
        if (value == null || !value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            return -1;
        }
        return (int) Math.round(value.doubleValue() * 1000);
    }

    private static Map<String, Object> view(IssuedRevocation issued) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", issued.id());
        view.put("kind", issued.revocation().kind().wireName());
        view.put("value", issued.revocation().value());
        view.put("at", issued.revocation().at().toString());
        view.put("until", issued.revocation().until().toString());
        return view;
    }

    private static String digest(String... parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
