/// The life of a key, without time, disk or network: states, transitions, and the policy that decides what happens
/// when. Everything here is pure; who calls it brings the moment and what was heard from others.
@NullMarked
package dev.postern.rotation.lifecycle;

import org.jspecify.annotations.NullMarked;
