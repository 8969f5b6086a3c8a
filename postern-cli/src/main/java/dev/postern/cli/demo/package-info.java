/// The main job, shown: each check does one thing on the running platform and says what it found.
@NullMarked
package dev.postern.cli.demo;

import org.jspecify.annotations.NullMarked;
