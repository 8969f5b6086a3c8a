package dev.postern.cli.bench;

import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.platform.ProcessUsage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The processor time that the services have used so far, by the kernel's accounting.
public final class PlatformCpu {
    private final Map<PlatformService, Duration> used;

    private PlatformCpu(Map<PlatformService, Duration> used) {
        this.used = used;
    }

    public static PlatformCpu now(PlatformSettings settings) {
        ProcessRecords records = new ProcessRecords(settings.home());
        Map<PlatformService, Duration> used = new EnumMap<>(PlatformService.class);
        for (PlatformService service : PlatformService.values()) {
            used.put(
                    service,
                    ProcessUsage.cpu(records.running(service.artifact()).pid()));
        }
        return new PlatformCpu(used);
    }

    /// Microseconds of each service since `earlier`, shared among `count`.
    public Map<String, Double> microsSince(PlatformCpu earlier, long count) {
        Map<String, Double> micros = new LinkedHashMap<>();
        used.forEach((service, now) -> {
            Duration spent = now.minus(earlier.used.getOrDefault(service, Duration.ZERO));
            micros.put(service.artifact(), spent.toNanos() / 1000.0 / Math.max(1, count));
        });
        return micros;
    }
}
