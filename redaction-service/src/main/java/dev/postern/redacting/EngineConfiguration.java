package dev.postern.redacting;

import dev.postern.chassis.keys.KeyOwner;
import dev.postern.chassis.keys.OwnedKeys;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedSets;
import dev.postern.redact.detection.Detection;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.EngineSettings;
import dev.postern.redacting.engine.PolicySource;
import dev.postern.redacting.engine.RedactionEngine;
import dev.postern.redacting.engine.TextEngine;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.PseudonymVault;
import dev.postern.redacting.pseudonym.SealedRoots;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.security.SecureRandom;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/// The engine, which knows nothing of Spring.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class EngineConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(EngineConfiguration.class);

    @Bean
    Detection detection(RedactionProperties properties) {
        Detection detection = Detection.standard(properties.detection());
        LOG.info(
                "redaction runs on the {}, names by {}",
                detection.scanner(),
                properties.detection().nameModel().isPresent() ? "a model of the operator's" : "the built-in tier");
        return detection;
    }

    @Bean
    ConversationVault conversationVault(
            RedactionProperties properties, KeyManagement kms, WrappedSets sets, SecureRandom random, Clock clock) {
        return new ConversationVault(properties.vaultSettings(), new SealedRoots(kms, sets), random, clock);
    }

    /// Lets the directory drive the vault's roots; the bean is what keeps them registered.
    @Bean
    @ConditionalOnProperty(name = "postern.tokens.follow-directory", matchIfMissing = true)
    OwnedKeys<String> pseudonymKeys(KeyOwner owner, ConversationVault vault) {
        return owner.share(new PseudonymKeySource(vault));
    }

    @Bean
    Wrapped wrappedRoots(ConversationVault vault) {
        return new Wrapped() {
            @Override
            public KeyName wrapping() {
                return SealedRoots.WRAPPING;
            }

            @Override
            public int renew() {
                return vault.renewRoots();
            }
        };
    }

    @Bean
    EngineSettings engineSettings(RedactionProperties properties) {
        return properties.engine();
    }

    @Bean
    AnswerPolicy answerPolicy(RedactionProperties properties) {
        return properties.answers().policy();
    }

    @Bean
    RedactionEngine redactionEngine(PseudonymVault vault, PolicySource policies, EngineSettings settings) {
        return new RedactionEngine(vault, policies, settings);
    }

    @Bean
    TextEngine textEngine(Detection detection, PseudonymVault vault, PolicySource policies) {
        return new TextEngine(detection.entities(), vault, policies);
    }

    @Bean
    MeterBinder vaultMetrics(ConversationVault vault) {
        return registry -> {
            Gauge.builder("postern.redaction.conversations", vault, ConversationVault::size)
                    .description("Conversations whose pseudonyms are in memory")
                    .register(registry);
            Gauge.builder("postern.redaction.values", vault, ConversationVault::values)
                    .description("Values that all conversations remember")
                    .register(registry);
        };
    }

    /// Raw values must not outlive their time only because nobody came by.
    @Bean
    VaultSweep vaultSweep(ConversationVault vault) {
        return new VaultSweep(vault);
    }

    record VaultSweep(ConversationVault vault) {
        @Scheduled(fixedDelay = 30_000)
        void sweep() {
            vault.sweep();
        }
    }
}
