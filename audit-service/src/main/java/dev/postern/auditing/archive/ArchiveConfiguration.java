package dev.postern.auditing.archive;

import dev.postern.archive.CustodianRegister;
import dev.postern.audit.AuditTrail;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.chassis.bearer.AccessTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what opens captured bodies.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ArchiveProperties.class)
class ArchiveConfiguration {
    @Bean
    ArchiveAccess archiveAccess(Optional<AccessTokens> tokens, AuditTrail trail) {
        return new ArchiveAccess(tokens, event -> {
            var _ = trail.record(event);
        });
    }

    @Bean
    CapturedBodies capturedBodies(Sequencer sequencer, SealedLeaves leaves) {
        return new CapturedBodies(sequencer, leaves);
    }

    @Bean
    Openings openings(ArchiveProperties properties, AuditTrail trail, Clock clock, SecureRandom random) {
        return new Openings(
                Optional.ofNullable(properties.custodians()).map(ArchiveConfiguration::custodians),
                properties.patience(),
                trail::recordDurably,
                clock,
                random);
    }

    private static CustodianRegister custodians(Path file) {
        try {
            return CustodianRegister.parse(Files.readAllLines(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new ArchiveUnusable(
                    "The custodians in " + file + " (postern.audit.archive.custodians) cannot be read: "
                            + e.getMessage()
                            + ". Put there the line of each custodian that postern audit custodian keygen wrote.",
                    e);
        }
    }
}
