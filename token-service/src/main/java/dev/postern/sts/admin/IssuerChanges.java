package dev.postern.sts.admin;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.document.Members;
import dev.postern.sts.issuer.ForeignIssuer;
import dev.postern.sts.issuer.IssuerStore;
import dev.postern.sts.issuer.StoredIssuers;
import java.net.URI;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Changes of the allow-list of foreign issuers.
final class IssuerChanges implements ChangeHandler {

    static final String PUT = "issuer-put";
    static final String DELETE = "issuer-delete";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern HTTPS = Pattern.compile("https://[A-Za-z0-9][!-~]{0,240}");
    private static final Pattern ISSUER = Pattern.compile("(https|spiffe)://[A-Za-z0-9][!-~]{0,240}");
    private static final Pattern AUDIENCE = Pattern.compile("[!-~]{1,256}");
    private static final Pattern OWN_AUDIENCE = Pattern.compile("(urn:|https://)[!-~]{1,120}");
    private static final Pattern SCOPE = Pattern.compile("[a-z][a-z0-9:._-]{0,63}");
    private static final Pattern SUBJECT = Pattern.compile("[!-)+-~]{1,255}\\*?");
    private static final Pattern ALGORITHM = Pattern.compile("ES256|RS256|PS256");
    private static final int MAX_JWKS = 32 * 1024;

    private final IssuerStore issuers;
    private final ScopeStore scopes;
    private final String own;

    /// @param own this platform's own issuer, which is not a foreign one
    IssuerChanges(IssuerStore issuers, ScopeStore scopes, String own) {
        this.issuers = issuers;
        this.scopes = scopes;
        this.own = own;
    }

    @Override
    public boolean handles(String kind) {
        return kind.startsWith("issuer-");
    }

    @Override
    public Prepared prepare(Change change) {
        String name = change.resourceId();
        Optional<ForeignIssuer> before = issuers.find(name);
        Preconditions.require(
                change.expected(), before.map(ForeignIssuer::version).orElse(Preconditions.ABSENT));
        if (change.kind().equals(DELETE)) {
            return new Prepared("issuer-removed", "issuer", Optional.of(ApprovalArea.ISSUERS), _ -> {
                if (!issuers.remove(name, change.expected())) {
                    throw new ProblemException(Problem.PRECONDITION_FAILED);
                }
                return Answer.none();
            });
        }
        if (!NAME.matcher(name).matches()) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        ForeignIssuer after = parse(change);
        return new Prepared(
                before.isPresent() ? "issuer-changed" : "issuer-created",
                "issuer",
                Optional.of(ApprovalArea.ISSUERS),
                _ -> {
                    ForeignIssuer stored =
                            issuers.put(after).orElseThrow(() -> new ProblemException(Problem.PRECONDITION_FAILED));
                    return Answer.written(change.expected(), stored.toMembers(), stored.version());
                });
    }

    private ForeignIssuer parse(Change change) {
        Members members = Members.of(change.document())
                .only(
                        "name",
                        "issuer",
                        "type",
                        "jwks_uri",
                        "jwks",
                        "audience",
                        "algorithms",
                        "subject_pattern",
                        "scopes",
                        "audiences",
                        "tenant",
                        "client_ids",
                        "version");
        if (members.has("name")
                && !members.text("name", NAME, "Leave it out, or give the name of the address.")
                        .equals(change.resourceId())) {
            members.invalid("name", "Leave it out, or give the name of the address.");
        }
        String issuer = members.text("issuer", ISSUER, "Give the exact iss of its tokens, an https or spiffe URL.");
        if (issuer.equals(own)) {
            members.invalid("issuer", "This platform's own tokens need no entry: it is not a foreign issuer.");
        }
        if (issuers.findByIssuer(issuer)
                .filter(other -> !other.name().equals(change.resourceId()))
                .isPresent()) {
            members.invalid("issuer", "Another entry names this issuer: change that one.");
        }
        Optional<ForeignIssuer.Type> type = members.choice("type", ForeignIssuer.Type.byName());
        Optional<String> jwksUri = members.optionalText("jwks_uri", HTTPS, "Give an https address.");
        Optional<String> jwks = jwks(members);
        if (jwksUri.isPresent() == jwks.isPresent()) {
            members.invalid("jwks_uri", "Say where its keys are: either jwks_uri or jwks.");
        }
        String audience = members.text(
                "audience", AUDIENCE, "Give the audience its tokens must be for, for example this issuer.");
        Set<String> algorithms = members.texts("algorithms", ALGORITHM, "Give ES256, RS256 or PS256.");
        if (algorithms.isEmpty()) {
            members.invalid("algorithms", "Name at least one of ES256, RS256, PS256.");
        }
        String subject = members.text(
                "subject_pattern", SUBJECT, "Give a subject, or a beginning of at least one character followed by *.");
        Set<String> granted = members.texts("scopes", SCOPE, "Give a scope.");
        if (granted.isEmpty() || granted.stream().anyMatch(scope -> scope.startsWith("admin:"))) {
            members.invalid("scopes", "Name at least one scope; administration is not exchanged for.");
        }
        Set<String> unknown = scopes.unknown(granted);
        if (!unknown.isEmpty()) {
            members.invalid("scopes", "Create these scopes first: " + String.join(", ", unknown) + ".");
        }
        Set<String> audiences = members.texts("audiences", OWN_AUDIENCE, "Give an audience, a urn or https URL.");
        if (audiences.isEmpty()) {
            members.invalid("audiences", "Name at least one audience that exchanged tokens may be for.");
        }
        String tenant = members.text("tenant", NAME, "Give the tenant of its subjects.");
        Set<String> clients = members.texts("client_ids", NAME, "Give the id of a client.");
        if (clients.isEmpty()) {
            members.invalid("client_ids", "Name at least one client that may exchange its tokens.");
        }
        members.refuseIfInvalid();
        ForeignIssuer parsed = new ForeignIssuer(
                change.resourceId(),
                issuer,
                type.orElseThrow(),
                jwksUri.map(URI::create),
                jwks,
                audience,
                algorithms,
                subject,
                granted,
                audiences,
                tenant,
                clients,
                change.expected());
        try {
            var _ = StoredIssuers.trusted(parsed);
        } catch (IllegalArgumentException e) {
            members.invalid("", "This is refused: " + e.getMessage() + ".");
            members.refuseIfInvalid();
        }
        return parsed;
    }

    /// Public keys only: a private one in a document is somebody's mistake that must not be stored.
    private static Optional<String> jwks(Members members) {
        JsonNode keys = members.get("jwks");
        if (keys == null) {
            return Optional.empty();
        }
        try {
            JWKSet parsed = JWKSet.parse(keys.toString());
            if (parsed.getKeys().isEmpty()
                    || keys.toString().length() > MAX_JWKS
                    || parsed.getKeys().stream().anyMatch(JWK::isPrivate)) {
                members.invalid("jwks", "Give a JWK set of public keys.");
            }
            return Optional.of(parsed.toString(true));
        } catch (ParseException _) {
            members.invalid("jwks", "Give a JWK set of public keys.");
            return Optional.of("");
        }
    }
}
