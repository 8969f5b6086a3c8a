package dev.postern.sts.clientauth;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.authorization.web.OAuth2ClientAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.DelegatingAuthenticationConverter;
import org.springframework.security.web.authentication.preauth.AbstractPreAuthenticatedProcessingFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/// Revocation and introspection, where clients authenticate as at the token endpoint and are told as little when they
/// do not; and the addresses that check their callers themselves, by platform certificate or administrator's token.
@Configuration(proxyBeanMethods = false)
class ClientEndpointConfiguration {

    private static final RequestMatcher CLIENT_ENDPOINTS = new OrRequestMatcher(
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/oauth2/revoke"),
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/oauth2/introspect"));

    @Bean
    @Order(-2)
    SecurityFilterChain clientEndpoints(
            HttpSecurity http,
            ClientAuthentication authentication,
            AuthenticationFailureHandler refusals,
            AuthenticationEntryPoint nobody) {
        OAuth2ClientAuthenticationFilter filter =
                new OAuth2ClientAuthenticationFilter(new ProviderManager(authentication.providers()), CLIENT_ENDPOINTS);
        filter.setAuthenticationConverter(new DelegatingAuthenticationConverter(authentication.converters()));
        filter.setAuthenticationFailureHandler(refusals);
        http.securityMatcher(CLIENT_ENDPOINTS)
                .addFilterAfter(filter, AbstractPreAuthenticatedProcessingFilter.class)
                .addFilterAfter(new RegisteredAddressFilter(refusals), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(exceptions -> exceptions.authenticationEntryPoint(nobody));
        return stateless(http);
    }

    /// Their own checks come before anything of the request's body is read.
    @Bean
    @Order(-1)
    SecurityFilterChain selfCheckedEndpoints(HttpSecurity http) {
        List<RequestMatcher> addresses = List.of(
                PathPatternRequestMatcher.withDefaults().matcher("/admin/v1/**"),
                PathPatternRequestMatcher.withDefaults().matcher("/v1/trust/snapshot"),
                PathPatternRequestMatcher.withDefaults().matcher("/v1/containments"));
        http.securityMatcher(new OrRequestMatcher(addresses))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        return stateless(http);
    }

    private static SecurityFilterChain stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }
}
