package dev.postern.cli.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.archive.CustodianKey;
import dev.postern.archive.CustodianRegister;
import dev.postern.archive.Custodians;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Printable;
import dev.postern.cli.terminal.Progress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Who asks and who decides, at a service over real TLS.
@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class CustodyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CustodianKey ANNA = CustodianKey.generate("anna", RANDOM);
    private static final CustodianKey BEN = CustodianKey.generate("ben", RANDOM);
    private static final Custodians CUSTODIANS = new Custodians(List.of(ANNA.custodian(), BEN.custodian()));
    private static final byte[] WORDS = "Gr\u00fc\u00dfe an Anna".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    /// Each look at it is a nanosecond later.
    private final AtomicLong nanos = new AtomicLong();

    private final Heard said = new Heard();
    private FakeArchive archive;
    private Path token;
    private ArchiveService service;

    @BeforeEach
    void start() throws Exception {
        archive = new FakeArchive();
        token = Files.writeString(directory.resolve("token"), "a.b.c\n");
        service = archive.service(token);
    }

    @AfterEach
    void stop() {
        service.close();
        archive.close();
    }

    private List<LoggedCapture> captures() throws InterruptedException {
        return service.captures(_ -> false);
    }

    /// Asks, on a thread of its own.
    private CompletableFuture<List<String>> asking(List<LoggedCapture> captures) throws InterruptedException {
        return asking(captures, new CustodianRegister(CUSTODIANS.all()));
    }

    private CompletableFuture<List<String>> asking(List<LoggedCapture> captures, CustodianRegister register)
            throws InterruptedException {
        Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8));
        OpeningRun opening =
                new OpeningRun(service, Duration.ofMillis(10), progress, nanos::incrementAndGet, Optional.of(register));
        CompletableFuture<List<String>> opened = CompletableFuture.supplyAsync(() -> {
            try {
                return opening.open(captures, "incident 7");
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        archive.awaitAsked();
        return opened;
    }

    private CustodianDecision shown() throws InterruptedException {
        return new CustodianDecision(service.shown("o-1"));
    }

    /// What who asks told a custodian.
    private Told told() throws InterruptedException {
        return new Told(Optional.of(service.shown("o-1").recipient().name()), Optional.empty());
    }

    private JsonNode approve(CustodianKey key) throws InterruptedException {
        return service.decide("o-1", shown().approved(key, told()));
    }

    @Test
    void openWhenTwoApproveThenTheBodiesAreHere() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        archive.capture("c-2", new byte[100_000], CUSTODIANS);
        List<LoggedCapture> captures = captures();
        assertThat(captures).hasSize(2).allMatch(LoggedCapture::isWhole);

        CompletableFuture<List<String>> opened = asking(captures);
        approve(ANNA);
        String name = service.shown("o-1").recipient().name();
        JsonNode decided = approve(BEN);
        assertThat(decided.path("state").asString()).isEqualTo("approved");

        List<String> lines = opened.join();
        assertThat(lines).hasSize(2);
        JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
        assertThat(first.path("capture_id").asString()).isEqualTo("c-1");
        assertThat(first.path("body").asString()).isEqualTo(new String(WORDS, StandardCharsets.UTF_8));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("o-1", name, "anna: approved", "ben: approved")
                .doesNotContain("Gr\u00fc\u00dfe");
    }

    private void awaitSaid(String text) throws InterruptedException {
        said.await(text);
    }

    /// What was said, to wait for.
    private static final class Heard extends ByteArrayOutputStream {
        @Override
        public synchronized void write(byte[] octets, int offset, int length) {
            super.write(octets, offset, length);
            notifyAll();
        }

        synchronized void await(String text) throws InterruptedException {
            while (!toString(StandardCharsets.UTF_8).contains(text)) {
                wait();
            }
        }
    }

    /// A token lives five minutes, and two persons take longer.
    @Test
    void openWhenTokenNetworkOrServiceFailForAWhileThenGoesOnUntilItIsReleased() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        List<LoggedCapture> captures = captures();
        archive.hinder("GET /v1/openings", 401, 0, 503, 403);
        archive.hinder("POST /v1/openings/o-1/release", 0, 500, 401, 502);
        CompletableFuture<List<String>> opened = asking(captures);
        awaitSaid("--recipient");
        Files.writeString(token, "");
        awaitSaid("does not hold an access token");
        Files.delete(token);
        awaitSaid("token cannot be read");
        Files.writeString(token, "d.e.f");
        approve(ANNA);
        approve(BEN);

        assertThat(opened.join()).hasSize(1);
        assertThat(archive.hindered()).isTrue();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("write another into its file", "No answer from", "answered 503");
    }

    /// It is known no more, or will not be released: trying again would not help.
    @ParameterizedTest
    @CsvSource({"404, NOT_FOUND", "409, CONFLICT", "400, REFUSED"})
    void openWhenTheReleaseIsRefusedThenEndsAtOnce(int status, ExitCode code) throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        archive.hinder("POST /v1/openings/o-1/release", status);
        CompletableFuture<List<String>> opened = asking(captures());
        approve(ANNA);
        approve(BEN);
        assertThatThrownBy(opened::join)
                .cause()
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessage("The audit-service answered " + status + ".");
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("I go on trying");
    }

    @Test
    void openWhenNothingAnswersUntilTheRequestsTimeIsOverThenGivesUp() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        List<LoggedCapture> captures = captures();
        archive.expire("2026-11-23T12:00:00.000000005Z");
        archive.hinder("GET /v1/openings", 503, 503, 503, 503, 503, 503, 503, 503);
        assertThatThrownBy(asking(captures)::join)
                .hasCauseInstanceOf(Failure.class)
                .hasMessageContaining("time is over")
                .hasMessageContaining("503");
    }

    @Test
    void openWhenWhatIsReleasedIsNotSignedByTwoOfTheCustodiansThenOpensNothing() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        CustodianKey other = CustodianKey.generate("ben", RANDOM);
        CompletableFuture<List<String>> opened =
                asking(captures(), new CustodianRegister(List.of(ANNA.custodian(), other.custodian())));
        approve(ANNA);
        approve(BEN);
        assertThatThrownBy(opened::join)
                .hasCauseInstanceOf(Failure.class)
                .hasMessageContaining("not signed by two of the custodians");
    }

    @Test
    void openWhenCustodiansAreShownAnotherReasonOrBodyThenStops() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        archive.capture("c-2", WORDS, CUSTODIANS);
        List<LoggedCapture> one = captures().stream()
                .filter(capture -> capture.name().captureId().equals("c-1"))
                .toList();
        archive.showCapture("c-2");
        assertThatThrownBy(asking(one)::join)
                .hasCauseInstanceOf(Failure.class)
                .hasMessageContaining("Nothing was shown or signed");
        archive.showCapture("");
        archive.forgeReason("a better one");
        assertThatThrownBy(asking(one)::join)
                .as("though the digest is of it")
                .hasCauseInstanceOf(Failure.class)
                .hasMessageContaining("something else than was asked for");
    }

    /// The events are those of one body and the digest is theirs, but the shares are of another.
    @Test
    void approveWhenTheSharesAreOfAnotherBodyThanTheDigestThenGivesNone() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        archive.capture("c-2", WORDS, CUSTODIANS);
        List<LoggedCapture> one = captures().stream()
                .filter(capture -> capture.name().captureId().equals("c-1"))
                .toList();
        CompletableFuture<List<String>> opened = asking(one);
        awaitSaid("--recipient");
        assertThat(service.shown("o-1").bodies()).hasSize(1);
        archive.showCapture("c-2");
        assertThatThrownBy(() -> service.shown("o-1"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Nothing was shown or signed");
        archive.showCapture("");
        service.decide("o-1", shown().refused(BEN));
        assertThatThrownBy(opened::join).hasCauseInstanceOf(Failure.class);
    }

    @Test
    void approveWhenItIsNotWhatTheCustodianWasToldOfThenGivesNothing() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        CompletableFuture<List<String>> opened = asking(captures());
        ShownOpening shown = service.shown("o-1");
        CustodianDecision decision = new CustodianDecision(shown);
        Optional<String> key = Optional.of(shown.recipient().name());
        Optional<String> digest = Optional.of(shown.digest());
        Optional<String> another = Optional.of("0123456789abcdef");
        for (Told wrong : List.of(
                new Told(another, Optional.empty()), new Told(another, digest), new Told(Optional.empty(), another))) {
            assertThatThrownBy(() -> decision.approved(ANNA, wrong))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("Nothing was approved");
        }
        assertThatThrownBy(() -> new Told(Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        service.decide("o-1", decision.approved(ANNA, new Told(Optional.empty(), digest)));
        service.decide("o-1", decision.approved(BEN, new Told(key, digest)));
        assertThat(opened.join()).hasSize(1);
    }

    @Test
    void decisionsWhenLoggedThenAreSaidToBeSignedByWhoeverSignedThem() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        CompletableFuture<List<String>> opened = asking(captures());
        approve(ANNA);
        service.decide("o-1", shown().refused(BEN));
        assertThatThrownBy(opened::join).hasCauseInstanceOf(Failure.class);

        CustodianRegister register = new CustodianRegister(CUSTODIANS.all());
        assertThat(service.decisions(register, 50))
                .extracting(LoggedDecision::custodian, LoggedDecision::decision, LoggedDecision::signed)
                .containsExactly(tuple("anna", "approved", true), tuple("ben", "rejected", true));
        CustodianKey other = CustodianKey.generate("ben", RANDOM);
        assertThat(service.decisions(new CustodianRegister(List.of(ANNA.custodian(), other.custodian())), 50))
                .extracting(LoggedDecision::signed)
                .containsExactly(true, false);
        assertThat(service.decisions(register, 1)).hasSize(1);
        archive.forgeReason("another, which the digest in the log is of");
        assertThat(service.decisions(register, 50)).noneMatch(LoggedDecision::signed);
    }

    @Test
    void custodiansWhenTheirFileHoldsSomethingElseThenSaysInWhichLine() throws Exception {
        Path file = Files.write(
                directory.resolve("custodians"),
                List.of("# us", ANNA.custodian().line(), "x"));
        assertThatThrownBy(() -> CustodianFile.read(file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> CustodianFile.read(directory.resolve("none"))).isInstanceOf(Failure.class);
    }

    @Test
    void openWhenRefusedThenFailsAndSaysSo() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        CompletableFuture<List<String>> opened = asking(captures());
        service.decide("o-1", shown().refused(ANNA));
        assertThatThrownBy(opened::join).hasCauseInstanceOf(Failure.class).hasMessageContaining("refused");
    }

    @Test
    void approveWhenTheDigestIsNotOfWhatIsShownThenSignsNothing() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        CompletableFuture<List<String>> opened = asking(captures());
        awaitSaid("--recipient");
        archive.showReason("a better one");
        assertThatThrownBy(() -> service.shown("o-1"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Nothing was shown or signed");
        archive.showReason("");
        Told told = told();
        assertThatThrownBy(() -> ShownOpening.read(service.opening("o-1"), "o-2"))
                .isInstanceOf(Failure.class);
        JsonNode escaping = service.opening("o-1");
        String id = "o-1\u001b[2K";
        ((ObjectNode) escaping.path("opening")).put("id", id);
        assertThatThrownBy(() -> ShownOpening.read(escaping, id)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> shown().approved(CustodianKey.generate("anna", RANDOM), told))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("c-1");
        assertThatThrownBy(() -> shown().approved(CustodianKey.generate("cleo", RANDOM), told))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("was not sealed to cleo");
        service.decide("o-1", shown().refused(BEN));
        assertThatThrownBy(opened::join).hasCauseInstanceOf(Failure.class);
    }

    @Test
    void keygenWhenAskedThenWritesBothHalvesOnce() throws Exception {
        PosternHome home = new PosternHome(directory.resolve("home"));
        Path key = directory.resolve("anna.key");
        Path line = directory.resolve("anna.pub");
        CustodianKeys.generate(home, "anna", key, line, RANDOM);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        CustodianKey read = CustodianKeys.read(key.toString(), new ByteArrayInputStream(new byte[0]));
        assertThat(read.custodian().line()).isEqualTo(Files.readString(line).strip());
        assertThat(CustodianKeys.read("-", new ByteArrayInputStream(Files.readAllBytes(key)))
                        .custodian())
                .isEqualTo(read.custodian());

        assertThatThrownBy(() -> CustodianKeys.generate(home, "anna", key, line, RANDOM))
                .hasMessageContaining("is not replaced");
        Path inside = home.root().resolve("anna.key");
        assertThatThrownBy(() -> CustodianKeys.generate(home, "anna", inside, directory.resolve("b"), RANDOM))
                .hasMessageContaining("home");
        Path one = directory.resolve("one");
        assertThatThrownBy(() -> CustodianKeys.generate(home, "anna", one, one, RANDOM))
                .hasMessageContaining("two files");
        assertThatThrownBy(() -> CustodianKeys.generate(home, "a b", one, directory.resolve("b"), RANDOM))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> CustodianKeys.read(line.toString(), new ByteArrayInputStream(new byte[0])))
                .hasMessageContaining("keygen");
        assertThat(one).doesNotExist();
    }

    @Test
    void serviceWhenItsAddressIsNotConfidentialThenGetsNoToken() {
        for (String address : List.of("http://audit.example.com:8843", "ftp://localhost", "localhost:8843")) {
            assertThatThrownBy(() -> service(address))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("https://");
        }
        for (String address : List.of("https://audit.example.com", "http://127.0.0.1:8843", "http://localhost:1")) {
            service(address).close();
        }
    }

    private ArchiveService service(String address) {
        return archive.service(URI.create(address), token);
    }

    @Test
    void printableWhenOfTerminalEscapesThenHasNone() {
        assertThat(Printable.of("eve\u001b[1A\u009b2K\r\n\u202ex")).isEqualTo("eve?[1A?2K???x");
        assertThat(Printable.of("x".repeat(300))).hasSize(256).endsWith("x~");
        assertThat(Printable.json(JsonMapper.shared().createObjectNode().put("a", "\u009b\u00e9")))
                .isEqualTo("{\"a\":\"\\u009B\\u00E9\"}");
    }

    @Test
    void anythingWhenTheTokenFileHoldsNoneThenSaysSo() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "Bearer x\ny");
        try (ArchiveService without = archive.service(empty)) {
            assertThatThrownBy(without::openings).hasMessageContaining("does not hold an access token");
        }
    }
}
