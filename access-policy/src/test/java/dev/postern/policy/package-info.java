@NullMarked
package dev.postern.policy;

import org.jspecify.annotations.NullMarked;
