@NullMarked
package dev.postern.redact.policy;

import org.jspecify.annotations.NullMarked;
