package dev.postern.cli.demo;

import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.bench.OpenLoop;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.token.TokenRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Replaces keys of three classes while a thousand requests a second are asked for, and chats and token requests beside
/// them: no request fails, and no token is refused until a second before its end, whichever key signed it. Fewer than a
/// hundred a second are no load.
///
/// The thousand are requests that the gateway authenticates and answers. Chats, which go through all services, come at
/// the pace of two callers: a thousand of those are more than two processors do.
final class RotationUnderLoadCheck implements DemoCheck {
    private static final List<String> CLASSES = List.of("token-signing", "relay-hpke", "pseudonym");
    private static final int PER_SECOND = 1000;
    private static final int CONNECTIONS = 32;
    /// So short that those of the old key come to their natural end within the check.
    private static final int TOKEN_SECONDS = 6;
    private static final Duration BEFORE = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /// A share of the pace below which this was no load: a busy machine is slow, and no reason to be red.
    private static final double LEAST = 0.1;
    /// A share of the pace at which the JVMs are warm enough to begin.
    private static final double KEPT = 0.9;

    /// What was seen.
    ///
    /// @param before while nothing was replaced
    /// @param during from the first replacement to the end of the last token of the old key
    /// @param failedElsewhere requests of the whole time that were not served, chats and tokens among them
    record Seen(OpenLoop.Answers before, OpenLoop.Answers during, OpenLoop.Answers all, int failedElsewhere) {
        void require() throws CheckFailed {
            CheckFailed.unless(all.rejected() == 0, all.rejected() + " requests with a live token were answered 401");
            int failed = all.failed() + failedElsewhere;
            CheckFailed.unless(failed == 0, failed + " requests failed while keys were replaced");
            for (OpenLoop.Answers part : List.of(before, during)) {
                CheckFailed.unless(
                        part.perSecond() >= PER_SECOND * LEAST,
                        "only " + part.perSecond() + " requests a second were answered: that is no load");
            }
        }
    }

    @Override
    public String id() {
        return "rotation-under-load";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String name = "demo-load-" + Long.toString(world.now().toEpochMilli(), Character.MAX_RADIX);
        ClientDocument document = ClientDocument.application(name, "demo").withTokensOf(TOKEN_SECONDS);
        TemporaryClient client = TemporaryClient.register(world.admin(), document, world.random());
        try (LiveTokens tokens = new LiveTokens(
                        world.tokens(), client.request(DemoWorld.SCOPE, TokenRequest.GATEWAY), world.clock());
                OpenLoop load = OpenLoop.ofKeyConfigs(
                        world.ports().endpoint(PlatformService.GATEWAY),
                        PemIdentity.trusting(world.home().caCertificate()),
                        tokens,
                        CONNECTIONS,
                        PER_SECOND);
                ChatLoad chats = ChatLoad.start(world, tokens)) {
            return replace(world, tokens, load, chats);
        } finally {
            client.remove();
        }
    }

    private static String replace(DemoWorld world, LiveTokens tokens, OpenLoop load, ChatLoad chats)
            throws CheckFailed, InterruptedException {
        KeyLedger ledger = new KeyLedger(world.operator(), world.ports().endpoint(PlatformService.ROTATION));
        var _ = world.await(WARM_UP, () -> load.last(Duration.ofSeconds(1)).perSecond() >= KEPT * PER_SECOND);
        load.catchUp();
        long began = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(BEFORE.toNanos());
        String signedBefore = tokens.newestKey();
        long called = System.nanoTime();
        List<String> replaced = new ArrayList<>();
        for (String keyClass : CLASSES) {
            replaced.add(replace(ledger, keyClass));
        }
        boolean ended = world.await(PATIENCE, () -> !tokens.usesKey(signedBefore));
        long over = System.nanoTime();
        load.stop();
        chats.stop();
        tokens.close();

        CheckFailed.unless(ended, "tokens are still signed with the old key");
        Seen seen = new Seen(
                load.between(began, called), load.between(called, over), load.all(), chats.failed() + tokens.failed());
        seen.require();
        // The drill after this one needs a spare of each.
        for (String keyClass : CLASSES) {
            CheckFailed.unless(
                    world.await(
                            PATIENCE, () -> !ledger.kids(keyClass, "PREPARED").isEmpty()),
                    "there is no new spare of " + keyClass);
        }
        return String.join(", ", replaced) + "; " + told("before", seen.before()) + ", " + told("during", seen.during())
                + "; of " + seen.all().latencies().count() + " requests, " + chats.served() + " chats and "
                + tokens.issued() + " tokens none failed, and no live token was refused";
    }

    private static String replace(KeyLedger ledger, String keyClass) throws CheckFailed, InterruptedException {
        Set<String> before = ledger.kids(keyClass, "ACTIVE");
        var _ = ledger.rotate(keyClass, Optional.empty());
        Set<String> after = ledger.kids(keyClass, "ACTIVE");
        CheckFailed.unless(
                !after.isEmpty() && after.stream().noneMatch(before::contains),
                keyClass + " still has its old key: " + after);
        return keyClass + " " + String.join(" ", before) + " -> " + String.join(" ", after);
    }

    private static String told(String when, OpenLoop.Answers answers) {
        return "%s %,d requests/s, p50 %.1f ms, p99 %.1f ms"
                .formatted(
                        when,
                        answers.perSecond(),
                        answers.latencies().percentile(0.50) / 1000.0,
                        answers.latencies().percentile(0.99) / 1000.0);
    }
}
