package dev.postern.relay.redaction;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where redaction is and how long a step of it may take.
///
/// @param timeout for one prompt, and for one piece of an answer
/// @param longestPause between attempts to connect again
/// @param maxWaitingBytes of prompts, and of answers, that wait to be sent; what is over is refused as `overloaded`
@ConfigurationProperties("postern.relay.redaction")
public record RedactionProperties(
        @DefaultValue("localhost") String host,
        @DefaultValue("8645") int port,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("1s") Duration longestPause,
        @DefaultValue("33554432") long maxWaitingBytes,
        @DefaultValue Batch batch) {
    /// How batches are sized.
    ///
    /// @param least how many items a batch may always have
    /// @param most how many it may have at most; the same as `least` turns the control off
    /// @param target how long 99 of 100 batches may keep redaction busy before they are made smaller
    public record Batch(
            @DefaultValue("1") int least,
            @DefaultValue("64") int most,
            @DefaultValue("20ms") Duration target) {
        public Batch {
            if (least < 1 || most < least || most > 1024) {
                throw new IllegalArgumentException(
                        "postern.relay.redaction.batch.least must be at least 1, most at least that and at most 1024");
            }
            if (target.isNegative() || target.isZero()) {
                throw new IllegalArgumentException("postern.relay.redaction.batch.target must be positive");
            }
        }

        BatchControl control() {
            return new BatchControl(least, most, target);
        }
    }

    public RedactionProperties {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("postern.relay.redaction needs a host and a port");
        }
        if (maxWaitingBytes < 1) {
            throw new IllegalArgumentException("postern.relay.redaction.max-waiting-bytes must be positive");
        }
        if (timeout.isNegative() || timeout.isZero() || longestPause.isNegative() || longestPause.isZero()) {
            throw new IllegalArgumentException("postern.relay.redaction.timeout and longest-pause must be positive");
        }
    }
}
