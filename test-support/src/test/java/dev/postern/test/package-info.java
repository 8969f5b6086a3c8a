/// Tests of what tests share.
@NullMarked
package dev.postern.test;

import org.jspecify.annotations.NullMarked;
