/// Backups that the platform can make and cannot read: sealed to the security team's public key.
@NullMarked
package dev.postern.cli.backup;

import org.jspecify.annotations.NullMarked;
