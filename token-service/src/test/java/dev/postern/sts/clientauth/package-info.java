@NullMarked
package dev.postern.sts.clientauth;

import org.jspecify.annotations.NullMarked;
