/// Changes that wait for a second person.
@NullMarked
package dev.postern.sts.approval;

import org.jspecify.annotations.NullMarked;
