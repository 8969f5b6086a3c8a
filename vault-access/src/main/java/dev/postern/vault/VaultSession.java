package dev.postern.vault;

import dev.postern.kms.KeyManagementException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.LoginToken;
import org.springframework.vault.authentication.SessionManager;
import org.springframework.vault.client.VaultHttpHeaders;
import org.springframework.vault.support.VaultResponse;
import org.springframework.vault.support.VaultToken;
import org.springframework.web.client.RestClient;

/// This process' token at the Vault: obtained, looked at every few seconds, renewed at half of its life, replaced when
/// it is near its end or was revoked. Spring Vault's own session gives up after one failed renewal, without back-off.
///
/// Guarantees: a failure keeps the token for as long as it is good and is tried again with doubling pauses and jitter;
/// credentials are read again for each login, so that exchanged ones serve without a restart; after refused ones the
/// server is not asked more often than the pause says, whoever calls. Not guaranteed: that a revoked token is noticed
/// before the next look.
///
/// Safe for any thread: one lock is held around each conversation with the server about the token.
final class VaultSession implements SessionManager, AutoCloseable {
    private static final Logger LOG = System.getLogger(VaultSession.class.getName());
    private static final String LOOK_UP = "auth/token/lookup-self";
    private static final String RENEW = "auth/token/renew-self";
    private static final String REVOKE = "auth/token/revoke-self";

    /// @param life from issue or renewal on; nothing for a token without an end
    private record Held(VaultToken token, Instant from, Optional<Duration> life, boolean renewable, Instant renewAt) {
        Instant end() {
            return life.map(from::plus).orElse(Instant.MAX);
        }
    }

    private final ClientAuthentication credentials;
    private final RestClient client;
    private final VaultCondition condition;
    private final VaultMetrics metrics;
    private final Duration probe;
    private final Clock clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService scheduler;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Held held;
    private int failures;
    private Instant nextTry = Instant.MIN;
    private @Nullable KeyManagementException refusal;

    private VaultSession(
            ClientAuthentication credentials,
            RestClient client,
            VaultCondition condition,
            VaultMetrics metrics,
            Duration probe,
            Clock clock,
            RandomGenerator random,
            ScheduledExecutorService scheduler) {
        this.credentials = credentials;
        this.client = client;
        this.condition = condition;
        this.metrics = metrics;
        this.probe = probe;
        this.clock = clock;
        this.random = random;
        this.scheduler = scheduler;
    }

    /// Logs in: a service that cannot does not start.
    ///
    /// @param client speaks to the server without a token
    /// @param probe how often to look after the token and the server, and the longest pause after failures
    /// @param scheduler closed with the session
    /// @throws KeyManagementException with one sentence
    static VaultSession open(
            ClientAuthentication credentials,
            RestClient client,
            VaultCondition condition,
            VaultMetrics metrics,
            Duration probe,
            Clock clock,
            RandomGenerator random,
            ScheduledExecutorService scheduler) {
        VaultSession session =
                new VaultSession(credentials, client, condition, metrics, probe, clock, random, scheduler);
        session.getSessionToken();
        session.schedule(SessionPace.spread(probe, random));
        return session;
    }

    /// @throws KeyManagementException if there is none and none can be had
    @Override
    public VaultToken getSessionToken() {
        Held present = held;
        return present != null && clock.instant().isBefore(present.end()) ? present.token() : login();
    }

    /// To be asked after a refusal (403): whether another try makes sense, because the token had been revoked and there
    /// is a new one. A token that is good means that the policy refuses.
    boolean replaced(VaultToken refused) {
        lock.lock();
        try {
            Held present = held;
            if (present == null || !present.token().equals(refused)) {
                return true;
            }
            if (looksGood(present)) {
                return false;
            }
            held = null;
            login();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// When the token ends; nothing for one without an end. The past if there is none.
    Optional<Instant> end() {
        Held present = held;
        return present == null ? Optional.of(Instant.MIN) : present.life().map(_ -> present.end());
    }

    /// Gives the token back.
    @Override
    public void close() {
        scheduler.shutdownNow();
        lock.lock();
        try {
            Held present = held;
            held = null;
            if (present != null) {
                post(REVOKE, present.token());
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the token was not given back; it ends by itself", e);
        } finally {
            lock.unlock();
        }
    }

    private VaultToken login() {
        lock.lock();
        try {
            Instant now = clock.instant();
            Held present = held;
            if (present != null && now.isBefore(present.end())) {
                return present.token();
            }
            KeyManagementException last = refusal;
            if (last != null && now.isBefore(nextTry)) {
                // A new exception: its trace is the caller's.
                throw new KeyManagementException(last.reason(), String.valueOf(last.getMessage()), last);
            }
            return hold(logIn()).token();
        } finally {
            lock.unlock();
        }
    }

    private VaultToken logIn() {
        try {
            VaultToken token = credentials.login();
            metrics.login("success");
            refusal = null;
            failures = 0;
            condition.answered();
            return token;
        } catch (RuntimeException e) {
            KeyManagementException failure = VaultFailure.ofLogin(e);
            metrics.login(VaultMetrics.tag(failure.reason()));
            refusal = failure;
            throw noted(failure);
        }
    }

    private Held hold(VaultToken token) {
        Optional<Duration> life = Optional.empty();
        boolean renewable = false;
        if (token instanceof LoginToken login) {
            life = Optional.of(login.getLeaseDuration()).filter(Duration::isPositive);
            renewable = login.isRenewable();
        }
        Instant now = clock.instant();
        Held fresh = new Held(
                token,
                now,
                life,
                renewable,
                life.map(span -> SessionPace.renewal(now, span, random)).orElse(Instant.MAX));
        held = fresh;
        return fresh;
    }

    /// One look: at the token, and through it at the server. Never throws: it runs on the scheduler.
    private void look() {
        Duration pause = SessionPace.spread(probe, random);
        lock.lock();
        try {
            Held present = held;
            if (present == null || !clock.instant().isBefore(present.end())) {
                held = null;
                login();
            } else if (!clock.instant().isBefore(present.renewAt())) {
                renew(present);
            } else if (!looksGood(present)) {
                held = null;
                login();
            }
            failures = 0;
            condition.answered();
            Held now = held;
            if (now != null && now.renewAt().isBefore(clock.instant().plus(pause))) {
                pause = until(now.renewAt());
            }
        } catch (KeyManagementException _) {
            pause = until(nextTry);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "looking after the Vault token failed by a bug", bug);
        } finally {
            lock.unlock();
            schedule(pause);
        }
    }

    private Duration until(Instant moment) {
        Duration left = Duration.between(clock.instant(), moment);
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    /// Whether the server knows the token.
    ///
    /// @throws KeyManagementException if it cannot say
    private boolean looksGood(Held present) {
        try {
            var _ = client.get()
                    .uri(LOOK_UP)
                    .headers(headers -> headers.addAll(VaultHttpHeaders.from(present.token())))
                    .retrieve()
                    .toBodilessEntity();
            return true;
        } catch (RuntimeException e) {
            if (VaultFailure.found(e, 403)) {
                return false;
            }
            throw noted(VaultFailure.of(e));
        }
    }

    /// Renews, or logs in again where that no longer lengthens the life much (the token nears its longest life), or is
    /// refused.
    private void renew(Held present) {
        if (present.renewable()) {
            try {
                VaultResponse answer = post(RENEW, present.token());
                Map<String, Object> auth = answer == null || answer.getAuth() == null ? Map.of() : answer.getAuth();
                Duration next = auth.get("lease_duration") instanceof Number seconds
                        ? Duration.ofSeconds(seconds.longValue())
                        : Duration.ZERO;
                if (next.compareTo(present.life().orElse(Duration.ZERO).dividedBy(2)) > 0) {
                    metrics.renewal("success");
                    hold(LoginToken.renewable(present.token(), next));
                    return;
                }
                metrics.renewal("exhausted");
            } catch (RuntimeException e) {
                if (!VaultFailure.found(e, 403) && !VaultFailure.rejected(e)) {
                    KeyManagementException failure = VaultFailure.of(e);
                    metrics.renewal(VaultMetrics.tag(failure.reason()));
                    throw noted(failure);
                }
                metrics.renewal("denied");
            }
        }
        hold(logIn());
    }

    private @Nullable VaultResponse post(String path, VaultToken token) {
        return client.post()
                .uri(path)
                .headers(headers -> headers.addAll(VaultHttpHeaders.from(token)))
                .body(Map.of())
                .retrieve()
                .body(VaultResponse.class);
    }

    private KeyManagementException noted(KeyManagementException failure) {
        condition.failed(failure.reason());
        nextTry = clock.instant().plus(SessionPace.backOff(++failures, probe, random));
        return failure;
    }

    private void schedule(Duration pause) {
        try {
            var _ = scheduler.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // Closed meanwhile.
        }
    }
}
