/// What tests share. Nothing here reaches a production class path.
@NullMarked
package dev.postern.test;

import org.jspecify.annotations.NullMarked;
