@NullMarked
package dev.postern.sts.exchange;

import org.jspecify.annotations.NullMarked;
