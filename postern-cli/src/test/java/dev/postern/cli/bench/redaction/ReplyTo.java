package dev.postern.cli.bench.redaction;

import dev.postern.redaction.v1.RedactedPrompt;
import dev.postern.redaction.v1.Refused;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.RestoredAnswer;

/// Replies as the redaction service gives them.
final class ReplyTo {
    private ReplyTo() {}

    static Reply prompt(long exchange) {
        return of(exchange).setPrompt(RedactedPrompt.getDefaultInstance()).build();
    }

    static Reply answer(long exchange) {
        return of(exchange).setAnswer(RestoredAnswer.getDefaultInstance()).build();
    }

    static Reply refused(long exchange) {
        return of(exchange)
                .setRefused(Refused.newBuilder().setCode("malformed"))
                .build();
    }

    private static Reply.Builder of(long exchange) {
        return Reply.newBuilder().setExchange(exchange);
    }
}
