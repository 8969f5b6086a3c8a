@NullMarked
package dev.postern.rotation.directory;

import org.jspecify.annotations.NullMarked;
