package dev.postern.auditing.ingest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What an acknowledgement says of every event of a batch.
enum AckLevel {
    /// On disk, with its place for ever.
    SEQUENCED,
    /// Under a checkpoint, and found by queries.
    PUBLISHED,
    /// Under a checkpoint that every witness cosigned.
    WITNESSED;

    /// The level of that name, in lower case.
    static Optional<AckLevel> of(String name) {
        return Arrays.stream(values())
                .filter(level -> level.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
