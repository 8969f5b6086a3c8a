package dev.postern.cli.platform;

import dev.postern.cli.terminal.Failure;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// How much heap each service may use: what it needs usually, or what `POSTERN_HEAP_RELAY` and its like say, in
/// megabytes.
public record Heaps(Map<PlatformService, Integer> megabytes) {
    private static final int LEAST = 64;

    public Heaps {
        megabytes = Map.copyOf(megabytes);
    }

    public static Heaps usual() {
        return of(Map.of());
    }

    static Heaps of(Map<String, String> environment) {
        Map<PlatformService, Integer> megabytes = new EnumMap<>(PlatformService.class);
        for (PlatformService service : PlatformService.values()) {
            String variable = "POSTERN_HEAP_" + service.portName().toUpperCase(Locale.ROOT);
            String chosen = environment.get(variable);
            megabytes.put(service, chosen == null ? service.heapMegabytes() : parse(variable, chosen));
        }
        return new Heaps(megabytes);
    }

    private static int parse(String variable, String chosen) {
        try {
            int megabytes = Integer.parseInt(chosen.strip());
            if (megabytes >= LEAST) {
                return megabytes;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new Failure(variable + " must be a number of megabytes, at least " + LEAST + ".");
    }

    int of(PlatformService service) {
        return megabytes.getOrDefault(service, service.heapMegabytes());
    }
}
