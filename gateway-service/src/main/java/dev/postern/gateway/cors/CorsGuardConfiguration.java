package dev.postern.gateway.cors;

import dev.postern.gateway.admission.RateLimitFields;
import dev.postern.gateway.api.Conversation;
import dev.postern.gateway.exchange.RequestId;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.cors.CorsConfiguration;

@Configuration(proxyBeanMethods = false)
class CorsGuardConfiguration {
    private static final List<String> OF_THE_API = List.of(
            HttpHeaders.AUTHORIZATION,
            HttpHeaders.CONTENT_TYPE,
            "DPoP",
            Conversation.HEADER,
            "Postern-Sensitivity",
            "Postern-Latency-Class");
    /// What OpenAI's JavaScript client sends with every request.
    private static final List<String> OF_OPENAI_CLIENTS = List.of(
            "OpenAI-Organization",
            "OpenAI-Project",
            "Idempotency-Key",
            "X-Stainless-Arch",
            "X-Stainless-Helper-Method",
            "X-Stainless-Lang",
            "X-Stainless-OS",
            "X-Stainless-Package-Version",
            "X-Stainless-Poll-Helper",
            "X-Stainless-Retry-Count",
            "X-Stainless-Runtime",
            "X-Stainless-Runtime-Version",
            "X-Stainless-Timeout");

    @Bean
    CorsGuard corsGuard(CorsProperties properties) {
        return new CorsGuard(
                properties.allowedOrigins().isEmpty() ? Optional.empty() : Optional.of(configuration(properties)));
    }

    private static CorsConfiguration configuration(CorsProperties properties) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(properties.allowedOrigins());
        allowed.setAllowedMethods(List.of(HttpMethod.GET.name(), HttpMethod.POST.name()));
        OF_THE_API.forEach(allowed::addAllowedHeader);
        OF_OPENAI_CLIENTS.forEach(allowed::addAllowedHeader);
        properties.allowedHeaders().forEach(allowed::addAllowedHeader);
        RateLimitFields.names().forEach(allowed::addExposedHeader);
        List.of(RequestId.HEADER, HttpHeaders.RETRY_AFTER, HttpHeaders.WWW_AUTHENTICATE, "DPoP-Nonce")
                .forEach(allowed::addExposedHeader);
        allowed.setAllowCredentials(properties.allowCredentials());
        allowed.setMaxAge(properties.maxAge());
        return allowed;
    }
}
