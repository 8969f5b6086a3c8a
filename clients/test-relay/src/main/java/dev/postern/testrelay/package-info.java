/// The far end of a sealed session, for the tests of clients: real TLS, the real handshake, and answers that the test
/// decides on.
@NullMarked
package dev.postern.testrelay;

import org.jspecify.annotations.NullMarked;
