package dev.postern.rotation.lifecycle;

import java.net.URI;

/// One running process of a service: who it is, and which replica. It may hold keys, follow the directory, or both.
public record Holder(URI id, String instance) {}
