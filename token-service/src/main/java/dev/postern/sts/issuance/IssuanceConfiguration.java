package dev.postern.sts.issuance;

import dev.postern.audit.AuditTrail;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.client.Clients;
import dev.postern.sts.clientauth.ClientAuthentication;
import dev.postern.sts.exchange.Exchanges;
import dev.postern.sts.signing.SigningKeys;
import dev.postern.sts.singleuse.UsedOnce;
import dev.postern.token.DpopNonces;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/// The Authorization Server with one grant and one endpoint; every address that is not named here is closed.
@Configuration(proxyBeanMethods = false)
class IssuanceConfiguration {

    @Bean
    IssuanceMetrics issuanceMetrics(MeterRegistry registry) {
        return new IssuanceMetrics(registry);
    }

    @Bean
    TokenRefusals tokenRefusals(AuditTrail trail, Clients clients, IssuanceMetrics metrics, DpopNonces nonces) {
        return new TokenRefusals(trail, clients, metrics, nonces);
    }

    @Bean
    TokenIssuer tokenIssuer(
            TokenServiceProperties properties,
            UsedOnce usedOnce,
            DpopNonces nonces,
            Exchanges exchanges,
            PolicyDecisions policy,
            SigningKeys keys,
            AuditTrail trail,
            IssuanceMetrics metrics,
            SecureRandom random,
            Clock clock) {
        return new TokenIssuer(
                new ProofOfPossession(
                        properties.tokenEndpoint(),
                        nonces,
                        properties.dpopNonce() == TokenServiceProperties.Nonce.REQUIRED,
                        usedOnce,
                        clock),
                exchanges,
                policy,
                keys,
                new TokenMint(properties.issuer().toString(), random),
                trail,
                metrics,
                properties.tokenLifetime(),
                clock);
    }

    /// The issuer is configured, so nothing in a request can change it.
    @Bean
    AuthorizationServerSettings authorizationServerSettings(TokenServiceProperties properties) {
        return AuthorizationServerSettings.builder()
                .issuer(properties.issuer().toString())
                .build();
    }

    /// The framework brings filters for other endpoints and grants along; only this one address reaches them, and
    /// only our converters and providers are left in.
    @Bean
    @Order(1)
    SecurityFilterChain tokenEndpoint(
            HttpSecurity http,
            ClientAuthentication authentication,
            TokenIssuer issuer,
            TokenRefusals refusals,
            DpopNonces nonces) {
        http.securityMatcher(PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/oauth2/token"))
                .oauth2AuthorizationServer(server -> server.registeredClientRepository(authentication.registrations())
                        .authorizationService(authentication.authorizations())
                        .clientAuthentication(clients -> clients.authenticationConverters(converters -> {
                                    converters.clear();
                                    converters.addAll(authentication.converters());
                                })
                                .authenticationProviders(providers -> {
                                    providers.clear();
                                    providers.addAll(authentication.providers());
                                })
                                .errorResponseHandler(refusals))
                        .tokenEndpoint(tokens -> tokens.accessTokenRequestConverters(converters -> {
                                    converters.clear();
                                    converters.add(new TokenRequestConverter());
                                })
                                .authenticationProviders(providers -> {
                                    providers.clear();
                                    providers.add(issuer);
                                })
                                .accessTokenResponseHandler(new TokenResponses(nonces))
                                .errorResponseHandler(refusals)))
                .exceptionHandling(exceptions -> exceptions.authenticationEntryPoint(refusals))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated());
        return stateless(http);
    }

    /// Health and metrics answer on the management port only, which demands a client certificate of the platform.
    @Bean
    @Order(2)
    SecurityFilterChain management(HttpSecurity http) {
        http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        return stateless(http);
    }

    @Bean
    @Order(3)
    SecurityFilterChain everythingElse(HttpSecurity http) {
        http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/oauth2/jwks", "/.well-known/oauth-authorization-server")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(
                        exceptions -> exceptions.authenticationEntryPoint((_, response, _) -> response.sendError(404)));
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
