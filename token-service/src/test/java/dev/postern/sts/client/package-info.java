@NullMarked
package dev.postern.sts.client;

import org.jspecify.annotations.NullMarked;
