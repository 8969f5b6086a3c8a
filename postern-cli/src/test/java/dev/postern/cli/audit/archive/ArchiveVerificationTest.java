package dev.postern.cli.audit.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.audit.TestLog;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.CosignatureVerifier;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveVerificationTest {
    @TempDir
    Path home;

    private SealedTestLog log;
    private byte[] archive = {};

    @BeforeEach
    void write() throws Exception {
        log = new SealedTestLog(home).grow(300);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ArchiveWriter writer = new ArchiveWriter(out);
        writer.begin(Instant.parse("2026-11-26T10:00:00Z"), Map.of("type", "all"), List.of(log.archived()));
        for (int index : List.of(299, 256, 255, 7, 0)) {
            writer.entry(log.entry(index));
        }
        assertThat(writer.end()).isEqualTo(5);
        archive = out.toByteArray();
    }

    private ArchiveReport verify(byte[] content, PriorKnowledge prior) throws Exception {
        Path file = Files.write(home.resolve("archive"), content);
        return ArchiveVerification.verify(file, prior, (_, _) -> {});
    }

    private ArchiveReport.Fault fault(byte[] content) throws Exception {
        return verify(content, PriorKnowledge.NONE).fault().orElseThrow();
    }

    private List<String> lines() {
        return new ArrayList<>(
                new String(archive, StandardCharsets.UTF_8).lines().toList());
    }

    /// Whoever alters a line can make the sum anew: the sum is against accidents.
    private static byte[] summed(List<String> lines) throws Exception {
        String body = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
        String end = lines.getLast().replaceAll("[0-9a-f]{64}", HexFormat.of().formatHex(sum));
        return (body + end + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private ArchiveReport.Fault faultWith(int line, String from, String to) throws Exception {
        List<String> lines = lines();
        assertThat(lines.get(line)).contains(from);
        lines.set(line, lines.get(line).replace(from, to));
        return fault(summed(lines));
    }

    @Test
    void verifyWhenNothingWasAlteredThenEveryEventIsProven() throws Exception {
        ArchiveReport report = verify(archive, PriorKnowledge.NONE);
        assertThat(report.fault()).isEmpty();
        assertThat(report.events()).isEqualTo(5);
        assertThat(report.logs())
                .singleElement()
                .satisfies(one -> assertThat(one.checkpoint().size()).isEqualTo(300));
        assertThat(verify(summed(lines()), PriorKnowledge.NONE).sound()).isTrue();
    }

    @Test
    void verifyWhenAnyOctetWasAlteredThenFindsIt() throws Exception {
        for (int i = 0; i < archive.length; i += 61) {
            byte[] altered = archive.clone();
            altered[i] ^= 1;
            assertThat(verify(altered, PriorKnowledge.NONE).sound())
                    .as("octet " + i)
                    .isFalse();
        }
    }

    @Test
    void verifyWhenALineWasAlteredAndSummedAgainThenNamesLineAndEntry() throws Exception {
        assertThat(faultWith(2, "\"index\":256", "\"index\":255").what()).contains("proof does not lead");
        assertThat(faultWith(2, "\"id\":\"id-257\"", "\"id\":\"id-258\"").what())
                .contains("not the one in the leaf");
        ArchiveReport.Fault fault = faultWith(2, "\"severity_id\":1", "\"severity_id\":2");
        assertThat(fault.what()).contains("OCSF object is not the event's");
        assertThat(fault.line()).isEqualTo(3);
        assertThat(fault.index()).isEqualTo(256);
        String other = log.key(3).disclosed();
        assertThat(faultWith(1, log.key(299).disclosed(), other).what()).contains("does not open");
        assertThat(faultWith(1, "\"leaf_key\":\"" + log.key(299).disclosed() + "\",", "")
                        .what())
                .contains("does not open");
        assertThat(faultWith(1, "\"index\"", "\"extra\":1,\"index\"").what()).contains("unknown");
        assertThat(faultWith(1, "\"index\"", "\"index\":1,\"index\"").what()).contains("not a JSON object");
        assertThat(faultWith(1, "\"origin\":\"localhost", "\"origin\":\"example")
                        .what())
                .contains("does not name");
        assertThat(faultWith(0, "\"2026-11-26T10:00:00.000Z\"", "null").what()).contains("null");
        assertThat(faultWith(0, "\"postern_audit_archive\":1", "\"postern_audit_archive\":2")
                        .what())
                .contains("another version");
    }

    @Test
    void verifyWhenALeafWasExchangedForAnotherOfTheLogThenTheProofTells() throws Exception {
        List<String> lines = lines();
        String leaf = Base64.getEncoder().encodeToString(log.leaves.get(255).bytes());
        lines.set(3, lines.get(3).replace(leaf, leaf.replace('A', 'B')));
        assertThat(fault(summed(lines)).line()).isEqualTo(4);
    }

    @Test
    void verifyWhenLinesAreMissingOrDoubledThenFindsIt() throws Exception {
        List<String> without = lines();
        without.remove(2);
        assertThat(fault(summed(without)).what()).contains("as many events");
        List<String> doubled = lines();
        doubled.add(2, doubled.get(2));
        assertThat(fault(summed(doubled)).what()).contains("each once");
        List<String> cut = lines().subList(0, 4);
        assertThat(fault((String.join("\n", cut) + "\n").getBytes(StandardCharsets.UTF_8))
                        .what())
                .contains("cut off");
        List<String> more = lines();
        assertThat(fault((String.join("\n", more) + "\n{}\n").getBytes(StandardCharsets.UTF_8))
                        .what())
                .contains("goes on");
        assertThat(fault(new byte[0]).what()).contains("empty");
    }

    @Test
    void verifyWhenAnotherSignedItThenAPinnedKeyTells() throws Exception {
        PriorKnowledge right = new PriorKnowledge(Map.of(log.log.origin, log.log.signer.verifier()), Map.of());
        assertThat(verify(archive, right).sound()).isTrue();
        TestLog other = new TestLog(Files.createDirectory(home.resolve("other")), log.log.origin);
        PriorKnowledge wrong = new PriorKnowledge(Map.of(log.log.origin, other.signer.verifier()), Map.of());
        assertThat(verify(archive, wrong).fault().orElseThrow().what()).contains("pinned");
        TestLog elsewhere = new TestLog(home.resolve("elsewhere"), "localhost/audit/2026w47");
        PriorKnowledge another = new PriorKnowledge(Map.of(elsewhere.origin, elsewhere.signer.verifier()), Map.of());
        assertThat(verify(archive, another).fault().orElseThrow().what()).contains("not pinned");
        PriorKnowledge witnessed = new PriorKnowledge(
                Map.of(),
                Map.of(),
                List.of(CosignatureVerifier.of(
                        "witness.example.com/w1", TestLog.key().getPublic())));
        assertThat(verify(archive, witnessed).fault().orElseThrow().what()).contains("not cosigned");
        String vkey = log.log.signer.verifier().toString();
        assertThat(faultWith(0, vkey, other.signer.verifier().toString()).what())
                .contains("not signed by its key");
    }

    private static PriorKnowledge second(String origin) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
        return new PriorKnowledge(
                Map.of(), Map.of(), List.of(), Map.of(origin, CosignatureVerifier.of(origin, pair.getPublic())));
    }

    @Test
    void verifyWhenThereIsNoEntryThenWhatWasAskedForIsStillChecked() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ArchiveWriter writer = new ArchiveWriter(out);
        writer.begin(Instant.parse("2026-11-26T10:00:00Z"), Map.of("type", "all"), List.of(log.archived()));
        assertThat(writer.end()).isZero();
        byte[] empty = out.toByteArray();
        assertThat(verify(empty, PriorKnowledge.NONE).sound()).isTrue();
        TestLog elsewhere = new TestLog(home.resolve("elsewhere"), "localhost/audit/2026w47");
        PriorKnowledge another = new PriorKnowledge(Map.of(elsewhere.origin, elsewhere.signer.verifier()), Map.of());
        assertThat(verify(empty, another).fault().orElseThrow().what()).contains("pinned");
        PriorKnowledge witnessed = new PriorKnowledge(
                Map.of(),
                Map.of(),
                List.of(CosignatureVerifier.of(
                        "witness.example.com/w1", TestLog.key().getPublic())));
        assertThat(verify(empty, witnessed).fault().orElseThrow().what()).contains("cosigned");
        assertThat(verify(empty, second(elsewhere.origin)).fault().orElseThrow().what())
                .isEqualTo("none of its logs is one whose second key is pinned");
        assertThat(verify(empty, second(log.log.origin)).fault().orElseThrow().what())
                .isEqualTo("the checkpoint of " + log.log.origin + " is not signed by " + log.log.origin
                        + " with ML-DSA-44");
    }
}
