@NullMarked
package dev.postern.kms.envelope;

import org.jspecify.annotations.NullMarked;
