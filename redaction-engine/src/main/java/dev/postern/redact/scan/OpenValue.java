package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import java.util.List;

/// A value that has begun and goes on until something closes it.
///
/// @param start where it begins
/// @param body where what closes it is looked for
/// @param closing what closes it: these, one after the other
public record OpenValue(int start, int body, Entity entity, List<String> closing) {}
