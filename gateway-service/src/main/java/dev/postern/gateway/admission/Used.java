package dev.postern.gateway.admission;

/// What a request is charged for.
///
/// @param modelTokens in and out together
record Used(long modelTokens, long spendMicros) {
    static final Used NOTHING = new Used(0, 0);

    /// What is charged to a meter.
    long of(Meter meter) {
        return switch (meter.kind().unit()) {
            case MODEL_TOKENS -> modelTokens;
            case SPEND_MICROS -> spendMicros;
            // A request was made, whatever became of it.
            case REQUESTS, CONCURRENT_REQUESTS -> meter.amount();
        };
    }
}
