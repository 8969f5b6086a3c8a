package dev.postern.rotation.lifecycle;

import java.net.URI;

/// One running process of a service: who it is, and which replica. It may hold keys, follow the directory, or both.
/// For keys that all replicas hold the instance is [#SHARED]; for a certificate it is the serial number.
public record Holder(URI id, String instance) {
    /// What every replica of the service holds.
    public static final String SHARED = "00000000-0000-0000-0000-000000000000";
}
