package dev.postern.chassis.trust;

import dev.postern.token.KeyDirectory;
import dev.postern.trust.TrustFeed;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// What every service does with the feed, whichever it is: the health contributor `trustFeed`, and news for the key
/// directory.
@AutoConfiguration(after = TrustAutoConfiguration.class)
@ConditionalOnProperty(name = "postern.trust.enabled", matchIfMissing = true)
public class TrustUseAutoConfiguration {
    /// News of the keys makes the directory come sooner than its next poll.
    @Bean
    SmartInitializingSingleton keyStateNews(ObjectProvider<TrustFeed> feeds, ObjectProvider<KeyDirectory> directories) {
        return () -> feeds.ifAvailable(
                feed -> directories.ifAvailable(directory -> feed.onKeyStates(_ -> directory.refresh())));
    }

    @Bean
    HealthIndicator trustFeedHealthIndicator(ObjectProvider<TrustFeed> feeds) {
        return new FeedHealth(feeds.stream().toList());
    }
}
