package dev.postern.redacting.wire;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The gRPC server.
///
/// @param exchangesPerStream open exchanges of one stream; the next is refused as `overloaded`
/// @param exchangeIdle after which an exchange that nobody goes on with is forgotten
/// @param largestMessage of one batch
/// @param connectionAge well below a certificate's life, so that no connection outlives its peer's identity
@ConfigurationProperties("postern.redaction.wire")
public record WireProperties(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8645") int port,
        @DefaultValue("1024") int exchangesPerStream,
        @DefaultValue("10m") Duration exchangeIdle,
        @DefaultValue("16MB") DataSize largestMessage,
        @DefaultValue("8h") Duration connectionAge) {

    public WireProperties {
        if (port < 0 || port > 65_535 || exchangesPerStream < 1) {
            throw new IllegalArgumentException("postern.redaction.wire needs a port and exchanges-per-stream above 0");
        }
        if (exchangeIdle.isNegative() || exchangeIdle.isZero() || connectionAge.compareTo(Duration.ofHours(12)) > 0) {
            throw new IllegalArgumentException(
                    "postern.redaction.wire needs an exchange-idle above 0 and a connection-age of at most 12h");
        }
    }
}
