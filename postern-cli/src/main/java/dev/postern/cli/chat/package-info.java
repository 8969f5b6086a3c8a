/// `postern session`: a conversation at a terminal, or line by line for a program, through a sealed session.
@NullMarked
package dev.postern.cli.chat;

import org.jspecify.annotations.NullMarked;
