/// `postern admin …`: one class per noun. Results go to standard output as a table, or as JSON with `--json`.
@NullMarked
package dev.postern.cli.admin.command;

import org.jspecify.annotations.NullMarked;
