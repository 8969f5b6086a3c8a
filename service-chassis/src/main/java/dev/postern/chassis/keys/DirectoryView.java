package dev.postern.chassis.keys;

import dev.postern.token.DirectorySnapshot;
import dev.postern.token.KeyDirectory;
import java.util.Optional;

/// The key directory as an owner of keys sees it: followed over the network, or, in the service that keeps it, looked
/// at.
public interface DirectoryView {
    /// The name of this process in it.
    String instance();

    /// What is in force; nothing while it is not known, or too old to be believed.
    Optional<DirectorySnapshot> snapshot();

    /// Calls back at every change, on a thread that must not be held up.
    void onChange(Runnable listener);

    /// Says that it is about to change.
    void refresh();

    static DirectoryView of(KeyDirectory directory) {
        return new DirectoryView() {
            @Override
            public String instance() {
                return directory.instance();
            }

            @Override
            public Optional<DirectorySnapshot> snapshot() {
                return directory.snapshot();
            }

            @Override
            public void onChange(Runnable listener) {
                directory.onChange(_ -> listener.run());
            }

            @Override
            public void refresh() {
                directory.refresh();
            }
        };
    }
}
