package dev.postern.vault;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.vault.VaultMetrics.Operation;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.vault.core.VaultOperations;
import org.springframework.vault.support.VaultResponse;
import org.springframework.vault.support.VaultToken;

/// Calls to the server: typed failures, one more try with a new token after a revoked one, meters. No call is ever
/// repeated for another reason: the caller decides.
///
/// Safe for any thread.
final class VaultLink {
    private final VaultOperations vault;
    private final VaultSession session;
    private final VaultCondition condition;
    private final VaultMetrics metrics;

    VaultLink(VaultOperations vault, VaultSession session, VaultCondition condition, VaultMetrics metrics) {
        this.vault = vault;
        this.session = session;
        this.condition = condition;
        this.metrics = metrics;
    }

    /// What is at a path; empty if nothing is.
    Optional<Map<String, Object>> read(Operation operation, String path) {
        try {
            return Optional.ofNullable(call(operation, () -> vault.read(path))).map(VaultResponse::getData);
        } catch (VaultRejected rejected) {
            throw unexpected(rejected);
        }
    }

    /// What the server answered; empty where it answers nothing.
    ///
    /// @throws VaultRejected if the server finds fault with the request
    Map<String, Object> write(Operation operation, String path, Map<String, ?> body) throws VaultRejected {
        VaultResponse answer = call(operation, () -> vault.write(path, body));
        Map<String, Object> data = answer == null ? null : answer.getData();
        return data == null ? Map.of() : data;
    }

    /// For a request that no input of a caller can make wrong.
    static KeyManagementException unexpected(VaultRejected rejected) {
        return rejected.getCause() instanceof RuntimeException failure
                ? VaultFailure.of(failure)
                : new KeyManagementException(Reason.UNAVAILABLE, "The Vault rejected a request.", rejected);
    }

    /// One member of an answer.
    ///
    /// @throws KeyManagementException if it is not there
    static String text(Map<String, Object> answer, String name) {
        if (answer.get(name) instanceof String text) {
            return text;
        }
        throw new KeyManagementException(Reason.UNAVAILABLE, "The Vault's answer has no " + name + ".");
    }

    static int number(Map<String, Object> answer, String name) {
        if (answer.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw new KeyManagementException(Reason.UNAVAILABLE, "The Vault's answer has no " + name + ".");
    }

    private @Nullable VaultResponse call(Operation operation, Supplier<@Nullable VaultResponse> attempt)
            throws VaultRejected {
        long start = System.nanoTime();
        String outcome = "success";
        try {
            return withToken(attempt);
        } catch (KeyManagementException noToken) {
            outcome = VaultMetrics.tag(noToken.reason());
            throw noToken;
        } catch (RuntimeException e) {
            if (VaultFailure.rejected(e)) {
                outcome = "rejected";
                condition.answered();
                throw new VaultRejected(e);
            }
            KeyManagementException failure = VaultFailure.of(e);
            outcome = VaultMetrics.tag(failure.reason());
            if (failure.reason() != Reason.DENIED) {
                // Refused credentials are the session's to report; a policy that refuses one path is no trouble of all.
                condition.failed(failure.reason());
            }
            throw failure;
        } finally {
            metrics.call(operation, outcome, System.nanoTime() - start);
        }
    }

    private @Nullable VaultResponse withToken(Supplier<@Nullable VaultResponse> attempt) {
        VaultToken token = session.getSessionToken();
        try {
            VaultResponse answer = attempt.get();
            condition.answered();
            return answer;
        } catch (KeyManagementException noToken) {
            throw noToken;
        } catch (RuntimeException e) {
            if (VaultFailure.found(e, 403) && session.replaced(token)) {
                return attempt.get();
            }
            throw e;
        }
    }
}
