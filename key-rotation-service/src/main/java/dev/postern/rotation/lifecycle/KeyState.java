package dev.postern.rotation.lifecycle;

import java.time.Instant;
import java.util.Locale;

/// Where a key stands. The transitions:
///
/// ```
/// Prepared --Activate--> Active --Retire--> Retiring --Destroy--> Destroyed
///     \_______________Retire_______________/
/// ```
public sealed interface KeyState {
    Instant since();

    /// Published, so that everybody who verifies knows it before it signs.
    ///
    /// @param version the first directory version that holds the key
    record Prepared(Instant since, long version) implements KeyState {}

    /// Signs.
    record Active(Instant since) implements KeyState {}

    /// Verifies what it signed, and signs nothing any more.
    record Retiring(Instant since, Instant until) implements KeyState {}

    /// Verifies nothing; remembered for a while so that its id cannot come back.
    record Destroyed(Instant since) implements KeyState {}

    /// As the directory and the audit log spell it.
    default String label() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /// Whether the directory lists keys in this state.
    default boolean published() {
        return !(this instanceof Destroyed);
    }

    /// The one transition table.
    ///
    /// @throws IllegalTransition for every pair that the table does not name, and for a destruction before its time
    default KeyState after(KeyEvent event) {
        return switch (this) {
            case Prepared _ ->
                switch (event) {
                    case KeyEvent.Activate activate -> new Active(activate.at());
                    case KeyEvent.Retire retire -> new Retiring(retire.at(), retire.until());
                    case KeyEvent.Destroy _ -> throw new IllegalTransition(this, event);
                };
            case Active _ ->
                switch (event) {
                    case KeyEvent.Retire retire -> new Retiring(retire.at(), retire.until());
                    case KeyEvent.Activate _, KeyEvent.Destroy _ -> throw new IllegalTransition(this, event);
                };
            case Retiring retiring ->
                switch (event) {
                    case KeyEvent.Destroy destroy
                    when !destroy.at().isBefore(retiring.until()) -> new Destroyed(destroy.at());
                    case KeyEvent.Activate _, KeyEvent.Retire _, KeyEvent.Destroy _ ->
                        throw new IllegalTransition(this, event);
                };
            case Destroyed _ -> throw new IllegalTransition(this, event);
        };
    }
}
