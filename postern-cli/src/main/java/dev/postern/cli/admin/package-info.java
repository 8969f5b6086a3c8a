/// Speaks to the token-service's admin API, as someone of the security team.
@NullMarked
package dev.postern.cli.admin;

import org.jspecify.annotations.NullMarked;
