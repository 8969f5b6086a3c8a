package dev.postern.cli;

import dev.postern.cli.platform.ProcessStatus;
import dev.postern.cli.platform.StatusReport;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern status`: ends 0 when everything is ready, 3 otherwise.
@Command(name = "status", description = "Shows what runs and what is ready.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        List<ProcessStatus> report = new StatusReport(
                        surroundings.settings().home(), surroundings.settings().ports())
                .take();
        boolean ready = report.stream()
                .allMatch(status -> status.ready() || status.name().equals("model-simulator"));
        if (json) {
            System.out.println(document(report, ready));
        } else {
            for (ProcessStatus status : report) {
                System.out.printf(
                        "%-22s %-10s pid %-8s %4d MB%n",
                        status.name(),
                        status.pid() == 0 ? "down" : status.ready() ? "ready" : "not ready",
                        status.pid() == 0 ? "-" : Long.toString(status.pid()),
                        status.residentMegabytes());
            }
        }
        return ready ? 0 : ExitCode.NOT_READY.code();
    }

    private static ObjectNode document(List<ProcessStatus> report, boolean ready) {
        ObjectNode document = new JsonMapper().createObjectNode().put("ready", ready);
        ArrayNode processes = document.putArray("processes");
        for (ProcessStatus status : report) {
            processes
                    .addObject()
                    .put("name", status.name())
                    .put("pid", status.pid())
                    .put("ready", status.ready())
                    .put("resident_mb", status.residentMegabytes());
        }
        return document;
    }
}
