@NullMarked
package dev.postern.sts.admin;

import org.jspecify.annotations.NullMarked;
