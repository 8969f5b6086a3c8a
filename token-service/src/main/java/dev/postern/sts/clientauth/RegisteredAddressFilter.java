package dev.postern.sts.clientauth;

import dev.postern.sts.refusal.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets clients ask about tokens from the addresses that are registered for them only, as they get tokens there only.
///
/// It answers by itself, while it is known whose request it is, so that the record names the client.
final class RegisteredAddressFilter extends OncePerRequestFilter {

    private final AuthenticationFailureHandler refusals;

    RegisteredAddressFilter(AuthenticationFailureHandler refusals) {
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<AuthenticatedClient> caller = AuthenticatedClient.current();
        try {
            caller.ifPresent(AuthenticatedClient::requireAddress);
        } catch (Refused refused) {
            refusals.onAuthenticationFailure(request, response, refused);
            return;
        }
        chain.doFilter(request, response);
    }
}
