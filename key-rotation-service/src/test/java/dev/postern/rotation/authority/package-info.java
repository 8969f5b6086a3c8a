@NullMarked
package dev.postern.rotation.authority;

import org.jspecify.annotations.NullMarked;
