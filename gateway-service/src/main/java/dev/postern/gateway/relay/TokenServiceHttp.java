package dev.postern.gateway.relay;

import java.net.URI;
import reactor.netty.http.client.HttpClient;

/// The token-service over mutual TLS. A type of its own, because Spring Cloud Gateway would take a bean of type
/// HttpClient for its own.
///
/// @param base without a path
public record TokenServiceHttp(HttpClient client, URI base) {}
