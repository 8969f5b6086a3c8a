package dev.postern.redact.name;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The hash functions of the model. A change makes models unreadable.
final class Hashes {
    private Hashes() {}

    static int of(CharSequence text, int from, int to) {
        int hash = 0x811C9DC5;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * 0x01000193;
        }
        return mix(hash);
    }

    static int of(CharSequence text) {
        return of(text, 0, text.length());
    }

    /// Of words that are parted by one blank each.
    static Set<Integer> ofWords(String words) {
        return Stream.of(words.split(" ")).map(Hashes::of).collect(Collectors.toUnmodifiableSet());
    }

    static int join(int left, int right) {
        return mix(left * 0x9E3779B1 + right);
    }

    static int mix(int value) {
        int hash = value;
        hash ^= hash >>> 16;
        hash *= 0x7FEB352D;
        hash ^= hash >>> 15;
        hash *= 0x846CA68B;
        hash ^= hash >>> 16;
        return hash;
    }
}
