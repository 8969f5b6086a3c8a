/// Which of several processes decides about keys.
@NullMarked
package dev.postern.rotation.leadership;

import org.jspecify.annotations.NullMarked;
