/// Directions between modules and packages, checked on the compiled classes of every module.
@NullMarked
package dev.postern.system.architecture;

import org.jspecify.annotations.NullMarked;
