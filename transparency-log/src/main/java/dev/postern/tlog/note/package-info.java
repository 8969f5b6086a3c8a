/// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint).
@NullMarked
package dev.postern.tlog.note;

import org.jspecify.annotations.NullMarked;
