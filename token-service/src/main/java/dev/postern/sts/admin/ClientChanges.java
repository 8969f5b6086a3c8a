package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.client.ClientDocument;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.client.Clients;
import dev.postern.sts.client.Proof;
import dev.postern.sts.document.Documents;
import dev.postern.sts.document.Members;
import dev.postern.sts.revocation.IssuedRevocation;
import dev.postern.sts.revocation.Revocations;
import dev.postern.trust.Revocation.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Changes of clients. Whatever takes something from a client revokes its live tokens in the same transaction.
///
/// The revocation reaches a little into the future: another replica may issue by what it remembers of the client for
/// [Clients#BOUND] longer. A client that asks again within that time may have to ask once more.
final class ClientChanges implements ChangeHandler {

    static final String PUT = "client-put";
    static final String DELETE = "client-delete";
    static final String KEYS = "client-keys";

    private static final Pattern SENTENCE = Pattern.compile("a client's ([a-z_]+)[. ].*");

    private final ClientRegistry registry;
    private final ScopeStore scopes;
    private final Revocations revocations;
    private final TransactionOperations transactions;
    private final Clock clock;

    ClientChanges(
            ClientRegistry registry,
            ScopeStore scopes,
            Revocations revocations,
            TransactionOperations transactions,
            Clock clock) {
        this.registry = registry;
        this.scopes = scopes;
        this.revocations = revocations;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public boolean handles(String kind) {
        return kind.startsWith("client-");
    }

    @Override
    public Prepared prepare(Change change) {
        Optional<ClientRegistration> before = registry.find(change.resourceId());
        Preconditions.require(
                change.expected(), before.map(ClientRegistration::version).orElse(Preconditions.ABSENT));
        return switch (change.kind()) {
            case PUT -> put(change, before);
            case KEYS -> keys(change, before.orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)));
            case DELETE -> removal(before.orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)));
            default -> throw new IllegalStateException("no change of clients: " + change.kind());
        };
    }

    private Prepared put(Change change, Optional<ClientRegistration> before) {
        ClientRegistration after = parse(change, change.document(), before);
        requireInOrder(after);
        if (before.isEmpty()) {
            return new Prepared(
                    "client-created",
                    "client",
                    area(after),
                    _ -> write(() -> registry.create(after), Optional.empty(), 201));
        }
        boolean narrowed = !covers(after, before.get());
        Optional<ApprovalArea> area = area(after).or(() -> area(before.get()));
        return new Prepared(
                "client-changed",
                "client",
                area,
                actor -> write(
                        () -> registry.update(after),
                        narrowed ? Optional.of(plan(after, "client-narrowed", actor)) : Optional.empty(),
                        200));
    }

    private Prepared keys(Change change, ClientRegistration before) {
        Members members = Members.of(change.document()).only("jwks", "certificate");
        members.refuseIfInvalid();
        ObjectNode document =
                (ObjectNode) Documents.JSON.readTree(Documents.JSON.writeValueAsString(ClientDocument.of(before)));
        document.remove(List.of("jwks", "certificate"));
        document.setAll((ObjectNode) change.document());
        ClientRegistration after = parse(change, document, Optional.empty());
        boolean removed = !keepsAllOf(before.proof(), after.proof());
        return new Prepared(
                "client-keys-changed",
                "client",
                area(before),
                actor -> write(
                        () -> registry.update(after),
                        removed ? Optional.of(plan(after, "client-key-removed", actor)) : Optional.empty(),
                        200));
    }

    private Prepared removal(ClientRegistration before) {
        return new Prepared("client-removed", "client", area(before), actor -> {
            IssuedRevocation revocation = plan(before, "client-removed", actor);
            together(() -> registry.delete(before.clientId(), before.version()), revocation);
            var _ = revocations.announce(revocation);
            return Answer.none();
        });
    }

    private Answer write(
            Supplier<Optional<ClientRegistration>> change, Optional<IssuedRevocation> revocation, int status) {
        ClientRegistration stored = transactions.execute(_ -> {
            ClientRegistration written =
                    change.get().orElseThrow(() -> new ProblemException(Problem.PRECONDITION_FAILED));
            revocation.ifPresent(revocations::store);
            return written;
        });
        if (stored == null) {
            throw new IllegalStateException("a transaction that did not fail has its result");
        }
        revocation.ifPresent(revocations::announce);
        return new Answer(status, ClientDocument.of(stored), java.util.OptionalLong.of(stored.version()));
    }

    private void together(BooleanSupplier change, IssuedRevocation revocation) {
        transactions.executeWithoutResult(_ -> {
            if (!change.getAsBoolean()) {
                throw new ProblemException(Problem.PRECONDITION_FAILED);
            }
            revocations.store(revocation);
        });
    }

    private IssuedRevocation plan(ClientRegistration client, String reason, String actor) {
        Instant at = clock.instant().plus(Clients.REACH);
        return revocations.plan(Kind.CLIENT, client.clientId(), reason, actor, at);
    }

    /// The client of a document, under the id and version of the request. A secret is neither told nor taken here: a
    /// client that has one keeps it.
    private static ClientRegistration parse(Change change, JsonNode sent, Optional<ClientRegistration> before) {
        ObjectNode document = ((ObjectNode) sent).deepCopy();
        List<InvalidMember> errors = new ArrayList<>();
        if (document.has("client_id")
                && !document.path("client_id").stringValue("").equals(change.resourceId())) {
            errors.add(new InvalidMember("/client_id", "Leave it out, or give the id of the address."));
        }
        boolean bySecret = "client_secret_basic".equals(document.path("auth").stringValue(""));
        Optional<String> kept = before.map(ClientRegistration::proof)
                .flatMap(proof -> proof instanceof Proof.Secret(String hash) ? Optional.of(hash) : Optional.empty());
        if (document.has("secret_hash") || (bySecret && kept.isEmpty())) {
            errors.add(new InvalidMember(
                    "/auth", "Secrets are for the local profile's file: choose a key or certificate."));
        }
        if (bySecret) {
            kept.ifPresent(hash -> document.put("secret_hash", hash));
        }
        document.put("client_id", change.resourceId());
        document.put("version", change.expected());
        try {
            ClientRegistration client = ClientDocument.parse(document);
            if (!errors.isEmpty()) {
                throw new ProblemException(Problem.INVALID, errors);
            }
            return client;
        } catch (IllegalArgumentException e) {
            String sentence = String.valueOf(e.getMessage());
            Matcher named = SENTENCE.matcher(sentence);
            String pointer = named.matches() && document.has(named.group(1)) ? "/" + named.group(1) : "";
            errors.add(new InvalidMember(pointer, "This is refused: " + sentence + "."));
            throw new ProblemException(Problem.INVALID, errors);
        }
    }

    private void requireInOrder(ClientRegistration client) {
        List<InvalidMember> errors = new ArrayList<>();
        Set<String> unknown = scopes.unknown(client.scopes());
        if (!unknown.isEmpty()) {
            errors.add(new InvalidMember("/scopes", "Create these scopes first: " + String.join(", ", unknown) + "."));
        }
        if (client.scopes().contains("llm:delegate") && !(client.proof() instanceof Proof.WorkloadCertificate)) {
            errors.add(new InvalidMember("/scopes", "llm:delegate is for the platform's own services only."));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(Problem.INVALID, errors);
        }
    }

    private static Optional<ApprovalArea> area(ClientRegistration client) {
        return ApprovalArea.ADMIN_CLIENTS.when(client.scopes().stream().anyMatch(scope -> scope.startsWith("admin:")));
    }

    /// Whether `after` may do all that `before` may.
    private static boolean covers(ClientRegistration after, ClientRegistration before) {
        return after.isEnabled()
                && after.tenant().equals(before.tenant())
                && keepsAllOf(before.proof(), after.proof())
                && after.scopes().containsAll(before.scopes())
                && after.audiences().containsAll(before.audiences())
                && after.policy().bindings().containsAll(before.policy().bindings())
                && (after.policy().networks().isEmpty()
                        || after.policy().networks().equals(before.policy().networks()))
                && after.policy().roles().equals(before.policy().roles())
                && (after.policy().details().isEmpty()
                        || after.policy().details().equals(before.policy().details()))
                && (after.policy().exchange().equals(before.policy().exchange())
                        || !before.policy().exchange().allowed())
                && after.policy()
                                .sensitivityClearance()
                                .compareTo(before.policy().sensitivityClearance())
                        >= 0;
    }

    private static boolean keepsAllOf(Proof before, Proof after) {
        if (before instanceof Proof.SignedAssertion(var old) && after instanceof Proof.SignedAssertion(var now)) {
            return now.candidates(Optional.empty()).containsAll(old.candidates(Optional.empty()));
        }
        if (before instanceof Proof.SelfSignedCertificate(var old)
                && after instanceof Proof.SelfSignedCertificate(var now)) {
            return now.containsAll(old);
        }
        return before.equals(after);
    }
}
