@NullMarked
package dev.postern.session;

import org.jspecify.annotations.NullMarked;
