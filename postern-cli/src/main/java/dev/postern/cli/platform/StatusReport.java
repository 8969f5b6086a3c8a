package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.operator.Operator;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at every process of a home.
public final class StatusReport {
    private final PosternHome home;
    private final Ports ports;
    private final ProcessRecords records;

    public StatusReport(PosternHome home, Ports ports) {
        this.home = home;
        this.ports = ports;
        this.records = new ProcessRecords(home);
    }

    public List<ProcessStatus> take() throws InterruptedException {
        List<ProcessStatus> report = new ArrayList<>();
        for (String name : List.of(RedisServer.NAME, PlatformProcesses.SIMULATOR)) {
            Optional<OwnProcess> process = alive(name);
            report.add(status(name, process, process.isPresent()));
        }
        if (Files.exists(home.operatorCertificate())) {
            try (ReadinessProbe probe = new ReadinessProbe(new Operator(home).tls(), ports)) {
                for (PlatformService service : PlatformService.values()) {
                    Optional<OwnProcess> process = alive(service.artifact());
                    report.add(status(service.artifact(), process, process.isPresent() && probe.ready(service)));
                }
            }
        } else {
            for (PlatformService service : PlatformService.values()) {
                report.add(status(service.artifact(), alive(service.artifact()), false));
            }
        }
        return report;
    }

    private Optional<OwnProcess> alive(String name) {
        return records.find(name).filter(OwnProcess::alive);
    }

    private static ProcessStatus status(String name, Optional<OwnProcess> process, boolean ready) {
        long pid = process.map(OwnProcess::pid).orElse(0L);
        return new ProcessStatus(name, pid, ready, ProcessUsage.residentMegabytes(pid));
    }
}
