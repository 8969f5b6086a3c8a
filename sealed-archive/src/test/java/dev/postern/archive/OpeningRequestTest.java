package dev.postern.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.archive.OpeningRequest.Entry;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OpeningRequestTest {
    private static final Entry ONE = new Entry("spiffe://a/relay", "1", "AA==");
    private static final Entry TWO = new Entry("spiffe://a/relay", "2", "AQ==");

    private static String digest(String requester, String reason, String recipient, Entry... entries) {
        return new OpeningRequest(requester, reason, recipient, List.of(entries)).digest();
    }

    /// Of `{"events":[{"id":"1","leaf":"AA==","source":"spiffe://a/relay"}],"form":"postern-opening-1",` and so on:
    /// custodians' tools compute it too.
    @Test
    void digestWhenOfTheSameThenIsTheSameInAnyOrder() {
        assertThat(digest("alice", "incident 7", "key", ONE, TWO))
                .matches("[0-9a-f]{64}")
                .isEqualTo(digest("alice", "incident 7", "key", TWO, ONE));
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

    @Test
    void requestWhenWithoutReasonOrOfTooManyEntriesThenIsRefused() {
        for (String reason : new String[] {"", "   ", "two\nlines", "x".repeat(201)}) {
            assertThatThrownBy(() -> digest("alice", reason, "key", ONE)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> digest("alice", "why", "key")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OpeningRequest("alice", "why", "key", Collections.nCopies(101, ONE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
