package dev.postern.vault;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.OptionalInt;
import org.springframework.web.client.RestClientResponseException;

/// Tells the ways apart in which a call can fail, by status and by class, never by text.
final class VaultFailure {
    private VaultFailure() {}

    /// Of a call whose own faults (400 and the like) were handled before.
    static KeyManagementException of(RuntimeException failure) {
        if (failure instanceof KeyManagementException already) {
            return already;
        }
        OptionalInt status = status(failure);
        if (status.isEmpty()) {
            return timedOut(failure)
                    ? new KeyManagementException(Reason.TIMED_OUT, "The Vault did not answer in time.", failure)
                    : new KeyManagementException(Reason.UNAVAILABLE, "The Vault cannot be reached.", failure);
        }
        int code = status.getAsInt();
        if (code == 403) {
            return new KeyManagementException(
                    Reason.DENIED, "The Vault does not allow this service what it asked for: see its policy.", failure);
        }
        if (code == 503) {
            return new KeyManagementException(Reason.SEALED, "The Vault is sealed, or not active yet.", failure);
        }
        String sentence = code >= 500 || code == 429
                ? "The Vault failed with status " + code + "."
                : "The Vault rejected a request with status " + code + ": it is not set up as deploy/vault says.";
        return new KeyManagementException(Reason.UNAVAILABLE, sentence, failure);
    }

    /// Of a login. Wrong or revoked credentials come as 400 or 403.
    static KeyManagementException ofLogin(RuntimeException failure) {
        if (failure instanceof KeyManagementException already) {
            return already;
        }
        OptionalInt status = status(failure);
        if (status.isPresent() && status.getAsInt() < 500 && status.getAsInt() != 429) {
            return new KeyManagementException(
                    Reason.DENIED,
                    "The Vault refused this service's credentials: they are wrong, revoked, or the role is gone.",
                    failure);
        }
        return of(failure);
    }

    static boolean found(RuntimeException failure, int expected) {
        OptionalInt status = status(failure);
        return status.isPresent() && status.getAsInt() == expected;
    }

    /// Whether the server found fault with the request itself.
    static boolean rejected(RuntimeException failure) {
        OptionalInt status = status(failure);
        return status.isPresent()
                && status.getAsInt() >= 400
                && status.getAsInt() < 500
                && status.getAsInt() != 403
                && status.getAsInt() != 429;
    }

    private static OptionalInt status(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientResponseException response) {
                return OptionalInt.of(response.getStatusCode().value());
            }
        }
        return OptionalInt.empty();
    }

    private static boolean timedOut(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
