package dev.postern.sts.sealing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the registry is sealed. The keys that wrap its data keys are key management's.
///
/// @param rotateAfter age at which a data key is succeeded by a new one
@ConfigurationProperties("postern.sts.sealing")
public record SealingProperties(@DefaultValue("90d") Duration rotateAfter) {

    public SealingProperties {
        if (rotateAfter.compareTo(Duration.ofHours(2)) < 0) {
            throw new IllegalArgumentException("postern.sts.sealing.rotate-after is at least two hours");
        }
    }
}
