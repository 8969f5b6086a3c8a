package dev.postern.cli.platform;

import java.util.List;

/// How the platform's JVMs run: small, no heap dumps, nobody attaches, native code allowed (Conscrypt, epoll).
final class JvmFlags {
    private JvmFlags() {}

    static List<String> of(int heapMegabytes) {
        return List.of(
                "-Xmx" + heapMegabytes + "m",
                "-Xms16m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                // Only what is used costs memory, and after each 15 % of it the whole heap is collected.
                "-XX:ReservedCodeCacheSize=256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-XX:+DisableAttachMechanism",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                // Initialising on a second thread helps one service; six that start at once only share the processors.
                "-Dspring.backgroundpreinitializer.ignore=true",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }
}
