@NullMarked
package dev.postern.redacting.policy;

import org.jspecify.annotations.NullMarked;
