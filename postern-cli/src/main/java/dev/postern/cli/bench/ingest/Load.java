package dev.postern.cli.bench.ingest;

/// How each producer sends.
sealed interface Load {
    /// As it is called in reports.
    String label();

    /// Events fall due at a steady pace, whatever the answers do; what is due goes out in one request, as a sink does
    /// it. An event's time counts from when it was due.
    ///
    /// @param perSecond events of all producers together
    record Paced(int perSecond) implements Load {
        @Override
        public String label() {
            return "%,d/s".formatted(perSecond);
        }
    }

    /// The next request goes out when the last one is answered. An event's time counts from its sending.
    ///
    /// @param batch events in a request
    record Closed(int batch) implements Load {
        @Override
        public String label() {
            return batch == 1 ? "one by one" : "batches of " + batch;
        }
    }
}
