package dev.postern.gateway.relay;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How the gateway uses the relays.
///
/// @param endpoints where relays are: each its own address, since a key is known to one replica only
/// @param tokenService where relay tokens come from
/// @param sessions how many sessions at most; each carries as many requests at once as the relay allows, usually 256
/// @param streamsBeforeNext how many requests share one session before another is opened
/// @param sessionWait how long a request waits for a session
/// @param deadline how long a request may take from its sending to the last byte of its answer; half a session's life
///     is what every request certainly has
/// @param answerLimit the longest answer that is not streamed
/// @param eventLimit the longest event of a streamed answer
/// @param streamBuffer how far a streamed answer may be ahead of its reader
@ConfigurationProperties("postern.gateway.relay")
public record RelayProperties(
        List<URI> endpoints,
        URI tokenService,
        @DefaultValue("8") int sessions,
        @DefaultValue("64") int streamsBeforeNext,
        @DefaultValue("5s") Duration sessionWait,
        @DefaultValue("120s") Duration deadline,
        @DefaultValue("16MB") DataSize answerLimit,
        @DefaultValue("1MB") DataSize eventLimit,
        @DefaultValue("1MB") DataSize streamBuffer) {
    public RelayProperties {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty() || endpoints.size() > 64) {
            throw new IllegalArgumentException("postern.gateway.relay.endpoints must name 1 to 64 relays");
        }
        if (sessions < 1 || sessions > 64) {
            throw new IllegalArgumentException("postern.gateway.relay.sessions must be 1 to 64");
        }
        if (streamsBeforeNext < 1) {
            throw new IllegalArgumentException("postern.gateway.relay.streams-before-next must be at least 1");
        }
        if (!sessionWait.isPositive() || !deadline.isPositive()) {
            throw new IllegalArgumentException("postern.gateway.relay.session-wait and deadline must be positive");
        }
        requireSize("answer-limit", answerLimit);
        requireSize("event-limit", eventLimit);
        requireSize("stream-buffer", streamBuffer);
    }

    private static void requireSize(String name, DataSize size) {
        if (size.toBytes() < 1024 || size.toBytes() > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("postern.gateway.relay." + name + " must be 1KB to 1GB");
        }
    }

    RelayStream.Limits limits(AnswerShape shape) {
        DataSize message = switch (shape) {
            case DOCUMENT -> answerLimit;
            case EVENTS -> eventLimit;
        };
        return new RelayStream.Limits((int) message.toBytes(), streamBuffer.toBytes());
    }
}
