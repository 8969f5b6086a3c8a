package dev.postern.sts.issuance;

import dev.postern.sts.clientauth.AuthenticatedClient;
import dev.postern.sts.exchange.SubjectToken;
import dev.postern.sts.refusal.Refusal;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.TokenUse;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Reads a token request: form parameters only (a query would end up in logs), each at most once.
///
/// The stock converter's DPoP check is left aside: it takes the proof's target from the Host header, and keeps used
/// proofs by `jti` alone, so that one client can burn another's.
final class TokenRequestConverter implements AuthenticationConverter {

    private static final int MAX_LENGTH = 1024;
    private static final int MAX_DETAILS_LENGTH = 8 * 1024;
    private static final int MAX_TOKEN_LENGTH = 16 * 1024;
    private static final int MAX_USES = 1_000;
    private static final int MAX_LIFETIME_SECONDS = 3_600;

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        if (request.getQueryString() != null) {
            throw Refusal.INVALID_REQUEST.because("query");
        }
        String grant = String.valueOf(request.getParameter("grant_type"));
        boolean exchange = grant.equals(TokenParameters.TOKEN_EXCHANGE);
        if (!exchange && !grant.equals(TokenParameters.CLIENT_CREDENTIALS)) {
            return null;
        }
        AuthenticatedClient client = AuthenticatedClient.current().orElseThrow(Refusal.INVALID_CLIENT::exception);
        return new TokenRequest(
                client,
                new TokenParameters(
                        scopes(parameter(request, "scope", MAX_LENGTH).orElse("")),
                        audience(request),
                        parameter(request, "token_use", MAX_LENGTH).map(TokenRequestConverter::use),
                        number(request, "expires_in", MAX_LIFETIME_SECONDS).stream()
                                .mapToObj(Duration::ofSeconds)
                                .findFirst(),
                        number(request, "uses", MAX_USES),
                        parameter(request, "authorization_details", MAX_DETAILS_LENGTH)
                                .map(TokenRequestConverter::details)
                                .orElse(List.of()),
                        exchange ? Optional.of(subject(request)) : Optional.empty(),
                        dpopProof(request)));
    }

    private static SubjectToken subject(HttpServletRequest request) {
        if (request.getParameterValues("actor_token") != null
                || request.getParameterValues("actor_token_type") != null) {
            // The client itself is the actor: it has proved who it is.
            throw Refusal.INVALID_REQUEST.because("exchange-actor-token");
        }
        if (!parameter(request, "requested_token_type", MAX_LENGTH)
                .orElse(TokenParameters.ACCESS_TOKEN_TYPE)
                .equals(TokenParameters.ACCESS_TOKEN_TYPE)) {
            throw Refusal.INVALID_REQUEST.because("exchange-requested-type");
        }
        return new SubjectToken(
                parameter(request, "subject_token", MAX_TOKEN_LENGTH)
                        .orElseThrow(() -> Refusal.INVALID_REQUEST.because("exchange-no-subject")),
                parameter(request, "subject_token_type", MAX_LENGTH)
                        .orElseThrow(() -> Refusal.INVALID_REQUEST.because("exchange-no-subject-type")));
    }

    private static Optional<String> audience(HttpServletRequest request) {
        Optional<String> resource = target(request, "resource");
        Optional<String> audience = target(request, "audience");
        if (resource.isPresent() && audience.isPresent() && !resource.equals(audience)) {
            throw Refusal.INVALID_TARGET.because("two-targets");
        }
        return resource.or(() -> audience);
    }

    /// A token is for one service: naming several is asking for what does not exist.
    private static Optional<String> target(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values != null && values.length != 1) {
            throw Refusal.INVALID_TARGET.because("two-targets");
        }
        return parameter(request, name, MAX_LENGTH);
    }

    private static TokenUse use(String name) {
        return TokenUse.ofWireName(name).orElseThrow(() -> Refusal.INVALID_REQUEST.because("token-use"));
    }

    private static List<AuthorizationDetail> details(String json) {
        try {
            return AuthorizationDetail.parse(json);
        } catch (IllegalArgumentException _) {
            throw Refusal.INVALID_AUTHORIZATION_DETAILS.because("details-malformed");
        }
    }

    private static OptionalInt number(HttpServletRequest request, String name, int most) {
        Optional<String> text = parameter(request, name, MAX_LENGTH);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!text.get().matches("[1-9][0-9]{0,5}") || Integer.parseInt(text.get()) > most) {
            throw Refusal.INVALID_REQUEST.because(name.replace('_', '-'));
        }
        return OptionalInt.of(Integer.parseInt(text.get()));
    }

    private static Optional<String> parameter(HttpServletRequest request, String name, int most) {
        String[] values = request.getParameterValues(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.length != 1 || values[0].length() > most) {
            throw Refusal.INVALID_REQUEST.because("parameter");
        }
        return Optional.of(values[0]).filter(value -> !value.isEmpty());
    }

    private static Set<String> scopes(String scope) {
        Set<String> scopes = new LinkedHashSet<>(Arrays.asList(scope.split(" ", -1)));
        scopes.remove("");
        return scopes;
    }

    private static Optional<String> dpopProof(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("DPoP"));
        if (headers.size() > 1) {
            throw Refusal.INVALID_DPOP_PROOF.because("two-proofs");
        }
        return headers.stream().findFirst();
    }
}
