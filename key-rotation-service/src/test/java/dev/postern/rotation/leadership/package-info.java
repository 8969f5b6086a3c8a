@NullMarked
package dev.postern.rotation.leadership;

import org.jspecify.annotations.NullMarked;
