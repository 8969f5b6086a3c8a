package dev.postern.cli;

import dev.postern.audit.root.RootEntry;
import dev.postern.cli.audit.hold.LegalHolds;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `postern audit hold`: groups what the operator does with legal holds.
@Command(
        name = "hold",
        description = "Legal holds: what they name is neither shredded nor deleted.",
        mixinStandardHelpOptions = true,
        subcommands = {AuditHoldCommand.Holds.class, AuditHoldCommand.Add.class, AuditHoldCommand.Release.class},
        footer = {"", "The platform has to be up; its operator's certificate is used."})
final class AuditHoldCommand {
    private interface Action {
        void on(LegalHolds holds) throws InterruptedException;
    }

    private static int visit(Action action) throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        try (PlatformHttp http =
                new PlatformHttp(new Operator(surroundings.settings().home()).tls())) {
            action.on(new LegalHolds(http, surroundings.settings().ports().endpoint(PlatformService.AUDIT)));
        }
        return 0;
    }

    private static void confirm(boolean json, String hold, String what) {
        System.out.println(
                json
                        ? JsonMapper.shared().writeValueAsString(Map.of("hold", hold, what, true))
                        : hold + " is " + what + ".");
    }

    /// Weeks that there are, and days.
    static void requireNames(List<String> held) {
        for (String name : held) {
            boolean week = RootEntry.isShard(name)
                    && RootEntry.shardOf(RootEntry.firstDay(name)).equals(name);
            if (!week && !isDay(name)) {
                throw new Failure(
                        ExitCode.USAGE, "There is no week or day " + name + ": name them as 2026w48 and 2026-11-26.");
            }
        }
    }

    private static boolean isDay(String name) {
        try {
            return LocalDate.parse(name).toString().equals(name);
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    static String table(Map<String, List<String>> holds) {
        if (holds.isEmpty()) {
            return "no holds\n";
        }
        StringBuilder out = new StringBuilder();
        holds.forEach((hold, held) -> out.append("%-24s %s\n".formatted(hold, String.join(" ", held))));
        return out.toString();
    }

    /// `hold list`.
    @Command(name = "list", description = "The holds in force, and what each names.", mixinStandardHelpOptions = true)
    static final class Holds implements Callable<Integer> {
        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() throws InterruptedException {
            return visit(holds -> {
                Map<String, List<String>> found = holds.list();
                System.out.print(json ? JsonMapper.shared().writeValueAsString(found) + "\n" : table(found));
            });
        }
    }

    /// `hold add`.
    @Command(
            name = "add",
            description = "Places a hold.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "NAME stands in the public root log for ever: nobody's name. The reason is sealed in the audit log.",
                "  ./postern audit hold add case-7 2026w48 2026-12-02 --reason \"order of the court, 7 O 12/26\""
            })
    static final class Add implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "NAME", description = "Small letters, digits and dashes.")
        private String hold = "";

        @Parameters(
                index = "1..*",
                arity = "1..64",
                paramLabel = "HELD",
                description = "Shards (2026w48) and days (2026-11-26).")
        private List<String> held = List.of();

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; 256 characters at most.")
        private String reason = "";

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() throws InterruptedException {
            requireNames(held);
            return visit(holds -> {
                holds.place(hold, held, reason);
                confirm(json, hold, "placed");
            });
        }
    }

    /// `hold release`.
    @Command(
            name = "release",
            description = "Releases a hold: what is old enough goes within ten minutes.",
            mixinStandardHelpOptions = true)
    static final class Release implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "NAME", description = "As it was placed.")
        private String hold = "";

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; 256 characters at most.")
        private String reason = "";

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() throws InterruptedException {
            return visit(holds -> {
                holds.release(hold, reason);
                confirm(json, hold, "released");
            });
        }
    }
}
