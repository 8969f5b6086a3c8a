/// How the OAuth end points say no: one closed set of codes, each refusal with the reason that goes on record.
@NullMarked
package dev.postern.sts.refusal;

import org.jspecify.annotations.NullMarked;
