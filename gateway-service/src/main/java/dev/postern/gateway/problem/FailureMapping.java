package dev.postern.gateway.problem;

import io.netty.channel.ChannelException;
import java.io.IOException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.web.ErrorResponse;
import reactor.netty.channel.AbortedException;

/// Which failure a throwable stands for. What nobody foresaw is ours.
final class FailureMapping {
    private FailureMapping() {}

    static Failure of(Throwable thrown) {
        return switch (thrown) {
            case Refused refused -> refused.failure();
            case DataBufferLimitException _ -> Failure.TOO_LARGE;
            // The request did not arrive whole: its connection broke or was cut off for being slow.
            case ChannelException _ -> Failure.TOO_SLOW;
            case AbortedException _ -> Failure.TOO_SLOW;
            case IOException _ -> Failure.TOO_SLOW;
            case ErrorResponse response -> ofStatus(response.getStatusCode().value());
            default -> Failure.INTERNAL;
        };
    }

    private static Failure ofStatus(int status) {
        return switch (status) {
            case 404 -> Failure.NOT_FOUND;
            case 405 -> Failure.METHOD_NOT_ALLOWED;
            case 413 -> Failure.TOO_LARGE;
            case 415 -> Failure.UNSUPPORTED_MEDIA_TYPE;
            default -> status < 500 ? Failure.MALFORMED : Failure.INTERNAL;
        };
    }
}
