/// Events in the words of the Open Cybersecurity Schema Framework, for systems that collect such.
@NullMarked
package dev.postern.audit.ocsf;

import org.jspecify.annotations.NullMarked;
