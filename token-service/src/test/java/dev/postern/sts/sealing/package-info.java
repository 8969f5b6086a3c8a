@NullMarked
package dev.postern.sts.sealing;

import org.jspecify.annotations.NullMarked;
