package dev.postern.relay.session;

import dev.postern.relay.exchange.ActiveRequest;
import dev.postern.relay.problem.FailureCode;

/// A request whose answer is its own body. It leaves when the client takes data, like any other answer, and until then
/// counts among what the process holds.
final class Echo implements ActiveRequest {
    /// One frame's content: an echo waits for nothing but the client, so it must be cheap to keep for as long as the
    /// session.
    static final int MOST_BYTES = 16_383;

    private final StreamAnswer answer;
    private final SessionAccounts accounts;

    Echo(StreamAnswer answer, SessionAccounts accounts) {
        this.answer = answer;
        this.accounts = accounts;
    }

    @Override
    public void resume() {
        accounts.echoed();
        answer.document(answer.context().request().body());
        answer.end();
    }

    @Override
    public boolean reachedModel() {
        return false;
    }

    @Override
    public void cancel(FailureCode why) {
        // Nothing runs.
    }
}
