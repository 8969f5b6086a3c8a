package dev.postern.cli;

import dev.postern.archive.CustodianRegister;
import dev.postern.archive.OpeningRequest;
import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.CustodianFile;
import dev.postern.cli.custody.LoggedCapture;
import dev.postern.cli.custody.OpeningRun;
import dev.postern.cli.home.PromisedFile;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `postern audit open`
@Command(
        name = "open",
        description = "Asks for captured bodies, waits for two custodians, and opens them here.",
        mixinStandardHelpOptions = true)
final class AuditOpenCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Mixin
    private CustodyAccess access = new CustodyAccess();

    @Option(names = "--reason", required = true, description = "Why: custodians see it, and it is put on record.")
    private String reason = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Gets a JSON document a line for each body (0600); it must not exist.")
    private Path out = Path.of("");

    @Option(
            names = "--custodians",
            paramLabel = "FILE",
            description = "Checks that two custodians of this file signed what is released.")
    private @Nullable Path custodians;

    @Parameters(arity = "1..*", paramLabel = "CAPTURE", description = "Ids, as captures lists them.")
    private List<String> ids = List.of();

    @Override
    public Integer call() throws InterruptedException {
        if (!OpeningRequest.isReason(reason)) {
            throw new Failure(ExitCode.REFUSED, "A reason has 1 to 200 printable ASCII characters.");
        }
        Optional<CustodianRegister> register = Optional.ofNullable(custodians).map(CustodianFile::read);
        // Before anybody is asked: what two persons agreed to must not fail for want of a file.
        try (PromisedFile file = promised()) {
            List<String> lines = opened(register);
            write(file, lines);
            access.print(
                    JsonMapper.shared()
                            .createObjectNode()
                            .put("opened", lines.size())
                            .put("file", out.toString()),
                    print -> print.println(
                            "Opened " + lines.size() + " into " + out + ". Remove it when you are done."));
        }
        return 0;
    }

    private PromisedFile promised() {
        try {
            return PromisedFile.make(out)
                    .orElseThrow(() -> new Failure(ExitCode.CONFLICT, out + " exists, and is not replaced."));
        } catch (UncheckedIOException e) {
            throw new Failure("Nobody was asked: " + out + " cannot be made there. Name another --out.", e);
        }
    }

    private void write(PromisedFile file, List<String> lines) {
        try {
            file.write(String.join("\n", lines) + "\n");
        } catch (UncheckedIOException e) {
            throw new Failure("What was opened is lost: " + out + " cannot be written. Make room, and ask again.", e);
        }
    }

    private List<String> opened(Optional<CustodianRegister> register) throws InterruptedException {
        Set<String> wanted = new LinkedHashSet<>(ids);
        try (ArchiveService service = access.service()) {
            List<LoggedCapture> captures = found(
                    wanted,
                    service.captures(seen -> seen.stream()
                            .filter(LoggedCapture::isWhole)
                            .map(capture -> capture.name().captureId())
                            .collect(Collectors.toSet())
                            .containsAll(wanted)));
            return new OpeningRun(service, PAUSE, new Progress(System.err), System::nanoTime, register)
                    .open(captures, reason);
        }
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
