package dev.postern.audit.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {

    @TempDir
    Path directory;

    private Spool open() throws IOException {
        return open(directory, 4096);
    }

    private static Spool open(Path directory, int segmentBytes) throws IOException {
        return Spool.open(new SpoolSettings(directory, segmentBytes, 1 << 20), new Random(7));
    }

    private static SpoolEntry entry(String text) {
        return number -> (number.sequence() + " " + text).getBytes(StandardCharsets.UTF_8);
    }

    /// In groups, so that files begin anew between them.
    private static void append(Spool spool, int count) {
        for (int group = 0; group < count; group += 20) {
            IntStream.range(group, Math.min(count, group + 20))
                    .mapToObj(i -> spool.append(entry("entry " + i + " " + "x".repeat(i % 90))))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    private static List<Long> numbers(Spool spool) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (SpoolReader reader = spool.reader()) {
            List<StoredEntry> entries = reader.next(7, 300);
            while (!entries.isEmpty()) {
                for (StoredEntry entry : entries) {
                    assertThat(new String(entry.payload(), StandardCharsets.UTF_8))
                            .startsWith(entry.sequence() + " ");
                    numbers.add(entry.sequence());
                }
                entries = reader.next(7, 300);
            }
        }
        return numbers;
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".spool"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void entriesComeBackInOrderAcrossRestartsAndSegments() throws IOException {
        for (int run = 0; run < 3; run++) {
            try (Spool spool = open()) {
                append(spool, 200);
                assertThat(numbers(spool)).isEqualTo(range(1, 200L * (run + 1)));
            }
        }
        assertThat(segments()).hasSizeGreaterThan(3);
    }

    @Test
    void aReaderFollowsTheWriter() throws Exception {
        try (Spool spool = open();
                SpoolReader reader = spool.reader()) {
            List<Long> read = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                append(spool, 1);
                assertThat(spool.awaitAfter(reader.position(), 10, TimeUnit.SECONDS))
                        .isTrue();
                reader.next(10, 1000).forEach(entry -> read.add(entry.sequence()));
            }
            assertThat(read).isEqualTo(range(1, 300));
            assertThat(spool.awaitAfter(300, 0, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void acknowledgedEntriesDoNotComeBackAndTheirFilesGo() throws IOException {
        try (Spool spool = open()) {
            append(spool, 500);
            int before = segments().size();
            spool.acknowledge(350);
            assertThat(segments()).hasSizeLessThan(before);
        }
        try (Spool spool = open()) {
            assertThat(numbers(spool)).isEqualTo(range(351, 500));
            spool.acknowledge(500);
        }
        try (Spool spool = open()) {
            assertThat(segments()).isEmpty();
            append(spool, 2);
            assertThat(numbers(spool)).isEqualTo(range(501, 502));
            assertThat(spool.progress())
                    .isEqualTo(new SpoolProgress(502, 500, spool.progress().bytes(), true));
        }
    }

    /// Every length a crash can leave the last file at: what was on disk before stays, nothing is invented, numbers go
    /// on.
    @Test
    void killAtEveryByteOfTheTail(@TempDir Path copies) throws IOException {
        List<Long> ends = new ArrayList<>();
        byte[] whole;
        Path segment;
        try (Spool spool = open()) {
            for (int i = 0; i < 5; i++) {
                append(spool, 1);
                ends.add(spool.progress().bytes());
            }
            segment = segments().getLast();
            whole = Files.readAllBytes(segment);
            assertThat(ends.getLast()).isEqualTo(whole.length);
        }
        for (int length = 0; length <= whole.length; length++) {
            Path copy = Files.createDirectory(copies.resolve("at" + length));
            Files.copy(directory.resolve("state"), copy.resolve("state"));
            Files.write(copy.resolve(segment.getFileName()), Arrays.copyOf(whole, length));
            int cut = length;
            long survived = ends.stream().filter(end -> end <= cut).count();
            try (Spool spool = open(copy, 4096)) {
                assertThat(spool.missing()).isEmpty();
                assertThat(numbers(spool)).isEqualTo(range(1, survived));
                append(spool, 1);
                assertThat(numbers(spool)).isEqualTo(range(1, survived + 1));
            }
            try (Spool spool = open(copy, 4096)) {
                assertThat(spool.missing()).isEmpty();
                assertThat(numbers(spool)).isEqualTo(range(1, survived + 1));
            }
        }
    }

    @Test
    void damageInTheMiddleIsReportedAndKeptAndTheRestGoesOn() throws IOException {
        try (Spool spool = open()) {
            append(spool, 40);
        }
        Path segment = segments().getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);

        try (Spool spool = open()) {
            assertThat(spool.missing()).singleElement().satisfies(range -> {
                assertThat(range.first()).isEqualTo(range.last());
                List<Long> rest = new ArrayList<>(range(1, 40));
                rest.remove(range.first());
                assertThat(numbers(spool)).isEqualTo(rest);
            });
            append(spool, 1);
            assertThat(numbers(spool)).hasSize(40).contains(41L);
        }
        assertThat(directory.resolve("quarantine").resolve(segment.getFileName()))
                .hasBinaryContent(bytes);
        try (Spool spool = open()) {
            assertThat(numbers(spool)).hasSize(40);
        }
    }

    @Test
    void aFlippedBitAnywhereLosesOneEntryAtMost(@TempDir Path copies) throws IOException {
        try (Spool spool = open()) {
            append(spool, 3);
        }
        byte[] whole = Files.readAllBytes(segments().getFirst());
        for (int i = 0; i < whole.length; i++) {
            Path copy = Files.createDirectory(copies.resolve("bit" + i));
            byte[] flipped = whole.clone();
            flipped[i] ^= 4;
            Files.write(copy.resolve(segments().getFirst().getFileName()), flipped);
            try (Spool spool = open(copy, 4096)) {
                List<Long> left = numbers(spool);
                assertThat(left).hasSize(2).isSubsetOf(range(1, 3));
                boolean lastOne = left.equals(range(1, 2));
                assertThat(spool.missing()).hasSize(lastOne ? 0 : 1);
            }
        }
    }

    @Test
    void aLostFileIsReported() throws IOException {
        try (Spool spool = open()) {
            append(spool, 300);
        }
        Files.delete(segments().get(1));
        try (Spool spool = open()) {
            assertThat(spool.missing()).hasSize(1);
            MissingRange lost = spool.missing().getFirst();
            List<Long> left = numbers(spool);
            assertThat(left)
                    .hasSize((int) (300 - (lost.last() - lost.first() + 1)))
                    .doesNotContainAnyElementsOf(range(lost.first(), lost.last()));
        }
    }

    @Test
    void lostStateRedeliversButNeverReusesNumbers() throws IOException {
        try (Spool spool = open()) {
            append(spool, 10);
            spool.acknowledge(4);
        }
        Files.writeString(directory.resolve("state"), "rubbish");
        try (Spool spool = open()) {
            assertThat(numbers(spool)).isEqualTo(range(1, 10));
            append(spool, 1);
            assertThat(numbers(spool)).isEqualTo(range(1, 11));
        }
    }

    @Test
    void numbersStartAgainOnlyUnderAnotherSpoolName() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (Spool spool = Spool.open(new SpoolSettings(directory, 4096, 1 << 20), new Random(i))) {
                spool.append(number -> {
                            names.add(number.spool());
                            return new byte[] {(byte) number.sequence()};
                        })
                        .join();
                spool.acknowledge(1);
            }
            if (i == 0) {
                for (Path segment : segments()) {
                    Files.delete(segment);
                }
                Files.delete(directory.resolve("state"));
            }
        }
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[0-9a-f]{16}"));
    }

    @Test
    void oneProcessAtATime() throws IOException {
        try (Spool _ = open()) {
            assertThatIOException().isThrownBy(this::open).withMessageContaining("another process");
        }
        open().close();
    }

    @Test
    void manyWaitForOneForce() throws Exception {
        AtomicInteger forces = new AtomicInteger();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        try (Spool spool = Spool.open(
                new SpoolSettings(directory, 1 << 20, 1 << 21),
                new Random(1),
                file -> new Faulty(file, () -> {
                    forces.incrementAndGet();
                    gate.join();
                }))) {
            List<CompletableFuture<Void>> all = IntStream.range(0, 1000)
                    .mapToObj(i -> spool.append(entry("e" + i)))
                    .toList();
            assertThat(all).noneMatch(CompletableFuture::isDone);
            gate.complete(null);
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
            assertThat(forces.get()).isBetween(1, 3);
        }
    }

    /// Whoever appends wakes the writer, or knows that it looks by itself: an entry that is forgotten would wait for
    /// ever.
    @Test
    void entriesOfManyThreadsWhetherUrgentOrNotAllComeToTheDisk() throws Exception {
        int threads = 4;
        int each = 400;
        long all = (long) threads * each;
        try (Spool spool = open(directory, 1 << 20);
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                running.add(executor.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        CompletableFuture<Void> done = (i + number) % 3 == 0
                                ? spool.append(entry("at once"))
                                : spool.appendSoon(entry("soon"));
                        if (i % 7 == number) {
                            assertThat(done).succeedsWithin(Duration.ofSeconds(10));
                        }
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertThat(spool.appendSoon(entry("the last"))).succeedsWithin(Duration.ofSeconds(10));
            assertThat(spool.progress().durable()).isEqualTo(all + 1);
            assertThat(numbers(spool)).isEqualTo(range(1, all + 1));
        }
    }

    @Test
    void anEntryThatIsNotUrgentComesToTheDiskByItself() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 20; i++) {
                assertThat(spool.appendSoon(entry("soon"))).succeedsWithin(Duration.ofSeconds(10));
            }
            assertThat(numbers(spool)).isEqualTo(range(1, 20));
        }
    }

    @Test
    void aFailedForceFailsEverythingFromThenOn() throws IOException {
        AtomicInteger forces = new AtomicInteger();
        try (Spool spool = Spool.open(
                new SpoolSettings(directory, 4096, 1 << 20),
                new Random(1),
                file -> new Faulty(file, () -> {
                    if (forces.incrementAndGet() == 3) {
                        throw new IOException("EIO");
                    }
                }))) {
            append(spool, 1);
            append(spool, 1);
            for (int i = 0; i < 3; i++) {
                assertThat(refusal(spool)).isEqualTo(SpoolUnavailable.Reason.FAILED);
            }
            assertThat(spool.progress().writable()).isFalse();
            assertThat(numbers(spool)).isEqualTo(range(1, 2));
        }
        assertThat(forces.get()).isEqualTo(3);
    }

    @Test
    void aFullSpoolRefusesUntilItsEntriesAreDelivered() throws IOException {
        try (Spool spool = Spool.open(new SpoolSettings(directory, 4096, 8192), new Random(1))) {
            while (spool.progress().bytes() < 8192) {
                append(spool, 10);
            }
            assertThat(refusal(spool)).isEqualTo(SpoolUnavailable.Reason.FULL);
            spool.acknowledge(spool.progress().durable());
            append(spool, 1);
        }
    }

    @Test
    void afterCloseNothingIsTakenAndEverythingTakenIsThere() throws IOException {
        Spool spool = open();
        List<CompletableFuture<Void>> all = IntStream.range(0, 100)
                .mapToObj(i -> spool.append(entry("e" + i)))
                .toList();
        spool.close();
        assertThat(all).allMatch(done -> done.isDone() && !done.isCompletedExceptionally());
        assertThat(refusal(spool)).isEqualTo(SpoolUnavailable.Reason.CLOSED);
        try (Spool again = open()) {
            assertThat(numbers(again)).isEqualTo(range(1, 100));
        }
    }

    @Test
    void anEntryThatCannotBeEncodedFailsAlone() throws IOException {
        try (Spool spool = open()) {
            assertThat(spool.append(_ -> new byte[0])).failsWithin(Duration.ofSeconds(10));
            append(spool, 1);
            assertThat(numbers(spool)).isEqualTo(range(1, 1));
        }
    }

    @Test
    void aFrameLooksLikeThis() {
        ByteBuffer out = ByteBuffer.allocate(64);
        new Frame(1, new byte[] {0x61}).put(out);
        assertThat(HexFormat.of().formatHex(out.array(), 0, out.position()))
                .isEqualTo("00000001f7025657000000000000000161");
    }

    private static SpoolUnavailable.Reason refusal(Spool spool) {
        CompletableFuture<Void> refused = spool.append(entry("refused"));
        assertThatExceptionOfType(CompletionException.class).isThrownBy(refused::join);
        return refused.exceptionNow() instanceof SpoolUnavailable unavailable
                ? unavailable.reason()
                : fail("another exception");
    }

    /// A file whose force does something else first.
    private static final class Faulty implements SegmentChannel {

        @FunctionalInterface
        interface BeforeForce {
            void run() throws IOException;
        }

        private final SegmentChannel file;
        private final BeforeForce before;

        Faulty(Path path, BeforeForce before) throws IOException {
            this.file = SegmentChannel.file(path);
            this.before = before;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            file.write(bytes);
        }

        @Override
        public void force() throws IOException {
            before.run();
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
