package dev.postern.relay;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// Starts the relay. Spring wires it and serves its management port; clients never meet it.
@SpringBootApplication
@ConfigurationPropertiesScan
public class RelayApplication {
    /// Idle connections to the model server are let go before common servers close them (uvicorn: 5 s), so that
    /// a request seldom meets a connection that is just going away.
    private static final String KEEP_ALIVE_SECONDS = "4";

    public static void main(String[] arguments) {
        if (System.getProperty("jdk.httpclient.keepalive.timeout") == null) {
            System.setProperty("jdk.httpclient.keepalive.timeout", KEEP_ALIVE_SECONDS);
        }
        SpringApplication.run(RelayApplication.class, arguments);
    }
}
