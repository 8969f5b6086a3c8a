package dev.postern.gateway.admission;

import dev.postern.policy.Limit;
import dev.postern.token.AccessToken;
import dev.postern.token.AuthorizationDetail.Budget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Which meters a request has to pass: those of the limits of policy that apply to it, and those of the budgets that
/// its token carries.
final class Demands {
    private static final String PREFIX = "postern:adm:{";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,160}");

    private final InstantSource clock;
    private final Duration lease;

    /// @param lease longer than any request takes
    Demands(InstantSource clock, Duration lease) {
        this.clock = clock;
        this.lease = lease;
    }

    /// @param usesModel whether the request costs more than itself
    /// @param reserve what it may use, as estimated
    Demand of(String requestId, AccessToken token, List<Limit> limits, boolean usesModel, Used reserve) {
        String tenant = PREFIX + keyPart(token.tenant()) + "}:";
        List<Meter> meters = new ArrayList<>();
        for (Limit limit : limits) {
            add(meters, limit, tenant + keyPart(limit.bucket(token.clientId())) + ':', usesModel, reserve);
        }
        if (usesModel) {
            addBudgets(meters, token, tenant, reserve);
        }
        return new Demand(tenant + "request:" + requestId, requestId, lease, meters);
    }

    private static void add(List<Meter> meters, Limit limit, String key, boolean usesModel, Used reserve) {
        limit.requestsPerMinute()
                .ifPresent(rate -> meters.add(Meter.bucket(
                        LimitKind.REQUESTS,
                        name(limit, LimitKind.REQUESTS),
                        key(key, LimitKind.REQUESTS),
                        limit.burst().orElse(rate),
                        rate,
                        1)));
        if (!usesModel) {
            return;
        }
        limit.modelTokensPerMinute()
                .ifPresent(rate -> meters.add(Meter.bucket(
                        LimitKind.MODEL_TOKENS,
                        name(limit, LimitKind.MODEL_TOKENS),
                        key(key, LimitKind.MODEL_TOKENS),
                        rate,
                        rate,
                        reserve.modelTokens())));
        limit.concurrent()
                .ifPresent(most -> meters.add(
                        Meter.places(name(limit, LimitKind.CONCURRENCY), key(key, LimitKind.CONCURRENCY), most)));
        day(meters, limit, key, LimitKind.DAILY_REQUESTS, limit.requestsPerDay(), 1);
        day(meters, limit, key, LimitKind.DAILY_MODEL_TOKENS, limit.modelTokensPerDay(), reserve.modelTokens());
        day(meters, limit, key, LimitKind.DAILY_SPEND, limit.spendMicrosPerDay(), reserve.spendMicros());
    }

    private static void day(
            List<Meter> meters, Limit limit, String key, LimitKind kind, OptionalLong most, long amount) {
        most.ifPresent(value -> meters.add(Meter.day(kind, name(limit, kind), key(key, kind), value, amount)));
    }

    /// Several budgets of one token narrow each other, so the least of each counts.
    private void addBudgets(List<Meter> meters, AccessToken token, String tenant, Used reserve) {
        List<Budget> budgets = token.details().stream()
                .filter(Budget.class::isInstance)
                .map(Budget.class::cast)
                .toList();
        if (budgets.isEmpty()) {
            return;
        }
        String key = tenant + "token:" + keyPart(token.tokenId()) + ':';
        life(meters, token, key, LimitKind.TOKEN_REQUESTS, least(budgets, Budget::requests), 1);
        life(
                meters,
                token,
                key,
                LimitKind.TOKEN_MODEL_TOKENS,
                least(budgets, Budget::modelTokens),
                reserve.modelTokens());
        life(meters, token, key, LimitKind.TOKEN_SPEND, least(budgets, Budget::spendMicros), reserve.spendMicros());
    }

    private void life(
            List<Meter> meters, AccessToken token, String key, LimitKind kind, OptionalLong most, long amount) {
        // Clocks may differ by a minute; what is remembered for too long does no harm.
        long life = Math.max(0, token.expiresAt().toEpochMilli() - clock.millis())
                + lease.toMillis()
                + Duration.ofMinutes(1).toMillis();
        most.ifPresent(value -> meters.add(Meter.life(kind, kind.wireName(), key(key, kind), value, amount, life)));
    }

    private static OptionalLong least(List<Budget> budgets, Function<Budget, OptionalLong> amount) {
        return budgets.stream().map(amount).flatMapToLong(OptionalLong::stream).min();
    }

    private static String name(Limit limit, LimitKind kind) {
        return limit.id() + '/' + kind.wireName();
    }

    private static String key(String key, LimitKind kind) {
        return key + kind.wireName();
    }

    /// Names of other forms must not end the hash tag or meet another's key.
    private static String keyPart(String name) {
        return PLAIN.matcher(name).matches()
                ? name
                : '~' + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }
}
