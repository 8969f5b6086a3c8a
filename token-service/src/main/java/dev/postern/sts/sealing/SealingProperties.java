package dev.postern.sts.sealing;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the registry is sealed.
///
/// @param keysetFile     holds the keys that wrap the registry's data keys; replicas of one database need the same keys
/// @param passphraseFile opens it
/// @param rotateAfter    age at which a data key is succeeded by a new one
@ConfigurationProperties("postern.sts.sealing")
public record SealingProperties(
        Path keysetFile,
        Path passphraseFile,
        @DefaultValue("90d") Duration rotateAfter) {

    public SealingProperties {
        if (rotateAfter.compareTo(Duration.ofHours(2)) < 0) {
            throw new IllegalArgumentException("postern.sts.sealing.rotate-after is at least two hours");
        }
    }
}
