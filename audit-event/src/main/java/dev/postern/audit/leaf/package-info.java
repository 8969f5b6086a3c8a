/// The form of a sealed leaf, for whoever seals one and whoever checks one that was disclosed.
@NullMarked
package dev.postern.audit.leaf;

import org.jspecify.annotations.NullMarked;
