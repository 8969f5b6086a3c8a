package dev.postern.cli.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.archive.CustodianKey;
import dev.postern.archive.Custodians;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.session.RecipientPublicKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private FakeArchive archive;
    private ArchiveService service;

    @BeforeEach
    void start() throws Exception {
        archive = new FakeArchive();
        Path token = Files.writeString(directory.resolve("token"), "a.b.c\n");
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
        Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8));
        BodyOpening opening = new BodyOpening(service, Duration.ofMillis(10), progress);
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

    private Decision shown() throws InterruptedException {
        return new Decision(service.opening("o-1"));
    }

    @Test
    void openWhenTwoApproveThenTheBodiesAreHere() throws Exception {
        archive.capture("c-1", WORDS, CUSTODIANS);
        archive.capture("c-2", new byte[100_000], CUSTODIANS);
        List<LoggedCapture> captures = captures();
        assertThat(captures).hasSize(2).allMatch(LoggedCapture::isWhole);
        archive.refuseTokens(3);

        CompletableFuture<List<String>> opened = asking(captures);
        service.decide("o-1", shown().approved(ANNA));
        String recipient = service.opening("o-1").path("recipient").asString();
        String name = RecipientPublicKey.parse(recipient).orElseThrow().name();
        JsonNode decided = service.decide("o-1", shown().approved(BEN));
        assertThat(decided.path("state").asString()).isEqualTo("approved");

        List<String> lines = opened.join();
        assertThat(lines).hasSize(2);
        JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
        assertThat(first.path("capture_id").asString()).isEqualTo("c-1");
        assertThat(first.path("body").asString()).isEqualTo(new String(WORDS, StandardCharsets.UTF_8));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("o-1", name, "anna: approved", "ben: approved", "write another into its file")
                .doesNotContain("Gr\u00fc\u00dfe");
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
        archive.showReason("a better one");
        Decision shown = shown();
        assertThatThrownBy(() -> shown.approved(ANNA))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Nothing was signed");
        assertThatThrownBy(() -> shown.refused(ANNA)).isInstanceOf(Failure.class);
        archive.showReason("");
        assertThatThrownBy(() -> shown().approved(CustodianKey.generate("anna", RANDOM)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("c-1");
        assertThatThrownBy(() -> shown().approved(CustodianKey.generate("cleo", RANDOM)))
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
    void anythingWhenTheTokenFileHoldsNoneThenSaysSo() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "Bearer x\ny");
        try (ArchiveService without = archive.service(empty)) {
            assertThatThrownBy(without::openings).hasMessageContaining("does not hold an access token");
        }
    }
}
