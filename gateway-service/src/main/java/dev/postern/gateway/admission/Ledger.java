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
    /// @param takenAtMillis of the verdict, 0 when there was none
    void settle(Demand demand, long takenAtMillis, Used used);
}
