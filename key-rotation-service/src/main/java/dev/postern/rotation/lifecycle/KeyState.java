package dev.postern.rotation.lifecycle;

import java.time.Instant;
import java.util.Locale;

/// Where a key stands. The transitions:
///
/// ```
/// Prepared --Activate--> Active --Retire--> Retiring --Destroy--> Destroyed
///     \_______________Retire_______________/
/// Prepared, Active, Retiring, Destroyed --Compromise--> Compromised
/// ```
///
/// Nothing leads out of Compromised, and nothing but Compromise out of Destroyed.
public sealed interface KeyState {
    Instant since();

    /// Listed, so that everybody who verifies knows it before it is used.
    ///
    /// @param version the first directory version that holds the key
    record Prepared(Instant since, long version) implements KeyState {}

    /// Is used for what is new.
    record Active(Instant since) implements KeyState {}

    /// Verifies or opens what it made, and makes nothing any more.
    record Retiring(Instant since, Instant until) implements KeyState {}

    /// Good for nothing; remembered for a while so that its id cannot come back.
    record Destroyed(Instant since) implements KeyState {}

    /// Good for nothing, and nothing that it ever made counts.
    record Compromised(Instant since) implements KeyState {}

    /// As the directory and the audit log spell it.
    default String label() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /// Whether anybody may still use the key for anything.
    default boolean usable() {
        return switch (this) {
            case Prepared _, Active _, Retiring _ -> true;
            case Destroyed _, Compromised _ -> false;
        };
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
                    case KeyEvent.Compromise compromise -> new Compromised(compromise.at());
                    case KeyEvent.Destroy _ -> throw new IllegalTransition(this, event);
                };
            case Active _ ->
                switch (event) {
                    case KeyEvent.Retire retire -> new Retiring(retire.at(), retire.until());
                    case KeyEvent.Compromise compromise -> new Compromised(compromise.at());
                    case KeyEvent.Activate _, KeyEvent.Destroy _ -> throw new IllegalTransition(this, event);
                };
            case Retiring retiring ->
                switch (event) {
                    case KeyEvent.Destroy destroy
                    when !destroy.at().isBefore(retiring.until()) -> new Destroyed(destroy.at());
                    case KeyEvent.Compromise compromise -> new Compromised(compromise.at());
                    case KeyEvent.Activate _, KeyEvent.Retire _, KeyEvent.Destroy _ ->
                        throw new IllegalTransition(this, event);
                };
            case Destroyed _ ->
                switch (event) {
                    case KeyEvent.Compromise compromise -> new Compromised(compromise.at());
                    case KeyEvent.Activate _, KeyEvent.Retire _, KeyEvent.Destroy _ ->
                        throw new IllegalTransition(this, event);
                };
            case Compromised _ -> throw new IllegalTransition(this, event);
        };
    }
}
