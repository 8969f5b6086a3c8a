package dev.postern.auditing.witness;

import dev.postern.tlog.note.CosignatureVerifier;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which witnesses are asked.
///
/// @param witnesses         none: nobody is asked
/// @param witnessPause      between two questions to one witness
/// @param cosignatureBound  an older newest cosignature of a witness is an alarm
@ConfigurationProperties("postern.audit")
public record WitnessProperties(
        @DefaultValue List<Endpoint> witnesses,
        @DefaultValue("1s") Duration witnessPause,
        @DefaultValue("5m") Duration cosignatureBound) {

    private static final int MOST = 16;

    /// One witness.
    ///
    /// @param url   `add-checkpoint` lies below it; plain HTTP gives nothing away and lets nothing be forged
    /// @param vkey  its key for cosignatures, in C2SP text form
    public record Endpoint(URI url, String vkey) {
        public Endpoint {
            String scheme = url.getScheme();
            if (url.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
                throw new IllegalArgumentException("postern.audit.witnesses[].url is an address in HTTPS or HTTP");
            }
            if (CosignatureVerifier.parse(vkey).isEmpty()) {
                throw new IllegalArgumentException(
                        "postern.audit.witnesses[].vkey is a witness' verifier key: name+01234567+B…");
            }
        }

        CosignatureVerifier key() {
            return CosignatureVerifier.parse(vkey).orElseThrow();
        }
    }

    public WitnessProperties {
        witnesses = List.copyOf(witnesses);
        if (witnesses.size() > MOST
                || witnesses.stream().map(one -> one.key().name()).distinct().count() != witnesses.size()) {
            throw new IllegalArgumentException("postern.audit.witnesses are at most 16, each of another name");
        }
        if (witnessPause.isNegative() || witnessPause.isZero() || witnessPause.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("postern.audit.witness-pause is up to ten minutes");
        }
        if (cosignatureBound.compareTo(witnessPause.multipliedBy(4)) < 0) {
            throw new IllegalArgumentException(
                    "postern.audit.cosignature-bound is at least four times postern.audit.witness-pause");
        }
    }
}
