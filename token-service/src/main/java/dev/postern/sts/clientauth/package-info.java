/// How clients prove who they are at the token endpoint: a signed assertion, or their workload certificate.
@NullMarked
package dev.postern.sts.clientauth;

import org.jspecify.annotations.NullMarked;
