package dev.postern.redact.scan;

/// What a stream remembers of the text that it has decided, and of costly checks of the text that it has not. One
/// thread; a few hundred bytes.
public final class Remembered {
    private final Memory[] groups;

    /// @param groups one for each group of rules
    Remembered(Memory[] groups) {
        this.groups = groups;
    }

    /// The decided text is another than before: nothing is known of what stands there.
    public void restart() {
        for (Memory memory : groups) {
            memory.restart();
        }
    }

    Memory of(int group) {
        return groups[group];
    }
}
