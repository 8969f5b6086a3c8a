/// The administration of the platform over HTTPS: who may call it, how its documents are read, and what each address
/// does.
///
/// Guarantee: nothing here answers without a sender-bound token of the administration's own audience and the scope the
/// address names; no change takes effect before it is on record; a change that needs a second person waits for one.
@NullMarked
package dev.postern.sts.admin;

import org.jspecify.annotations.NullMarked;
