package dev.postern.cli;

import dev.postern.cli.demo.CheckResult;
import dev.postern.cli.demo.Demo;
import dev.postern.cli.platform.Upstream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern demo`: ends 0 only when every check is ok.
@Command(
        name = "demo",
        description = "Runs the main job end to end and shows what happened.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int NOT_OK = 1;

    @Option(names = "--json", description = "Print one JSON document and nothing else.")
    private boolean json;

    @Option(names = "--keep", description = "Leave the platform running.")
    private boolean keep;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        try (PlatformVisit visit = PlatformVisit.begin(surroundings)) {
            if (keep) {
                visit.keep();
            }
            Demo demo = new Demo(surroundings.settings(), surroundings.random(), surroundings.clock());
            Consumer<CheckResult> listener = json ? _ -> {} : DemoCommand::print;
            List<CheckResult> results = demo.run(listener);
            boolean ok = results.stream().allMatch(CheckResult::ok);
            System.out.println(json ? document(ok, results).toString() : verdict(ok));
            return ok ? 0 : NOT_OK;
        }
    }

    private static String verdict(boolean ok) {
        return ok ? "\nEverything is as it should be." : "\nNot everything is as it should be.";
    }

    private static void print(CheckResult result) {
        System.out.printf(
                "%-6s %-24s %s (%d ms)%n", result.ok() ? "ok" : "FAILED", result.id(), result.detail(), result.ms());
    }

    private static ObjectNode document(boolean ok, List<CheckResult> results) {
        ObjectNode document = new JsonMapper().createObjectNode().put("ok", ok);
        ArrayNode checks = document.putArray("checks");
        for (CheckResult result : results) {
            checks.addObject()
                    .put("id", result.id())
                    .put("ok", result.ok())
                    .put("detail", result.detail())
                    .put("ms", result.ms());
        }
        return document;
    }
}
