package dev.postern.simulator.model;

import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.json.JsonMapper;

/// Counts answers by how they ended. Safe for use by many threads.
final class Traffic {
    final LongAdder started = new LongAdder();
    final LongAdder completed = new LongAdder();
    final LongAdder abandoned = new LongAdder();

    byte[] document(JsonMapper json) {
        return json.writeValueAsBytes(json.createObjectNode()
                .put("started", started.sum())
                .put("completed", completed.sum())
                .put("abandoned", abandoned.sum()));
    }
}
