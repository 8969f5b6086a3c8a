package dev.postern.cli.demo;

import dev.postern.cli.audit.AuditVerification;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.terminal.Progress;
import dev.postern.cli.token.TokenClaims;
import dev.postern.cli.token.TokenRequest;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Kills the audit-service while tokens are issued, and starts it again. Tokens must go on being issued meanwhile; in
/// the end the log must be sound, the issue of every token in it exactly once, and what was listed before at its old
/// place.
final class AuditCrashCheck implements DemoCheck {
    private static final String TYPE = "dev.postern.token.issued";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BEFORE = 100;
    private static final int CALLERS = 4;
    private static final long PAUSE_MILLIS = 10;

    @Override
    public String id() {
        return "audit-crash-safe";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        AuditReader audit = new AuditReader(world);
        Platform platform = new Platform(
                world.settings(),
                world.random(),
                world.clock(),
                new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)));
        Instant began = world.now();
        try (Issuing load = new Issuing(world)) {
            CheckFailed.unless(
                    world.await(PATIENCE, () -> load.issued().size() >= BEFORE), "hardly any token was issued");
            Map<String, String> before = places(audit.since(TYPE, began));
            platform.process(PlatformService.AUDIT.artifact()).kill();
            int until = load.issued().size();
            platform.start(PlatformService.AUDIT);
            int during = load.issued().size() - until;
            CheckFailed.unless(during > 0, "no token was issued while the audit-service was away");
            load.stop();
            CheckFailed.unless(
                    load.failed() == 0, load.failed() + " tokens were refused while the audit-service was away");

            Set<String> issued = load.issued();
            CheckFailed.unless(
                    world.await(PATIENCE, () -> ids(audit.since(TYPE, began)).containsAll(issued)),
                    "the issue of some tokens is not in the log");
            List<AuditReader.Event> logged = audit.since(TYPE, began);
            for (String token : issued) {
                long times = ids(logged).stream().filter(token::equals).count();
                CheckFailed.unless(times == 1, "the issue of a token is in the log " + times + " times");
            }
            Map<String, String> after = places(logged);
            CheckFailed.unless(
                    before.entrySet().stream().allMatch(one -> one.getValue().equals(after.get(one.getKey()))),
                    "an event that was acknowledged has another place");
            for (AuditVerification.Shard shard :
                    new AuditVerification(world.home().auditLog()).run()) {
                CheckFailed.unless(shard.report().sound(), "the log " + shard.origin() + " is not sound");
            }
            return "killed under load and started again: " + issued.size() + " tokens, " + during
                    + " of them issued meanwhile, are each in the log once; it verifies, and no event moved";
        }
    }

    private static List<String> ids(List<AuditReader.Event> events) {
        return events.stream()
                .map(event -> event.data().path("token_id").asString(""))
                .toList();
    }

    private static Map<String, String> places(List<AuditReader.Event> events) {
        Map<String, String> places = new HashMap<>();
        events.forEach(event -> places.put(event.id(), event.place()));
        return places;
    }

    /// Gets tokens until it is stopped. An answer means that the issue is on the token-service's disk.
    private static final class Issuing implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Set<String> issued = ConcurrentHashMap.newKeySet();
        private final AtomicInteger failed = new AtomicInteger();
        private final List<Thread> callers = new ArrayList<>();

        Issuing(DemoWorld world) {
            TokenRequest request = TokenRequest.of(world.demo(), DemoWorld.SCOPE, TokenRequest.GATEWAY);
            for (int i = 0; i < CALLERS; i++) {
                callers.add(Thread.ofVirtual().start(() -> call(world, request)));
            }
        }

        private void call(DemoWorld world, TokenRequest request) {
            while (!over.get()) {
                try {
                    issued.add(TokenClaims.id(world.tokens().fetch(request)));
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                } catch (InterruptedException _) {
                    return;
                } catch (RuntimeException _) {
                    failed.incrementAndGet();
                }
            }
        }

        Set<String> issued() {
            return Set.copyOf(issued);
        }

        int failed() {
            return failed.get();
        }

        void stop() throws InterruptedException {
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
