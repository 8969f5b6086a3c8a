@NullMarked
package dev.postern.sts;

import org.jspecify.annotations.NullMarked;
