package dev.postern.cli.terminal;

/// The key that usually ends a program: Ctrl-C.
public interface InterruptKey {
    /// As long as this is open the key does something else.
    interface Caught extends AutoCloseable {
        @Override
        void close();
    }

    /// Until the returned value is closed, the key interrupts that thread instead of ending the program.
    Caught interrupting(Thread thread);
}
