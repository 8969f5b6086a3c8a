@NullMarked
package dev.postern.sts.revocation;

import org.jspecify.annotations.NullMarked;
