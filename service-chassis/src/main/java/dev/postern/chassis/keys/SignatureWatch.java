package dev.postern.chassis.keys;

import dev.postern.token.DirectoryKey;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;

/// Whether somebody signs tokens with a key that its owner does not use: with a spare before it is activated, or with a
/// key that retires, or is over, after that began. Only who holds the private key can provoke it.
///
/// A directory that is behind makes an honest signature look so: the owner had its key activated and this process has
/// not heard; the owner has not heard that its key retires. So the key-rotation-service, which knows, has the last
/// word; see `docs/keys.md`. Non-guarantee: a thief who dates tokens back to when the key was in use.
///
/// @param tolerance how far clocks may differ
record SignatureWatch(KeyReports reports, Duration tolerance) implements BiConsumer<DirectoryKey, Instant> {
    @Override
    public void accept(DirectoryKey key, Instant issuedAt) {
        switch (key.state()) {
            case PREPARED -> suspect(key, Trigger.UNEXPECTED_USE, issuedAt);
            case ACTIVE -> {
                if (key.since().filter(issuedAt.plus(tolerance)::isBefore).isPresent()) {
                    suspect(key, Trigger.UNEXPECTED_USE, issuedAt);
                }
            }
            case RETIRING -> {
                if (key.since().filter(issuedAt.minus(tolerance)::isAfter).isPresent()) {
                    suspect(key, Trigger.RETIRED_SIGNATURE, issuedAt);
                }
            }
        }
    }

    private void suspect(DirectoryKey key, Trigger trigger, Instant issuedAt) {
        reports.suspect(new Suspicion("token-signing", key.keyId(), trigger), issuedAt, 1);
    }
}
