/// The operations of OpenAI's API that pass here, and what their requests must look like.
@NullMarked
package dev.postern.gateway.api;

import org.jspecify.annotations.NullMarked;
