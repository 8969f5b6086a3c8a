/// JSON documents of requests, read strictly and with everything that is wrong with them.
@NullMarked
package dev.postern.sts.document;

import org.jspecify.annotations.NullMarked;
