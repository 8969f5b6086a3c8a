/// Rule packs: entities and rules as data, read whole or refused in one sentence.
@NullMarked
package dev.postern.redact.pack;

import org.jspecify.annotations.NullMarked;
