package dev.postern.redact.stream;

import dev.postern.redact.entity.Entity;

/// What stands in a text instead of a value. Asked once for each value that is left out.
@FunctionalInterface
public interface StandIn {
    String of(Entity entity);
}
