/// How every refusal is worded: OpenAI's error shape under /v1, RFC 9457 elsewhere.
@NullMarked
package dev.postern.gateway.problem;

import org.jspecify.annotations.NullMarked;
