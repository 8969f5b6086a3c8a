package dev.postern.chassis.peer;

import static dev.postern.chassis.peer.Workload.AUDIT;
import static dev.postern.chassis.peer.Workload.GATEWAY;
import static dev.postern.chassis.peer.Workload.MONITOR;
import static dev.postern.chassis.peer.Workload.OPERATOR;
import static dev.postern.chassis.peer.Workload.REDACTION;
import static dev.postern.chassis.peer.Workload.RELAY;
import static dev.postern.chassis.peer.Workload.ROTATION;
import static dev.postern.chassis.peer.Workload.TOKEN;

import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The peer matrix: which identities may call which group of endpoints of which service. Declared here and nowhere
/// else; servers ask it who may enter ([#admits]), clients whom they talk to ([#server]).
///
/// A group that has no door is for everybody: its endpoints take tokens, or are public. `docs/identity.md` shows the
/// matrix; a test compares the two.
public enum Door {
    RENEWAL(ROTATION, "POST /v1/identities/renew", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT, OPERATOR, MONITOR),
    DIRECTORY(ROTATION, "GET /v1/directory", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT, OPERATOR),
    KEY_REGISTRATION(ROTATION, "PUT /v1/keys/", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT),
    KEY_REPORTS(ROTATION, "POST /v1/keys/{keyClass}/{kid}/", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT),
    KEY_LIST(ROTATION, "GET /v1/keys", OPERATOR),
    TRUST_SNAPSHOT(TOKEN, "GET /v1/trust/snapshot", GATEWAY, REDACTION, RELAY, AUDIT, ROTATION),
    CONTAINMENT(TOKEN, "POST /v1/containments", GATEWAY, RELAY),
    TOKEN_REQUEST(TOKEN, Door.CLIENT + "POST /oauth2/token", GATEWAY),
    AUDIT_EVENTS(AUDIT, "POST /v1/events", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT, ROTATION),
    AUDIT_HEARTBEATS(AUDIT, "POST /v1/heartbeats", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT, ROTATION),
    AUDIT_HOLDS(AUDIT, "GET /v1/holds", OPERATOR),
    AUDIT_HOLD(AUDIT, "PUT /v1/holds/", OPERATOR),
    AUDIT_HOLD_RELEASE(AUDIT, "DELETE /v1/holds/", OPERATOR),
    AUDIT_INDEX_REBUILD(AUDIT, "POST /v1/index/rebuild", OPERATOR),
    AUDIT_INDEX_REPORT(AUDIT, "GET /v1/index/rebuild", OPERATOR),
    SEALED_SESSIONS(RELAY, Door.LISTENER + "SSP1 over WebSocket", GATEWAY, OPERATOR),
    REDACTION_STREAM(REDACTION, Door.LISTENER + "gRPC", RELAY),
    REDACTION_POLICY(REDACTION, "GET /v1/policies", OPERATOR),
    REDACTION_POLICY_CHANGE(REDACTION, "PUT /v1/policies", OPERATOR),
    REDACTION_POLICY_WITHDRAWAL(REDACTION, "DELETE /v1/policies", OPERATOR),
    REDACTION_TEXT(REDACTION, "POST /v1/", GATEWAY, TOKEN, REDACTION, RELAY, AUDIT, ROTATION, OPERATOR),

    GATEWAY_MANAGEMENT(GATEWAY, Door.MANAGEMENT, OPERATOR, MONITOR),
    TOKEN_MANAGEMENT(TOKEN, Door.MANAGEMENT, OPERATOR, MONITOR),
    REDACTION_MANAGEMENT(REDACTION, Door.MANAGEMENT, OPERATOR, MONITOR),
    RELAY_MANAGEMENT(RELAY, Door.MANAGEMENT, OPERATOR, MONITOR),
    AUDIT_MANAGEMENT(AUDIT, Door.MANAGEMENT, OPERATOR, MONITOR),
    ROTATION_MANAGEMENT(ROTATION, Door.MANAGEMENT, OPERATOR, MONITOR);

    /// A listener of its own asks.
    private static final String LISTENER = "listener: ";
    /// Open to clients, who prove themselves; here it says whom the platform's own caller must meet.
    private static final String CLIENT = "clients: ";
    /// The whole management port. What changes anything there is the operator's alone.
    private static final String MANAGEMENT = "management port";

    private final Workload callee;
    private final String group;
    // An unmodifiable copy, which the checker cannot see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Workload> callers;

    Door(Workload callee, String group, Workload... callers) {
        this.callee = callee;
        this.group = group;
        this.callers = Set.of(callers);
    }

    public Workload callee() {
        return callee;
    }

    /// The group of endpoints, in words.
    String description() {
        return group.endsWith("/") ? group + "…" : group;
    }

    public Set<Workload> callers() {
        return callers;
    }

    /// The callers as [PeerIdentities#require] takes them.
    public Set<String> paths() {
        return callers.stream().map(Door::path).collect(Collectors.toUnmodifiableSet());
    }

    private static String path(Workload workload) {
        String name = workload.workloadName();
        return name.startsWith("operator/") ? name : "service/" + name;
    }

    /// Whether that identity may enter.
    public boolean admits(TrustDomain domain, URI peer) {
        return Workload.of(domain, peer).filter(callers::contains).isPresent();
    }

    /// The ids of all who may enter.
    public Set<URI> ids(TrustDomain domain) {
        return callers.stream().map(caller -> caller.id(domain)).collect(Collectors.toUnmodifiableSet());
    }

    /// Whom the caller of this door must meet: the one identity that its connections are pinned to.
    ///
    /// @throws IllegalStateException if the matrix does not let the caller in: the call would be refused
    public URI server(WorkloadIdentity caller) {
        URI self = caller.current().spiffeId();
        TrustDomain domain = new TrustDomain(self.getAuthority());
        if (!admits(domain, self)) {
            throw new IllegalStateException(self + " is no declared caller of " + this);
        }
        return callee.id(domain);
    }

    /// The door in front of a controller of a service's web server; nothing where everybody may knock.
    ///
    /// @param pattern the controller's own, not the request's path: that can be written in many ways
    static Optional<Door> inFrontOf(Workload callee, String method, String pattern) {
        String asked = (method.equals("HEAD") ? "GET" : method) + " " + pattern;
        return of(callee)
                .filter(door -> door.isHttp()
                        && (door.group.endsWith("/") ? asked.startsWith(door.group) : asked.equals(door.group)))
                .findFirst();
    }

    /// The door of a service's management port.
    public static Door ofManagement(Workload callee) {
        return of(callee)
                .filter(door -> door.group.equals(MANAGEMENT))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<Door> of(Workload callee) {
        return Arrays.stream(values()).filter(door -> door.callee == callee);
    }

    private boolean isHttp() {
        return !group.startsWith(LISTENER) && !group.startsWith(CLIENT) && !group.equals(MANAGEMENT);
    }
}
