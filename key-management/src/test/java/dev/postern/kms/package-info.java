@NullMarked
package dev.postern.kms;

import org.jspecify.annotations.NullMarked;
