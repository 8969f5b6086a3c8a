@NullMarked
package dev.postern.rotation.lifecycle;

import org.jspecify.annotations.NullMarked;
