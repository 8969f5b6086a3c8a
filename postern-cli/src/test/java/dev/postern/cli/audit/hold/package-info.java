@NullMarked
package dev.postern.cli.audit.hold;

import org.jspecify.annotations.NullMarked;
