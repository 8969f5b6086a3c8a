@NullMarked
package dev.postern.auditing.s3;

import org.jspecify.annotations.NullMarked;
