@NullMarked
package dev.postern.sts.trust;

import org.jspecify.annotations.NullMarked;
