/// How a request fails, as the client sees it. The only place that builds error answers.
@NullMarked
package dev.postern.relay.problem;

import org.jspecify.annotations.NullMarked;
