package dev.postern.chassis.trust;

import dev.postern.trust.FeedRefused;
import dev.postern.trust.FollowerState;
import dev.postern.trust.TrustFollower;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// `postern.trust.*`: how well the feed is followed.
record FollowerMetrics(TrustFollower follower) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "postern.trust.current",
                "0 while every token is refused for want of the feed",
                state -> state.current() ? 1 : 0);
        Gauge.builder("postern.trust.silence", follower, live -> live.state().silenceMillis() / 1000.0)
                .description("Since the feed was last heard of; negative before the first time")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("postern.trust.lag", follower, live -> live.state().lagMillis() / 1000.0)
                .description("Between the issue of the last message and its arrival, by two clocks")
                .baseUnit("seconds")
                .register(registry);
        gauge(registry, "postern.trust.generation", "Generation of the feed", FollowerState::generation);
        gauge(registry, "postern.trust.seq", "Number of the last entry heard", FollowerState::seq);
        gauge(registry, "postern.trust.revocations", "Revocations remembered", FollowerState::revocations);
        counter(registry, "postern.trust.changes", "Changes heard", FollowerState::changes);
        counter(
                registry,
                "postern.trust.snapshots",
                "Snapshots read from the publisher itself",
                FollowerState::fromSnapshots);
        for (FeedRefused.Reason reason : FeedRefused.Reason.values()) {
            FunctionCounter.builder("postern.trust.refusals", follower, live ->
                            (double) live.state().refused(reason))
                    .description("Messages of the feed that were not taken")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(registry);
        }
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<FollowerState> value) {
        Gauge.builder(name, follower, live -> value.applyAsDouble(live.state()))
                .description(description)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<FollowerState> value) {
        FunctionCounter.builder(name, follower, live -> value.applyAsDouble(live.state()))
                .description(description)
                .register(registry);
    }
}
