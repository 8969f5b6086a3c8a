package dev.postern.sts;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;

/// Boot's own set-up of the Authorization Server is left out: it would make an RSA key, and enable OpenID Connect and
/// a login form.
@SpringBootApplication(
        exclude = {
            UserDetailsServiceAutoConfiguration.class,
            OAuth2AuthorizationServerAutoConfiguration.class,
            OAuth2AuthorizationServerJwtAutoConfiguration.class
        })
@EnableConfigurationProperties(TokenServiceProperties.class)
public class TokenServiceApplication {

    static void main(String[] arguments) {
        SpringApplication.run(TokenServiceApplication.class, arguments);
    }
}
