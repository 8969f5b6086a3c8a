@org.jspecify.annotations.NullMarked
package dev.postern.cli.backup;
