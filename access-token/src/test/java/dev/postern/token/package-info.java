@NullMarked
package dev.postern.token;

import org.jspecify.annotations.NullMarked;
