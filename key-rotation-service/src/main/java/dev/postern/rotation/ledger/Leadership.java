package dev.postern.rotation.ledger;

import java.util.OptionalLong;

/// Who of several processes may write the ledger.
///
/// Guarantee that is asked for: no two processes ever get the same fence. Not asked for: that nobody writes with an old
/// one; the ledger refuses that itself.
@FunctionalInterface
public interface Leadership {
    /// This process's fence, greater than `stored`, if it leads now. Never blocks; asked several times a second.
    ///
    /// @param stored the highest fence that the ledger has seen
    OptionalLong fence(long stored);

    /// One process without others to agree with. It takes the ledger over when it starts: a process that was forgotten
    /// is fenced out by the next one.
    static Leadership alone() {
        return new Leadership() {
            private long mine = -1;

            @Override
            public OptionalLong fence(long stored) {
                if (mine < 0) {
                    mine = stored + 1;
                }
                return OptionalLong.of(mine);
            }
        };
    }
}
