package dev.postern.relay.session;

import dev.postern.relay.journal.Effect;
import dev.postern.relay.journal.Result;
import dev.postern.relay.journal.ResultJournal;
import dev.postern.relay.journal.ResultJournal.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The journal's view of one request: its claim, and its answer as it passes. Confined to the session's event loop.
final class OnceOnly {
    private final ResultJournal journal;
    private final ByteBudget budget;
    private final Effect effect;
    private final Duration life;
    private final boolean streamed;
    private final List<byte[]> contents = new ArrayList<>();
    private long bytes;
    private boolean isFirst;
    private boolean tooLong;

    OnceOnly(ResultJournal journal, ByteBudget budget, Effect effect, Duration life, boolean streamed) {
        this.journal = journal;
        this.budget = budget;
        this.effect = effect;
        this.life = life;
        this.streamed = streamed;
    }

    CompletionStage<Claim> claim() {
        return journal.claim(effect, life);
    }

    /// The claim was the first: from now on its end is kept.
    void begun() {
        isFirst = true;
    }

    void passed(byte[] content) {
        if (!isFirst || tooLong) {
            return;
        }
        if (bytes + content.length > Result.MOST_BYTES || !budget.tryTake(content.length)) {
            tooLong = true;
            release();
            return;
        }
        bytes += content.length;
        contents.add(content);
    }

    /// The answer is whole. It is kept before the client can know, so that who asks again is answered.
    void whole() {
        if (isFirst && !tooLong) {
            journal.keep(effect, new Result(streamed, contents), life);
        }
        release();
    }

    /// It ended otherwise.
    ///
    /// @param hadEffect whether the model was asked
    void failed(boolean hadEffect) {
        if (isFirst && !hadEffect) {
            journal.forget(effect);
        }
        release();
    }

    private void release() {
        contents.clear();
        budget.give(bytes);
        bytes = 0;
    }
}
