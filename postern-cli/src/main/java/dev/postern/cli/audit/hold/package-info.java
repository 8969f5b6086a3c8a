/// Legal holds, as the operator places and releases them.
@NullMarked
package dev.postern.cli.audit.hold;

import org.jspecify.annotations.NullMarked;
