package dev.postern.auditing.query;

import dev.postern.audit.AuditTrail;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.witness.Cosignatures;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.peer.PeerIdentities;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what answers questions.
@Configuration(proxyBeanMethods = false)
class QueryConfiguration {

    @Bean
    ReadAccess readAccess(PeerIdentities peers, Optional<AccessTokens> tokens, AuditTrail trail) {
        return new ReadAccess(peers, tokens, event -> {
            var _ = trail.record(event);
        });
    }

    @Bean
    Investigations investigations(Sequencer sequencer, EventListing listing) {
        return new Investigations(sequencer, listing);
    }

    @Bean
    EventProofs eventProofs(Sequencer sequencer, SealedLeaves leaves, Cosignatures cosignatures) {
        return new EventProofs(sequencer, leaves, cosignatures);
    }

    @Bean
    EventListing eventListing(Sequencer sequencer, SealedLeaves leaves) {
        return new EventListing(sequencer, leaves);
    }
}
