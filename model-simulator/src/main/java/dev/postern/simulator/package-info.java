/// The program: an OpenAI-compatible stand-in for a model.
@NullMarked
package dev.postern.simulator;

import org.jspecify.annotations.NullMarked;
