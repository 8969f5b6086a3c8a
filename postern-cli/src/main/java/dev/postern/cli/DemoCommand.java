package dev.postern.cli;

import dev.postern.cli.demo.CheckResult;
import dev.postern.cli.demo.Demo;
import dev.postern.cli.platform.Upstream;
import java.io.PrintStream;
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
            return report(
                    new Demo(surroundings.settings(), surroundings.random(), surroundings.clock())::run, System.out);
        }
    }

    /// Everything that is checked, in order.
    interface Checks {
        /// Every result, each also handed to `listener` as soon as it is known.
        List<CheckResult> run(Consumer<CheckResult> listener) throws InterruptedException;
    }

    /// The exit code.
    int report(Checks checks, PrintStream out) throws InterruptedException {
        List<CheckResult> results = checks.run(json ? _ -> {} : result -> print(result, out));
        boolean ok = results.stream().allMatch(CheckResult::ok);
        out.println(json ? document(ok, results).toString() : verdict(ok));
        return ok ? 0 : NOT_OK;
    }

    private static String verdict(boolean ok) {
        return ok ? "\nEverything is as it should be." : "\nNot everything is as it should be.";
    }

    private static void print(CheckResult result, PrintStream out) {
        out.printf("%-6s %-24s %s (%d ms)%n", result.ok() ? "ok" : "FAILED", result.id(), result.detail(), result.ms());
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
