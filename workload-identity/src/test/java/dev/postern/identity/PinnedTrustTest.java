package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

final class PinnedTrustTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final URI REDACTION = DOMAIN.idOf("redaction-service");

    private final InMemoryAuthority authority = authority();

    @Test
    void trustsTheExpectedWorkload() throws IOException {
        assertThat(handshake(authority, REDACTION)).isEqualTo("TLSv1.3");
    }

    @Test
    void refusesAnotherWorkloadOfTheSameAuthority() {
        assertThatThrownBy(() -> handshake(authority, DOMAIN.idOf("audit-service")))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void refusesTheExpectedNameFromAnotherAuthority() {
        assertThatThrownBy(() -> handshake(authority(), REDACTION)).isInstanceOf(SSLException.class);
    }

    /// The protocol that a relay pinned to redaction-service agrees on with a server of the given name.
    private String handshake(InMemoryAuthority issuer, URI name) throws IOException {
        try (WorkloadIdentity relay = authority.identityOf(DOMAIN.idOf("inference-relay"));
                WorkloadIdentity server = issuer.identityOf(name);
                SSLServerSocket listening = (SSLServerSocket) server.sslContext()
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> acceptOne(listening));
            try (SSLSocket socket = (SSLSocket) relay.sslContext(REDACTION)
                    .getSocketFactory()
                    .createSocket("localhost", listening.getLocalPort())) {
                socket.startHandshake();
                return socket.getSession().getProtocol();
            }
        }
    }

    private static void acceptOne(SSLServerSocket listening) {
        try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            accepted.startHandshake();
        } catch (IOException _) {
            // The client's refusal is what the test looks at.
        }
    }

    private static InMemoryAuthority authority() {
        return InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    }
}
