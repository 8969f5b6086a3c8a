package dev.postern.relay.upstream;

import dev.postern.relay.problem.Failure;

/// Receives one attempt's answer; `unserved` may come last as well.
interface AttemptListener extends UpstreamListener {
    /// Nothing of an answer came for half of the time that was left. Whether another server takes the request over:
    /// after a yes, `unserved` must follow.
    boolean mayGoElsewhere();

    /// Nothing of an answer came, for a reason that is this server's own: another one may serve the request.
    void unserved(Failure failure);
}
