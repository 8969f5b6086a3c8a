package dev.postern.redact.scan;

import java.util.List;

/// What a stream remembers of the text that it has decided, and of costly checks of the text that it has not. One
/// thread; a few hundred bytes.
public final class Remembered {
    private final List<Memory> groups;

    /// @param groups one for each group of rules
    Remembered(List<Memory> groups) {
        this.groups = groups;
    }

    /// The decided text is another than before: nothing is known of what stands there.
    public void restart() {
        groups.forEach(Memory::restart);
    }

    Memory of(int group) {
        return groups.get(group);
    }
}
