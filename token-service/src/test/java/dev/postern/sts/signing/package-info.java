@NullMarked
package dev.postern.sts.signing;

import org.jspecify.annotations.NullMarked;
