package dev.postern.rotation.compromise;

import dev.postern.chassis.keys.Trigger;
import dev.postern.rotation.lifecycle.KeyClass;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Drills, triggers, and the second person.
///
/// @param drills whether operators may drill, and what is drilled by itself
/// @param triggers what is made of each sign of a stolen key
/// @param approvalPatience how long a call waits for its second person
@ConfigurationProperties("postern.rotation.compromise")
public record CompromiseProperties(
        @DefaultValue Drills drills,
        @DefaultValue Triggers triggers,
        @DefaultValue("15m") Duration approvalPatience) {
    public CompromiseProperties {
        if (!approvalPatience.isPositive()) {
            throw new IllegalArgumentException("postern.rotation.compromise.approval-patience is positive");
        }
    }

    /// Who drills, and how often.
    ///
    /// @param allowed whether an operator may drill at all
    /// @param interval between two drills of a class, whoever starts them
    /// @param every by class: how often it is drilled by itself; an hour at least
    public record Drills(
            @DefaultValue("false") boolean allowed,
            @DefaultValue("1m") Duration interval,
            @DefaultValue Map<String, Duration> every) {
        public Drills {
            every = Map.copyOf(every);
            if (interval.isNegative()) {
                throw new IllegalArgumentException("postern.rotation.compromise.drills.interval is not negative");
            }
            every.forEach((name, period) -> {
                KeyClass keyClass = KeyClass.of(name)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "postern.rotation.compromise.drills.every has no class of keys named " + name));
                if (!keyClass.listed() || period.compareTo(Duration.ofHours(1)) < 0) {
                    throw new IllegalArgumentException("postern.rotation.compromise.drills.every." + name
                            + " is an hour at least, and not for certificates");
                }
            });
        }
    }

    /// What each sign of a stolen key does.
    ///
    /// @param unexpectedUse a key that signed or sealed before it was active, or for a holder that is not its own
    /// @param retiredSignature something signed by a key after it retired
    /// @param aeadFailures many messages under one key that do not open
    public record Triggers(
            @DefaultValue("alert") Action unexpectedUse,
            @DefaultValue("alert") Action retiredSignature,
            @DefaultValue("alert") Action aeadFailures) {
        Action of(Trigger trigger) {
            return switch (trigger) {
                case UNEXPECTED_USE -> unexpectedUse;
                case RETIRED_SIGNATURE -> retiredSignature;
                case AEAD_FAILURES -> aeadFailures;
            };
        }
    }

    /// What a trigger does.
    public enum Action {
        /// It is on record and in the metrics, where an alert waits for it.
        ALERT,
        /// The key is compromised, with nobody asked.
        COMPROMISE;

        String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
