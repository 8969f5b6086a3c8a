/// What the stand-in answers: models, completions, embeddings; what it saw; faults on demand.
@NullMarked
package dev.postern.simulator.model;

import org.jspecify.annotations.NullMarked;
