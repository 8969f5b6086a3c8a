package dev.postern.redacting;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// Entry point.
@SpringBootApplication
@ConfigurationPropertiesScan
public class RedactionServiceApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(RedactionServiceApplication.class, arguments);
    }
}
