package dev.postern.gateway.admission;

import java.util.concurrent.CompletionStage;

/// Where it is counted what was taken. Safe for any thread; never blocks its callers.
interface Ledger {
    /// Takes everything that the request demands, or nothing. Exact under concurrency.
    ///
    /// @return fails with [LedgerAway] only: then it is not known whether anything was taken
    CompletionStage<Verdict> take(Demand demand);

    /// Replaces what was reserved by what was used, and frees the request's places. Once per request: again, or
    /// after the lease, it changes nothing. When it cannot be done, the reservation stays charged and places come
    /// back with the lease. Never fails.
    ///
    /// Nobody needs to have heard of a verdict: whatever was taken for the demand is what is settled.
    void settle(Demand demand, Used used);
}
