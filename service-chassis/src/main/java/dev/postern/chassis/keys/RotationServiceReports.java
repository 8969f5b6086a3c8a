package dev.postern.chassis.keys;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /v1/keys/{class}/{kid}/suspicions` over mTLS.
record RotationServiceReports(RotationService rotation) implements KeyReports.Recipient {
    private static final Logger LOG = LoggerFactory.getLogger(RotationServiceReports.class);

    @Override
    public Answer report(Suspicion suspicion, int count, Instant made) throws InterruptedException {
        int status;
        try {
            status = rotation.send(
                    "POST",
                    "/v1/keys/" + suspicion.keyClass() + "/" + suspicion.keyId() + "/suspicions",
                    Map.of(
                            "trigger", suspicion.trigger().code(),
                            "count", count,
                            "made_at", made.getEpochSecond()));
        } catch (IOException _) {
            return Answer.AWAY;
        }
        Answer answer = Answer.of(status);
        if (answer == Answer.REFUSED) {
            LOG.error(
                    "the report on key {} of {} was refused with {}", suspicion.keyId(), suspicion.keyClass(), status);
        }
        return answer;
    }

    @Override
    public void close() {
        rotation.close();
    }
}
