package dev.postern.sts.issuance;

import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.token.TokenUse;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What policy may look at when a token is about to be issued.
///
/// @param subject whom the token is for; the client itself unless it was exchanged
/// @param actors who will act for the subject, nearest first
/// @param clearance for the most sensitive data; of the token, so never above the client's
/// @param bound whether the token will be bound to a key or certificate
/// @param address of the connection
public record IssueFacts(
        ClientRegistration client,
        String subject,
        List<String> actors,
        TokenUse use,
        String audience,
        Set<String> scopes,
        Set<String> roles,
        Sensitivity clearance,
        boolean bound,
        Duration lifetime,
        InetAddress address) {}
