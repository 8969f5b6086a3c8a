/// `postern connect`: an OpenAI-compatible address on this machine that seals for those who cannot.
@NullMarked
package dev.postern.cli.connect;

import org.jspecify.annotations.NullMarked;
