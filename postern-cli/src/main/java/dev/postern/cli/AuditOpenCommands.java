package dev.postern.cli;

import dev.postern.archive.Custodian;
import dev.postern.archive.CustodianKey;
import dev.postern.archive.OpeningRequest;
import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.BodyOpening;
import dev.postern.cli.custody.CustodianKeys;
import dev.postern.cli.custody.Decision;
import dev.postern.cli.custody.LoggedCapture;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.session.RecipientPublicKey;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// What of `postern audit` has to do with captured bodies: who asks for them, and who decides.
final class AuditOpenCommands {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private AuditOpenCommands() {}

    /// Where the audit-service is, and who is calling.
    static final class Access {
        @Option(
                names = "--token-file",
                required = true,
                paramLabel = "FILE",
                description =
                        "Holds an access token for urn:postern:audit with scope audit:read; read anew for each call.")
        private Path tokenFile = Path.of("");

        @Option(
                names = "--server",
                paramLabel = "URL",
                description = "The audit-service (default: this machine's platform).")
        private @Nullable URI server;

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "Whom to trust for it (default: ca.pem in the platform's home).")
        private @Nullable Path ca;

        ArchiveService service() {
            PlatformSettings settings = Surroundings.real(Upstream.SIMULATOR).settings();
            return new ArchiveService(
                    new PlatformHttp(
                            PemIdentity.trusting(ca == null ? settings.home().caCertificate() : ca)),
                    server == null ? settings.ports().endpoint(PlatformService.AUDIT) : server,
                    tokenFile);
        }
    }

    /// `postern audit custodian`
    @Command(
            name = "custodian",
            description = "Makes custodians' keys.",
            mixinStandardHelpOptions = true,
            subcommands = Keygen.class)
    static final class Custodians {}

    /// `postern audit custodian keygen`
    @Command(
            name = "keygen",
            description = "Makes a custodian's key pair, on the custodian's own machine.",
            mixinStandardHelpOptions = true)
    static final class Keygen implements Callable<Integer> {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The custodian, as the subject of their tokens names them.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "KEY_FILE", description = "Where the private half is written (0600).")
        private Path privateFile = Path.of("");

        @Parameters(
                index = "2",
                paramLabel = "PUBLIC_FILE",
                description = "Where the public half is written: a line for custodians.")
        private Path publicFile = Path.of("");

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
            Custodian made = CustodianKeys.generate(
                    surroundings.settings().home(), name, privateFile, publicFile, surroundings.random());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(JSON.createObjectNode()
                        .put("custodian", made.name())
                        .put("key", made.recipient().name())
                        .put("private_key_file", privateFile.toString())
                        .put("public_key_file", publicFile.toString()));
            } else {
                out.printf(
                        "custodian    %s, key %s%n",
                        made.name(), made.recipient().name());
                out.printf("private half %s   %s's alone, on no machine of the platform%n", privateFile, made.name());
                out.printf("public half  %s   a line for the files of custodians%n", publicFile);
            }
            out.flush();
            return 0;
        }
    }

    /// `postern audit captures`
    @Command(
            name = "captures",
            description = "Lists captured bodies, newest first; what is in them takes two custodians.",
            mixinStandardHelpOptions = true)
    static final class Captures implements Callable<Integer> {
        @Mixin
        private Access access = new Access();

        @Option(names = "--limit", defaultValue = "50", description = "How many (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            try (ArchiveService service = access.service()) {
                List<LoggedCapture> captures = service.captures(seen -> seen.size() > limit).stream()
                        .limit(limit)
                        .toList();
                if (json) {
                    out.println(document(captures));
                } else {
                    captures.forEach(capture -> out.printf(
                            "%-24s %-24s %-8s %-16s %-16s %s%s%n",
                            capture.time(),
                            capture.name().captureId(),
                            capture.name().kind(),
                            capture.name().tenant(),
                            capture.name().clientId(),
                            capture.name().requestId(),
                            capture.isWhole() ? "" : "   parts are missing"));
                }
            }
            out.flush();
            return 0;
        }

        private static ArrayNode document(List<LoggedCapture> captures) {
            ArrayNode document = JSON.createArrayNode();
            captures.forEach(capture -> document.addObject()
                    .put("capture_id", capture.name().captureId())
                    .put("time", capture.time())
                    .put("kind", capture.name().kind())
                    .put("tenant", capture.name().tenant())
                    .put("client_id", capture.name().clientId())
                    .put("request_id", capture.name().requestId())
                    .put("whole", capture.isWhole()));
            return document;
        }
    }

    /// `postern audit open`
    @Command(
            name = "open",
            description = "Asks for captured bodies, waits for two custodians, and opens them here.",
            mixinStandardHelpOptions = true)
    static final class Open implements Callable<Integer> {
        @Mixin
        private Access access = new Access();

        @Option(names = "--reason", required = true, description = "Why: custodians see it, and it is put on record.")
        private String reason = "";

        @Option(
                names = "--out",
                required = true,
                paramLabel = "FILE",
                description = "Gets a JSON document a line for each body (0600); it must not exist.")
        private Path out = Path.of("");

        @Parameters(arity = "1..*", paramLabel = "CAPTURE", description = "Ids, as captures lists them.")
        private List<String> ids = List.of();

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            if (!OpeningRequest.isReason(reason)) {
                throw new Failure(ExitCode.REFUSED, "A reason has 1 to 200 printable ASCII characters.");
            }
            if (Files.exists(out)) {
                throw new Failure(ExitCode.CONFLICT, out + " exists, and is not replaced.");
            }
            Set<String> wanted = new LinkedHashSet<>(ids);
            List<String> lines;
            try (ArchiveService service = access.service()) {
                List<LoggedCapture> captures = found(
                        wanted,
                        service.captures(seen -> seen.stream()
                                .filter(LoggedCapture::isWhole)
                                .map(capture -> capture.name().captureId())
                                .collect(Collectors.toSet())
                                .containsAll(wanted)));
                lines = new BodyOpening(service, PAUSE, new Progress(System.err)).open(captures, reason);
            }
            PrivateFiles.write(out, String.join("\n", lines) + "\n");
            PrintWriter print = spec.commandLine().getOut();
            if (json) {
                print.println(
                        JSON.createObjectNode().put("opened", lines.size()).put("file", out.toString()));
            } else {
                print.println("Opened " + lines.size() + " into " + out + ". Remove it when you are done.");
            }
            print.flush();
            return 0;
        }

        private static List<LoggedCapture> found(Set<String> wanted, List<LoggedCapture> seen) {
            List<LoggedCapture> found = new ArrayList<>();
            for (String id : wanted) {
                found.add(seen.stream()
                        .filter(capture ->
                                capture.isWhole() && capture.name().captureId().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new Failure(
                                ExitCode.NOT_FOUND, "There is no capture " + id + " in the log, or not all of it.")));
            }
            return found;
        }
    }

    /// `postern audit openings`
    @Command(
            name = "openings",
            description = "Lists requests to open captured bodies, or shows one.",
            mixinStandardHelpOptions = true)
    static final class Openings implements Callable<Integer> {
        @Mixin
        private Access access = new Access();

        @Parameters(arity = "0..1", paramLabel = "ID", description = "Shows what exactly is asked for.")
        private @Nullable String id;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            try (ArchiveService service = access.service()) {
                JsonNode answer = id == null ? service.openings() : service.opening(id);
                if (json) {
                    out.println(answer);
                } else if (id != null) {
                    show(answer, out);
                } else {
                    answer.forEach(opening -> out.printf(
                            "%-16s %-8s %3d captures  by %-24s until %s  %s%n",
                            opening.path("id").asString(""),
                            opening.path("state").asString(""),
                            opening.path("captures").asInt(0),
                            opening.path("requester").asString(""),
                            opening.path("expires_at").asString(""),
                            opening.path("reason").asString("")));
                }
            }
            out.flush();
            return 0;
        }
    }

    private static void show(JsonNode detail, PrintWriter out) {
        JsonNode opening = detail.path("opening");
        out.printf(
                "opening   %s, %s%n",
                opening.path("id").asString(""), opening.path("state").asString(""));
        out.printf(
                "asked by  %s at %s%n",
                opening.path("requester").asString(""), opening.path("asked_at").asString(""));
        out.printf("reason    %s%n", opening.path("reason").asString(""));
        out.printf(
                "shares to %s   ask who asks whether this is their key%n",
                RecipientPublicKey.parse(detail.path("recipient").asString(""))
                        .map(RecipientPublicKey::name)
                        .orElse("a key that is none"));
        out.printf("digest    %s%n", opening.path("digest").asString(""));
        opening.path("decisions")
                .forEach(decision -> out.printf(
                        "decided   %s: %s%n",
                        decision.path("custodian").asString(""),
                        decision.path("kind").asString("")));
        detail.path("captures")
                .forEach(capture -> out.printf(
                        "capture   %s: the %s of request %s, client %s, tenant %s, %d octets sealed%n",
                        capture.path("capture_id").asString(""),
                        capture.path("kind").asString(""),
                        capture.path("request_id").asString(""),
                        capture.path("client_id").asString(""),
                        capture.path("tenant").asString(""),
                        capture.path("octets").asInt(0)));
    }

    /// What both ways to decide take.
    static final class Deciding {
        @Mixin
        private Access access = new Access();

        @Option(
                names = "--key",
                required = true,
                paramLabel = "KEY_FILE",
                description = "The custodian's private key; - reads it from standard input.")
        private String key = "";

        @Parameters(paramLabel = "ID", description = "The opening.")
        private String id = "";

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        /// Turns what is shown into a decision.
        @FunctionalInterface
        interface Way {
            JsonNode decide(Decision decision, CustodianKey key);
        }

        int decide(PrintWriter out, Way way) throws InterruptedException {
            try (CustodianKey custodian = CustodianKeys.read(key, System.in);
                    ArchiveService service = access.service()) {
                JsonNode shown = service.opening(id);
                if (!json) {
                    show(shown, out);
                }
                JsonNode decided = service.decide(id, way.decide(new Decision(shown), custodian));
                if (json) {
                    out.println(decided);
                } else {
                    out.println("now       " + decided.path("state").asString(""));
                }
            }
            out.flush();
            return 0;
        }
    }

    /// `postern audit approve`
    @Command(
            name = "approve",
            description = "A custodian's yes: gives their share of each body to who asked. Look first: openings ID.",
            mixinStandardHelpOptions = true)
    static final class Approve implements Callable<Integer> {
        @Mixin
        private Deciding deciding = new Deciding();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            return deciding.decide(spec.commandLine().getOut(), Decision::approved);
        }
    }

    /// `postern audit refuse`
    @Command(
            name = "refuse",
            description = "A custodian's no: ends the request, whatever others said.",
            mixinStandardHelpOptions = true)
    static final class Refuse implements Callable<Integer> {
        @Mixin
        private Deciding deciding = new Deciding();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            return deciding.decide(spec.commandLine().getOut(), Decision::refused);
        }
    }
}
