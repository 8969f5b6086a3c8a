@NullMarked
package dev.postern.sts.issuance;

import org.jspecify.annotations.NullMarked;
