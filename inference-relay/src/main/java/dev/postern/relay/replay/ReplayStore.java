package dev.postern.relay.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// What all replicas remember together of the frames of sealed sessions. Thread-safe; never blocks its callers.
///
/// Guarantee: of one session, epoch and number, one mark says fresh, whoever asks; and only who holds the session's
/// fence may mark at all. Non-guarantee: that it can be asked. The owner's memory comes first, and a replay is refused
/// there whatever the store says.
public interface ReplayStore {
    /// Makes the caller the one owner of a session, from the next mark on.
    ///
    /// @param life after which nothing is remembered of it
    /// @return its fence
    Fence own(String session, Duration life);

    /// As [#own], by who took `last` before: a store that still knows one of its earlier fences has forgotten, and is
    /// nobody else's.
    Fence ownAnew(String session, Fence last, Duration life);

    /// Marks frames of one epoch, in one step. Never fails.
    CompletionStage<Verdict> mark(Marks marks);

    /// Proof of owning a session.
    ///
    /// @param taken in which of the store's generations; a mark in another may be asked of another store
    /// @param earlier the owner's tokens before this one, the latest first
    record Fence(String token, long taken, List<String> earlier) {
        private static final int MOST_EARLIER = 16;

        public Fence {
            earlier = List.copyOf(earlier);
        }

        /// Those that the next fence of the same owner comes after.
        List<String> history() {
            List<String> all = new ArrayList<>(earlier);
            all.addFirst(token);
            return all.subList(0, Math.min(all.size(), MOST_EARLIER));
        }
    }

    /// What is to be marked.
    ///
    /// @param windowBits how far back a number may lie
    record Marks(String session, Fence fence, int epoch, int windowBits, List<Long> numbers) {
        public Marks {
            numbers = List.copyOf(numbers);
        }
    }

    /// What the store says.
    sealed interface Verdict {
        /// Whether each number, in the order asked, was new.
        record Marked(List<Boolean> fresh) implements Verdict {
            public Marked {
                fresh = List.copyOf(fresh);
            }
        }

        /// It remembers nothing of the session, or perhaps not all: it lost its memory, knows an earlier fence of the
        /// same owner, or may be another than the one that gave the fence.
        record Forgotten() implements Verdict {}

        /// Somebody else owns the session.
        record Fenced() implements Verdict {}

        /// It did not answer.
        record Away() implements Verdict {}
    }
}
