/// What is being served right now, and the ways it ends before its time: revoked, expired, denied, contained.
@NullMarked
package dev.postern.gateway.live;

import org.jspecify.annotations.NullMarked;
