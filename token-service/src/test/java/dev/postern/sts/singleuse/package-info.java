@NullMarked
package dev.postern.sts.singleuse;

import org.jspecify.annotations.NullMarked;
