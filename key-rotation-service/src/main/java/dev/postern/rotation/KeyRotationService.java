package dev.postern.rotation;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Starts the service.
@SpringBootApplication(proxyBeanMethods = false)
public class KeyRotationService {
    public static void main(String[] arguments) {
        SpringApplication.run(KeyRotationService.class, arguments);
    }
}
