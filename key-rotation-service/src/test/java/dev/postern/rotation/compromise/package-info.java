@NullMarked
package dev.postern.rotation.compromise;

import org.jspecify.annotations.NullMarked;
