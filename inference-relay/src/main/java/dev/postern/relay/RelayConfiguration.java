package dev.postern.relay;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.chassis.keys.KeyOwner;
import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.OwnedKeys;
import dev.postern.chassis.keys.TurningKeys;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.policy.PolicyInForce;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.redis.RedisLink;
import dev.postern.redis.SingleUse;
import dev.postern.relay.admission.AdmissionProperties;
import dev.postern.relay.admission.RelayKeys;
import dev.postern.relay.capture.BodyCaptures;
import dev.postern.relay.capture.CaptureProperties;
import dev.postern.relay.exchange.Exchanges;
import dev.postern.relay.journal.JournalProperties;
import dev.postern.relay.journal.RedisResultJournal;
import dev.postern.relay.journal.ResultJournal;
import dev.postern.relay.keys.AeadFailures;
import dev.postern.relay.keys.AeadFailuresProperties;
import dev.postern.relay.keys.HpkeKeys;
import dev.postern.relay.policy.RequestPolicy;
import dev.postern.relay.redaction.RedactionLink;
import dev.postern.relay.redaction.RedactionProperties;
import dev.postern.relay.replay.RedisReplayStore;
import dev.postern.relay.replay.ReplayStore;
import dev.postern.relay.server.RelayServer;
import dev.postern.relay.server.ServerProperties;
import dev.postern.relay.session.SessionListing;
import dev.postern.relay.session.SessionProperties;
import dev.postern.relay.session.Sessions;
import dev.postern.relay.upstream.ModelCatalogue;
import dev.postern.relay.upstream.UpstreamModel;
import dev.postern.relay.upstream.UpstreamProperties;
import dev.postern.session.ChallengeKey;
import dev.postern.session.RelayKeySet;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// How the relay's parts stand on each other, from the outside in.
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
    /// Octets of unshipped events from which on no body is captured: three quarters of the spool are for events.
    private static final long CAPTURES_END = 256L << 20;

    @Bean
    TrustDomain trustDomain(@Value("${postern.trust-domain}") String name) {
        return new TrustDomain(name);
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService relayScheduler() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("relay-housekeeping").factory());
    }

    @Bean
    Consumer<AuditEvent> auditLog(AuditTrail trail, MeterRegistry meters) {
        return event -> {
            var _ = trail.record(event).exceptionally(_ -> {
                // A full spool: the trail's own metrics say why, this one says what it costs.
                meters.counter("postern.audit.unrecorded").increment();
                return null;
            });
        };
    }

    /// In the place of the nonces that other services demand.
    @Bean(destroyMethod = "close")
    TurningKeys<ChallengeKey> challengeKeys(Clock clock, SecureRandom random) {
        return TurningKeys.challenges(() -> ChallengeKey.generate(random), ChallengeKey::erase, clock, random);
    }

    @Bean
    RelayKeys relayKeys(
            AdmissionProperties properties,
            WorkloadIdentity identity,
            TurningKeys<ChallengeKey> challengeKeys,
            ScheduledExecutorService scheduler,
            Clock clock,
            SecureRandom random) {
        return new RelayKeys(properties, identity, challengeKeys, scheduler, clock, random);
    }

    @Bean
    OwnedKeys<RelayKeySet> hpkeKeys(KeyOwner owner, RelayKeys keys, Sessions sessions) {
        return owner.own(new HpkeKeys(keys.ring(), sessions));
    }

    @Bean
    AeadFailures aeadFailures(
            RelayKeys keys, AeadFailuresProperties properties, KeyReports reports, Sessions sessions, Clock clock) {
        AeadFailures failures = new AeadFailures(keys.ring(), properties, reports, System::nanoTime, clock);
        sessions.onUnopened(failures);
        return failures;
    }

    @Bean
    RedactionLink redactionLink(
            RedactionProperties properties,
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            SecureRandom random,
            MeterRegistry meters) {
        return RedactionLink.open(
                properties,
                Door.REDACTION_STREAM.server(identity),
                identity,
                scheduler,
                random,
                meters,
                System::nanoTime);
    }

    @Bean
    UpstreamModel upstreamModel(UpstreamProperties properties, MeterRegistry meters) {
        // The HTTP client only hands over to event loops here: virtual threads cost it next to nothing.
        Executor executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("upstream-", 0).factory());
        return new UpstreamModel(properties, meters, executor, System::nanoTime);
    }

    @Bean
    ModelCatalogue modelCatalogue(UpstreamModel upstream, UpstreamProperties properties, Clock clock) {
        return new ModelCatalogue(upstream, properties, clock);
    }

    @Bean(destroyMethod = "close")
    BodyCaptures bodyCaptures(
            CaptureProperties properties, AuditTrail trail, MeterRegistry meters, SecureRandom random) {
        return BodyCaptures.of(
                properties, trail::record, () -> trail.state().pendingBytes() < CAPTURES_END, meters, random);
    }

    @Bean
    Exchanges exchanges(
            RedactionLink redaction,
            RedactionProperties redactionProperties,
            UpstreamModel upstream,
            ModelCatalogue catalogue,
            SessionProperties sessions,
            MeterRegistry meters,
            Consumer<AuditEvent> audit,
            BodyCaptures captures,
            Clock clock) {
        return new Exchanges(
                redaction,
                redactionProperties.timeout(),
                upstream,
                catalogue,
                meters,
                audit,
                clock,
                System::nanoTime,
                sessions.maxRequests(),
                sessions.maxWaiting(),
                captures);
    }

    @Bean
    PolicyInForce policyInForce(TrustFeed feed) {
        PolicyInForce policy = PolicyInForce.onAThreadOfItsOwn();
        feed.onPolicy(published -> policy.publish(published.epoch(), published.policySetJson()));
        return policy;
    }

    @Bean
    RequestPolicy requestPolicy(PolicyInForce policy, Behaviours behaviours, Clock clock) {
        return new RequestPolicy(
                policy, token -> behaviours.scores(token.tenant(), token.clientId(), clock.millis()), clock);
    }

    @Bean
    ReplayStore replayStore(RedisLink redis, SecureRandom random, Clock clock) {
        return new RedisReplayStore(redis, random, clock);
    }

    @Bean
    ResultJournal resultJournal(
            RedisLink redis, SecureRandom random, JournalProperties properties, MeterRegistry meters) {
        return new RedisResultJournal(redis, random, properties, meters, System::nanoTime);
    }

    @Bean
    Sessions sessions(
            SessionProperties properties,
            AdmissionProperties admission,
            Exchanges exchanges,
            TrustFeed trust,
            PolicyInForce policy,
            RequestPolicy requestPolicy,
            ReplayStore replays,
            ResultJournal journal,
            MeterRegistry meters,
            Consumer<AuditEvent> audit,
            Clock clock) {
        Sessions sessions = new Sessions(
                properties,
                admission.maxSessions(),
                exchanges,
                trust,
                requestPolicy,
                replays,
                journal,
                meters,
                audit,
                clock,
                System::nanoTime);
        policy.onChange(sessions::policyChanged);
        return sessions;
    }

    @Bean
    SessionListing sessionListing(Sessions sessions, RedisLink redis, ScheduledExecutorService scheduler) {
        return SessionListing.start(sessions, redis, scheduler);
    }

    @Bean
    RelayServer relayServer(
            ServerProperties properties,
            TrustDomain domain,
            WorkloadIdentity identity,
            RelayKeys keys,
            SingleUse store,
            AccessTokenVerifier tokens,
            AeadFailures aeadFailures,
            Sessions sessions) {
        return new RelayServer(
                properties,
                Door.SEALED_SESSIONS.ids(domain),
                identity,
                keys::keyConfig,
                keys.admission(store, tokens, System::nanoTime, aeadFailures),
                sessions);
    }

    @Bean
    RelayLifecycle relayLifecycle(RelayServer server) {
        return new RelayLifecycle(server);
    }

    @Bean
    HealthIndicator relayHealthIndicator(
            RelayServer server, RedactionLink redaction, RedisLink redis, UpstreamModel upstream) {
        return new RelayHealth(server, redaction, redis, upstream);
    }
}
