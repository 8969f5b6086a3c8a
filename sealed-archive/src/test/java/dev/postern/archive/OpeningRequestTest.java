package dev.postern.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.archive.OpeningRequest.Body;
import dev.postern.archive.OpeningRequest.Entry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OpeningRequestTest {
    private static final Entry ONE = new Entry("spiffe://a/relay", "1", "AA==");
    private static final Entry TWO = new Entry("spiffe://a/relay", "2", "AQ==");

    private static final Body FIRST = new Body("c-1 r-1 demo acme request", "AAAA");
    private static final Body SECOND = new Body("c-2 r-1 demo acme answer", "BBBB");

    private static String digest(String requester, String reason, String recipient, Entry... entries) {
        return new OpeningRequest(requester, reason, recipient, List.of(entries), List.of(FIRST)).digest();
    }

    private static String digest(Body... bodies) {
        return new OpeningRequest("alice", "incident 7", "key", List.of(ONE), List.of(bodies)).digest();
    }

    /// Custodians' tools compute it too.
    @Test
    void digestWhenOfThisRequestThenIsSha256OfThisText() throws Exception {
        String text = """
                {"captures":[{"body":"AAAA","label":"c-1 r-1 demo acme request"}],\
                "events":[{"id":"1","leaf":"AA==","source":"spiffe://a/relay"}],"form":"postern-opening-2",\
                "reason":"incident 7","recipient":"key","requester":"alice"}""";
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        assertThat(digest(FIRST)).isEqualTo(HexFormat.of().formatHex(sha256));
    }

    @Test
    void digestWhenOfTheSameThenIsTheSameInAnyOrder() {
        assertThat(digest("alice", "incident 7", "key", ONE, TWO))
                .matches("[0-9a-f]{64}")
                .isEqualTo(digest("alice", "incident 7", "key", TWO, ONE));
        assertThat(digest(FIRST, SECOND)).isEqualTo(digest(SECOND, FIRST));
    }

    @Test
    void digestWhenAnythingDiffersThenIsAnother() {
        assertThat(Stream.of(
                        digest("alice", "incident 7", "key", ONE),
                        digest("bob", "incident 7", "key", ONE),
                        digest("alice", "incident 8", "key", ONE),
                        digest("alice", "incident 7", "another", ONE),
                        digest("alice", "incident 7", "key", TWO),
                        digest("alice", "incident 7", "key", ONE, TWO),
                        digest("alice", "incident 7", "key", new Entry(ONE.source(), ONE.id(), TWO.leaf()))))
                .doesNotHaveDuplicates();
    }

    /// The events could be of another body: what custodians give a share of is in it by itself.
    @Test
    void digestWhenABodyDiffersThenIsAnother() {
        assertThat(Stream.of(
                        digest(FIRST),
                        digest(SECOND),
                        digest(FIRST, SECOND),
                        digest(new Body(FIRST.label(), SECOND.id())),
                        digest(new Body(SECOND.label(), FIRST.id()))))
                .doesNotHaveDuplicates();
    }

    @Test
    void requestWhenOfNoBodyOneTwiceOrTooManyThenIsRefused() {
        assertThatThrownBy(() -> digest(new Body[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> digest(FIRST, new Body(FIRST.label(), "CCCC")))
                .isInstanceOf(IllegalArgumentException.class);
        Body[] many = IntStream.rangeClosed(0, OpeningRequest.MOST_BODIES)
                .mapToObj(i -> new Body("c-" + i, "AAAA"))
                .toArray(Body[]::new);
        assertThatThrownBy(() -> digest(many)).isInstanceOf(IllegalArgumentException.class);
        assertThat(digest(Arrays.copyOf(many, OpeningRequest.MOST_BODIES))).hasSize(64);
    }

    @Test
    void requestWhenWithoutReasonOrOfTooManyEntriesThenIsRefused() {
        for (String reason : new String[] {"", "   ", "two\nlines", "x".repeat(201)}) {
            assertThatThrownBy(() -> digest("alice", reason, "key", ONE)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> digest("alice", "why", "key")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new OpeningRequest("alice", "why", "key", Collections.nCopies(101, ONE), List.of(FIRST)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
