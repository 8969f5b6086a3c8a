/// Sealed sessions (SSP1) for applications: from a model's prompt to its answer, nothing between this process and the
/// relay can read or alter what is said. Start at [dev.postern.client.PosternClient].
@NullMarked
package dev.postern.client;

import org.jspecify.annotations.NullMarked;
