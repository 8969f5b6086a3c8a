package dev.postern.redis;

import java.net.URI;
import java.nio.file.Path;

/// Who is believed to be Redis on an encrypted connection. Its host name is checked in each case.
public sealed interface RedisTrust {
    /// Whoever an authority of the JDK's own trust store vouches for: a managed Redis on the open market.
    record PublicAuthorities() implements RedisTrust {}

    /// Whoever an authority in this file vouches for.
    ///
    /// @param file certificates in PEM, read at every connection, so that a changed file needs no restart
    record Authority(Path file) implements RedisTrust {}

    /// One workload of the platform, under the platform's own authority, and nobody else who has a certificate of it.
    record Workload(URI spiffeId) implements RedisTrust {}
}
