package dev.postern.cli.platform;

/// The six services, in the order in which they start: each after those it needs first.
///
/// Heaps are what a service needs under the `bench edge` load, doubled, and for the audit log room for the index of
/// some two million events; together the platform stays below 2.5 GB.
public enum PlatformService {
    ROTATION("key-rotation-service", "rotation", 8943, 96),
    AUDIT("audit-service", "audit", 8843, 256),
    TOKEN("token-service", "token", 8543, 128),
    REDACTION("redaction-service", "redaction", 8643, 128),
    RELAY("inference-relay", "relay", 8743, 128),
    GATEWAY("gateway-service", "gateway", 8443, 160);

    private final String artifact;
    private final String portName;
    private final int usualPort;
    private final int heapMegabytes;

    PlatformService(String artifact, String portName, int usualPort, int heapMegabytes) {
        this.artifact = artifact;
        this.portName = portName;
        this.usualPort = usualPort;
        this.heapMegabytes = heapMegabytes;
    }

    /// Module, jar, process and identity all carry this name.
    public String artifact() {
        return artifact;
    }

    /// As in the properties `postern.ports.<name>`.
    String portName() {
        return portName;
    }

    int usualPort() {
        return usualPort;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }
}
