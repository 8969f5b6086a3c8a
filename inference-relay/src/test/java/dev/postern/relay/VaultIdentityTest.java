package dev.postern.relay;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.relay.server.RelayServer;
import dev.postern.test.VaultIdentityContract;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

final class VaultIdentityTest extends VaultIdentityContract {
    VaultIdentityTest() {
        super("inference-relay");
    }

    @Override
    protected Running start(String[] settings) {
        return new RunningService(new SpringApplicationBuilder(RelayApplication.class).run(settings));
    }

    private record RunningService(ConfigurableApplicationContext context) implements Running {
        private WorkloadIdentity identity() {
            return context.getBean(WorkloadIdentity.class);
        }

        @Override
        public int port() {
            return context.getBean(RelayServer.class).port();
        }

        @Override
        public TrustManager trust() {
            return identity().trustManager();
        }

        @Override
        public X509Certificate renewed() throws Exception {
            return identity().renewNow().get(20, TimeUnit.SECONDS).leaf();
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
